package tests.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.server.TlsCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.gateway.TestGateway;
import tests.support.OwnCertificate;

class TlsCertificateTest {
    @TempDir
    Path temp;

    private OwnCertificate own;
    private Path chain;
    private Path key;

    @BeforeEach
    void make() throws Exception {
        own = OwnCertificate.in(temp);
        chain = own.chain();
        key = own.key();
    }

    @Test
    void aCallOverTlsIsAnsweredAndItsProvidersAreHttps() throws Exception {
        var token = Secret.random();
        var config = GatewayConfig.local(List.of(TestGateway.demo()), Authenticator.bearer(token))
                .withPublicEndpoint(PublicEndpoint.plain().over(TlsCertificate.read(chain, key)));
        try (var gateway = EmbeddedGateway.start(config);
                var client = HttpClient.newBuilder().sslContext(own.trusting()).build()) {
            var base = "https://localhost:" + gateway.baseUrl().getPort();
            var request = HttpRequest.newBuilder(
                            URI.create(base + "/redpanda.api.adp.v1alpha1.LLMProviderService/GetLLMProvider"))
                    .header("Authorization", "Bearer " + token.reveal())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"demo\"}"));
            var answer = client.send(request.build(), BodyHandlers.ofString());

            assertEquals("https", gateway.baseUrl().getScheme());
            assertEquals(200, answer.statusCode());
            assertEquals(
                    base + "/llm/v1/providers/demo",
                    TestGateway.json(answer.body())
                            .path("llmProvider")
                            .path("url")
                            .asText());

            var said = client.send(
                    HttpRequest.newBuilder(URI.create(base + "/llm/v1/providers/demo/v1/messages"))
                            .header("x-api-key", token.reveal())
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"model\": \"m\", \"max_tokens\": 9, \"stream\": true, "
                                            + "\"messages\": [{\"role\": \"user\", \"content\": \"Say hello\"}]}"))
                            .build(),
                    BodyHandlers.ofString());
            assertTrue(said.body().contains("message_stop"), said.body());
        }
    }

    @Test
    void anUnusableCertificateIsRejectedWithARemedy() throws IOException {
        var error = assertThrows(
                UserError.class, () -> TlsCertificate.read(chain, Files.writeString(temp.resolve("key"), "no key")));

        assertTrue(error.line().contains("openssl pkcs8"), error.line());
        assertThrows(UserError.class, () -> TlsCertificate.read(temp.resolve("missing"), key));
        assertThrows(UserError.class, () -> TlsCertificate.read(key, chain));
    }
}
