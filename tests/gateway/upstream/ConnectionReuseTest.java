package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;
import tests.support.OwnCertificate;

/// Which connections to an upstream are used again. The upstreams here promise to keep them all.
class ConnectionReuseTest {
    private static final String SAID = "{\"said\":\"this\"}";

    private static OwnCertificate own;

    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
    }

    @AfterEach
    void endUpstreams() {
        over.countDown();
    }

    @ParameterizedTest
    @CsvSource({"true, 20, 200", "true, 300000, 200", "false, 300000, 200", "true, 20, 429", "false, 20, 429"})
    void aConnectionIsUsedAgainAfterARequestThatWasReadBeforeItWasAnswered(boolean secure, int size, int status)
            throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    while (RawUpstream.request(socket.getInputStream())) RawUpstream.answer(socket, status, "", SAID);
                });
                var gateway = gateway(upstream);
                var client = connected(gateway)) {
            for (int i = 0; i < 5; i++) {
                client.getOutputStream().write(head(size));
                client.getOutputStream().write(new byte[size]);

                assertEquals(status + " " + SAID, answer(client));
            }

            assertEquals(1, upstream.connections.get());
        }
    }

    /// The rest of the body went into the system's buffers, where the upstream may leave it unread.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noConnectionIsUsedAgainOnWhichTheAnswerBeganBeforeTheRequestWasSent(boolean secure) throws Exception {
        int size = 300_000;
        try (var upstream = upstream(secure, socket -> {
                    RawUpstream.head(socket.getInputStream());
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n{"
                                    .formatted(SAID.length())
                                    .getBytes(StandardCharsets.US_ASCII));
                    // So that the test knows that the gateway has sent it; other upstreams would not read it.
                    socket.getInputStream().skipNBytes(size);
                    socket.getOutputStream().write(SAID.substring(1).getBytes(StandardCharsets.US_ASCII));
                    over.await();
                });
                var gateway = gateway(upstream)) {
            for (int i = 1; i <= 3; i++) {
                try (var client = connected(gateway)) {
                    client.getOutputStream().write(head(size));
                    client.getOutputStream().write(new byte[size / 2]);
                    var head = RawUpstream.head(client.getInputStream());
                    client.getOutputStream().write(new byte[size / 2]);

                    assertEquals("200 " + SAID, answer(client, head));
                    assertEquals(i, upstream.connections.get());
                }
            }
        }
    }

    /// An upstream that refuses it by its head alone looks the same: all of it fits into the buffers of the
    /// system.
    @ParameterizedTest
    @CsvSource({"413, true", "401, true", "429, false"})
    void noConnectionIsUsedAgainAfterALargeRequestWasRefused(int status, boolean secure) throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    RawUpstream.request(socket.getInputStream());
                    RawUpstream.answer(socket, status, "", SAID);
                    over.await();
                });
                var gateway = gateway(upstream)) {
            for (int i = 1; i <= 3; i++) {
                try (var client = connected(gateway)) {
                    client.getOutputStream().write(head(300_000));
                    client.getOutputStream().write(new byte[300_000]);

                    assertEquals(status + " " + SAID, answer(client));
                    assertEquals(i, upstream.connections.get());
                }
            }
        }
    }

    private static RawUpstream upstream(boolean secure, RawUpstream.Script script) throws Exception {
        return new RawUpstream(secure ? Optional.of(own) : Optional.empty(), script);
    }

    private static TestGateway gateway(RawUpstream upstream) {
        return TestGateway.with(
                ConnectionReuseTest::trusting,
                new HostedProvider(
                        Provider.of("up", ProviderType.ANTHROPIC).withOption(Provider.Option.PASSTHROUGH, true),
                        Upstream.passthrough(upstream.url())));
    }

    private static GatewayConfig trusting(GatewayConfig config) {
        return TestGateway.trusting(config, own, Duration.ofMinutes(1));
    }

    private static Socket connected(TestGateway gateway) throws IOException {
        var socket = new Socket(gateway.url().getHost(), gateway.url().getPort());
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static byte[] head(int size) {
        return ("POST /llm/v1/providers/up/v1/messages HTTP/1.1\r\nHost: localhost\r\nX-Redpanda-Cloud-Token: "
                        + "%s\r\nx-api-key: own\r\nContent-Length: %d\r\n\r\n")
                .formatted(TestGateway.TOKEN, size)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String answer(Socket socket) throws IOException {
        return answer(socket, RawUpstream.head(socket.getInputStream()));
    }

    private static String answer(Socket socket, String head) throws IOException {
        return head.substring(9, 12) + " "
                + new String(socket.getInputStream().readNBytes(SAID.length()), StandardCharsets.US_ASCII);
    }
}
