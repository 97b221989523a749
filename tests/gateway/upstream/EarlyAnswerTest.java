package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.server.TlsCertificate;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.TestGateway;
import tests.support.OwnCertificate;

/// Upstreams that answer before they have read the request, and read no further.
class EarlyAnswerTest {
    private static final String SAID = "{\"said\":\"early\"}";

    private static OwnCertificate own;

    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "413, true, 64, 300000",
        "401, true, 64, 300000",
        "429, true, 64, 300000",
        "200, true, 64, 300000",
        "413, false, 64, 300000",
        "413, true, 8, 8000000",
        "413, false, 8, 8000000"
    })
    void everyClientGetsItAndNoConnectionIsUsedAgain(int status, boolean secure, int clients, int size)
            throws Exception {
        try (var upstream = early(status, secure);
                var gateway = TestGateway.with(EarlyAnswerTest::trusting, passing(upstream))) {
            var request = request(size);

            var answers = all(Collections.nCopies(clients, () -> asked(gateway, request)));

            assertEquals(Collections.nCopies(clients, status + " " + SAID), answers);
            assertEquals(clients, upstream.connections.get());
        }
    }

    /// Otherwise the next request would be taken for the rest of the body.
    @Test
    void theClientsOwnConnectionIsGoodForItsNextRequest() throws Exception {
        try (var upstream = early(413, false);
                var gateway = TestGateway.with(EarlyAnswerTest::trusting, passing(upstream));
                var socket = new Socket(gateway.url().getHost(), gateway.url().getPort())) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(request(1_000_000));

                assertEquals("413 " + SAID, answer(socket));
            }
        }
    }

    @Test
    void aClientOfHttp2GetsItToo() throws Exception {
        var token = Secret.random();
        try (var upstream = early(429, true);
                var gateway = EmbeddedGateway.start(trusting(
                                GatewayConfig.local(List.of(passing(upstream)), Authenticator.bearer(token)))
                        .withPublicEndpoint(PublicEndpoint.plain().over(TlsCertificate.read(own.chain(), own.key()))));
                var client = HttpClient.newBuilder().sslContext(own.trusting()).build()) {
            for (int i = 0; i < 3; i++) {
                var request = HttpRequest.newBuilder(URI.create("https://localhost:"
                                + gateway.baseUrl().getPort() + "/llm/v1/providers/early/v1/messages"))
                        .header("X-Redpanda-Cloud-Token", token.reveal())
                        .header("x-api-key", "own")
                        .POST(BodyPublishers.ofByteArray(new byte[1_000_000]));

                var answer = client.send(request.build(), BodyHandlers.ofString());

                assertEquals(HttpClient.Version.HTTP_2, answer.version());
                assertEquals("429 " + SAID, answer.statusCode() + " " + answer.body());
            }
        }
    }

    private RawUpstream early(int status, boolean secure) throws Exception {
        return new RawUpstream(secure ? Optional.of(own) : Optional.empty(), socket -> {
            RawUpstream.head(socket.getInputStream());
            RawUpstream.answer(socket, status, "Connection: close\r\n", SAID);
            // Closing it now would cause a reset, and the upstream's system would lose the data it has not sent
            // yet.
            over.await();
        });
    }

    @AfterEach
    void endUpstreams() {
        over.countDown();
    }

    private static GatewayConfig trusting(GatewayConfig config) {
        return TestGateway.trusting(config, own, Duration.ofMinutes(4));
    }

    /// One whose refusals are the caller's to see.
    private static HostedProvider passing(RawUpstream upstream) {
        return new HostedProvider(
                Provider.of("early", ProviderType.ANTHROPIC).withOption(Provider.Option.PASSTHROUGH, true),
                Upstream.passthrough(upstream.url()));
    }

    private static byte[] request(int size) {
        var head = ("POST /llm/v1/providers/early/v1/messages HTTP/1.1\r\nHost: localhost\r\n"
                        + "X-Redpanda-Cloud-Token: %s\r\nx-api-key: own\r\nContent-Length: %d\r\n\r\n")
                .formatted(TestGateway.TOKEN, size);
        return (head + "x".repeat(size)).getBytes(StandardCharsets.US_ASCII);
    }

    /// A client that reads no answer before it has sent all of its request.
    private static String asked(TestGateway gateway, byte[] request) throws IOException {
        try (var socket = new Socket(gateway.url().getHost(), gateway.url().getPort())) {
            socket.setSoTimeout(240_000);
            socket.getOutputStream().write(request);
            return answer(socket);
        }
    }

    private static String answer(Socket socket) throws IOException {
        var head = RawUpstream.head(socket.getInputStream());
        return head.substring(9, 12) + " "
                + new String(socket.getInputStream().readNBytes(SAID.length()), StandardCharsets.US_ASCII);
    }

    static <T> List<T> all(List<Callable<T>> calls) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<T>();
            for (var each : threads.invokeAll(calls)) answers.add(each.get());
            return answers;
        }
    }
}
