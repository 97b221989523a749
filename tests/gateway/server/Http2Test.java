package tests.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import lib.base.Secret;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.server.TlsCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.support.OwnCertificate;

/// Clients that speak HTTP/2: over TLS, where both agree on it, and at once, as AWS's JavaScript SDK does (see
/// tests/e2e/ClientsTest).
class Http2Test {
    private static final String HELLO =
            "{\"model\": \"m\", \"max_tokens\": 9, \"stream\": true, \"messages\": [{\"role\": \"user\", "
                    + "\"content\": \"Say hello\"}]}";
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static final int DATA = 0, HEADERS = 1, SETTINGS = 4, GOAWAY = 7;
    private static final int END_STREAM = 1, END_HEADERS = 4;

    private static OwnCertificate own;

    private final Secret token = Secret.random();
    private EmbeddedGateway gateway;
    private HttpClient client;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
    }

    private void serve(HostedProvider provider) throws Exception {
        gateway = EmbeddedGateway.start(GatewayConfig.local(List.of(provider), Authenticator.bearer(token))
                .withPublicEndpoint(PublicEndpoint.plain().over(TlsCertificate.read(own.chain(), own.key()))));
        client = HttpClient.newBuilder().sslContext(own.trusting()).build();
    }

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void aStreamIsAnsweredInIt() throws Exception {
        serve(TestGateway.demo());

        var answer = client.send(request("demo/v1/messages", HELLO), BodyHandlers.ofString());

        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("message_stop"), answer.body());
    }

    @Test
    void aRefusalHasItsStatusAndItsReason() throws Exception {
        serve(TestGateway.demo());

        var answer = client.send(request("nobody/v1/messages", HELLO), BodyHandlers.ofString());

        assertEquals(404, answer.statusCode());
        assertTrue(TestGateway.errorMessage(answer).contains("nobody"), answer.body());
    }

    @Test
    void headersOfMoreThan128KilobytesAreTooLarge() throws Exception {
        serve(TestGateway.demo());

        var answer = client.send(
                HttpRequest.newBuilder(request("demo/v1/messages", HELLO), (_, _) -> true)
                        .header("X-Big", "x".repeat(132 * 1024))
                        .build(),
                BodyHandlers.ofString());

        assertEquals(431, answer.statusCode());
    }

    @Test
    void aRequestThatIsGivenUpEndsItsUpstreamCallAndNoOther() throws Exception {
        var ended = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
            call.write(HEAD);
            if (new String(call.body(), StandardCharsets.UTF_8).contains("quick")) {
                call.write("4\r\ndone\r\n0\r\n\r\n");
                return;
            }
            try {
                while (true) call.write("7\r\nworking\r\n");
            } finally {
                ended.countDown();
            }
        })) {
            serve(TestGateway.anthropic(upstream.url()));

            var left = stream("slow");
            assertEquals("working", new String(left.body().readNBytes(7), StandardCharsets.UTF_8));
            left.body().close();

            assertTrue(ended.await(2, TimeUnit.MINUTES), "the upstream call went on");
            assertEquals("done", new String(stream("quick").body().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aRequestThatIsGivenUpBeforeAnyAnswerEndsItsUpstreamCall() throws Exception {
        var _ = endsTheUpstreamCall(answer -> answer.cancel(true));
    }

    @Test
    void callsEndWithTheirConnectionEvenIfTheUpstreamIsSilent() throws Exception {
        var answer = endsTheUpstreamCall(_ -> client.shutdownNow());

        assertThrows(ExecutionException.class, () -> answer.get(2, TimeUnit.MINUTES));
    }

    /// @param leaving how the client does, while nothing has come
    private CompletableFuture<?> endsTheUpstreamCall(Consumer<CompletableFuture<?>> leaving) throws Exception {
        var ended = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
            call.awaitHangUp();
            ended.countDown();
        })) {
            serve(TestGateway.anthropic(upstream.url()));

            var answer = client.sendAsync(request("anthropic/v1/messages", "{}"), BodyHandlers.ofString());
            upstream.received();
            leaving.accept(answer);

            assertTrue(ended.await(2, TimeUnit.MINUTES), "the upstream call went on");
            return answer;
        }
    }

    @Test
    void anAnswerThatWasCutIsCutForTheClientToo() throws Exception {
        var seen = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
            call.write(HEAD + "5\r\nfirst\r\n");
            seen.await();
            call.socket().close();
        })) {
            serve(TestGateway.anthropic(upstream.url()));

            var answer = stream("{}");

            assertEquals("first", new String(answer.body().readNBytes(5), StandardCharsets.UTF_8));
            seen.countDown();
            assertThrows(IOException.class, () -> answer.body().readAllBytes());
        }
    }

    /// Node's HTTP/2 client closes a connection this way: with its last request under way.
    @Test
    void aClientThatBeginsWithItAtOnceAndWillAskNoMoreGetsItsAnswer() throws Exception {
        try (var upstream = new FakeUpstream(
                call -> call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"))) {
            serve(TestGateway.demo());
            try (var plain = EmbeddedGateway.start(GatewayConfig.local(
                            List.of(TestGateway.anthropic(upstream.url())), Authenticator.bearer(token)));
                    var socket = new Socket("127.0.0.1", plain.baseUrl().getPort())) {
                var out = new ByteArrayOutputStream();
                out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
                out.writeBytes(frame(
                        HEADERS,
                        END_STREAM | END_HEADERS,
                        1,
                        head(
                                "/llm/v1/providers/anthropic/v1/models",
                                "127.0.0.1:" + plain.baseUrl().getPort())));
                out.writeBytes(frame(GOAWAY, 0, 0, new byte[8]));
                socket.getOutputStream().write(out.toByteArray());

                var in = new DataInputStream(socket.getInputStream());
                while (true) {
                    var start = in.readNBytes(9);
                    assertEquals(9, start.length, "the connection ended without an answer");
                    var content = in.readNBytes((start[1] & 0xff) << 8 | start[2] & 0xff);
                    if (start[3] != DATA) continue;
                    assertEquals("{}", new String(content, StandardCharsets.UTF_8));
                    break;
                }
            }
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte[] content) {
        return ByteBuffer.allocate(9 + content.length)
                .putInt(content.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(content)
                .array();
    }

    /// RFC 7541: two fields from its table, and three whose values are written out.
    private byte[] head(String path, String authority) {
        var head = new ByteArrayOutputStream();
        head.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, 0x04});
        text(head, path);
        head.write(0x01);
        text(head, authority);
        head.write(0x00);
        text(head, "x-api-key");
        text(head, token.reveal());
        return head.toByteArray();
    }

    private static void text(ByteArrayOutputStream head, String text) {
        head.write(text.length());
        head.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private HttpResponse<InputStream> stream(String body) throws Exception {
        return client.send(request("anthropic/v1/messages", body), BodyHandlers.ofInputStream());
    }

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(
                        URI.create("https://localhost:" + gateway.baseUrl().getPort() + "/llm/v1/providers/" + path))
                .header("x-api-key", token.reveal())
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
