package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;
import tests.support.OwnCertificate;

/// Upstreams that refuse HTTP/1.1.
class Http2OnlyTest {
    private static OwnCertificate own;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
    }

    /// The JDK's client would make a connection for each.
    @ParameterizedTest
    @ValueSource(ints = {20, 300_000})
    void sixtyFourFirstRequestsAtOnceAreAnsweredOverFewConnections(int size) throws Exception {
        try (var upstream = new Http2OnlyUpstream(own, 200, false);
                var gateway = gateway(upstream)) {
            var answers = EarlyAnswerTest.all(Collections.nCopies(64, () -> asked(gateway, size)));

            assertEquals(Collections.nCopies(64, "200 " + Http2OnlyUpstream.SAID), answers);
            assertTrue(upstream.connections.get() <= 4, upstream.connections + " connections");
        }
    }

    @ParameterizedTest
    @CsvSource({"413, 300000", "401, 300000", "200, 300000", "401, 20", "413, 8000000"})
    void anEarlyAnswerIsPassedOn(int status, int size) throws Exception {
        try (var upstream = new Http2OnlyUpstream(own, status, true);
                var gateway = gateway(upstream)) {
            var answers = EarlyAnswerTest.all(Collections.nCopies(8, () -> asked(gateway, size)));

            assertEquals(Collections.nCopies(8, status + " " + Http2OnlyUpstream.SAID), answers);
        }
    }

    private static TestGateway gateway(Http2OnlyUpstream upstream) {
        return TestGateway.with(
                Http2OnlyTest::trusting,
                new HostedProvider(
                        Provider.of("up", ProviderType.ANTHROPIC).withOption(Provider.Option.PASSTHROUGH, true),
                        Upstream.passthrough(upstream.url())));
    }

    private static GatewayConfig trusting(GatewayConfig config) {
        return TestGateway.trusting(config, own, Duration.ofMinutes(4));
    }

    /// A client that reads no answer before it has sent all of its request.
    private static String asked(TestGateway gateway, int size) throws IOException {
        try (var socket = new Socket(gateway.url().getHost(), gateway.url().getPort())) {
            socket.setSoTimeout(240_000);
            socket.getOutputStream()
                    .write(("POST /llm/v1/providers/up/v1/messages HTTP/1.1\r\nHost: localhost\r\n"
                                    + "X-Redpanda-Cloud-Token: %s\r\nx-api-key: own\r\nContent-Length: %d\r\n"
                                    + "Connection: close\r\n\r\n")
                            .formatted(TestGateway.TOKEN, size)
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[size]);
            var head = RawUpstream.head(socket.getInputStream());
            // Without a length, in one chunk.
            var rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            int begin = Math.max(0, rest.indexOf('{'));
            return head.substring(9, 12) + " " + rest.substring(begin, Math.max(begin, rest.indexOf('}') + 1));
        }
    }
}
