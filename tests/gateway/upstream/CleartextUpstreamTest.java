package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static tests.gateway.TestGateway.anthropic;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

class CleartextUpstreamTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void oneRequestAfterTheOtherIsAskedOnOneConnection() throws Exception {
        try (var upstream = new Server((server, socket, _) -> {
                    while (server.head(socket)) Server.write(socket, OK);
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            for (int i = 0; i < 3; i++)
                assertEquals(
                        "ok",
                        gateway.send(gateway.request("anthropic/v1/models")).body());

            assertEquals(1, upstream.connections.get());
        }
    }

    @Test
    void aConnectionThatTheUpstreamClosedMeanwhileIsReplacedAndTheRequestAskedOnce() throws Exception {
        var second = new CountDownLatch(1);
        try (var upstream = new Server((server, socket, number) -> {
                    server.head(socket);
                    Server.write(socket, OK);
                    // The next request is on its way to it when it is closed.
                    if (number == 1) server.head(socket);
                    else second.countDown();
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            gateway.send(gateway.request("anthropic/v1/models"));

            assertEquals(
                    200,
                    gateway.post("anthropic/v1/messages", "{\"max_tokens\": 1}").statusCode());
            second.await();
            assertEquals(2, upstream.connections.get());
        }
    }

    @Test
    void anAnswerInChunksIsReadToItsEndAndTheConnectionUsedAgain() throws Exception {
        try (var upstream = new Server((server, socket, _) -> {
                    while (server.head(socket)) {
                        Server.write(
                                socket,
                                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n"
                                        + "Transfer-Encoding: chunked\r\nTrailer: x\r\n\r\n");
                        Server.write(socket, "3;ext=1\r\nfir");
                        Server.write(socket, "\r\n00A\r\nst and sec\r\n3\r\nond\r\n0\r\nX: 1\r\n\r\n");
                    }
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            for (int i = 0; i < 2; i++)
                assertEquals(
                        "first and second",
                        gateway.send(gateway.request("anthropic/v1/models")).body());

            assertEquals(1, upstream.connections.get());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Length: 2|Transfer-Encoding: chunked||2|ok|0||",
                "HTTP/1.1 200 OK|Content-Length: 2|Content-Length: 3||oky",
                "HTTP/1.1 200 OK|Content-Length: +2||ok",
                "HTTP/1.1 200 OK|Content-Length: 2, 2||ok",
                "HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||2|ok|0||",
                "HTTP/1.1 200 OK|Content-Length : 2||ok",
                "HTTP/1.1 200 OK|X: 1| folded: 2|Content-Length: 2||ok",
                "HTTP/1.1 200 OK|no colon||ok",
                "HTTP/1.1 101 Switching Protocols|Upgrade: x||",
                "HTTP/2 200 OK|Content-Length: 2||ok",
                "HTTP/1.1 2x0 OK|Content-Length: 2||ok",
                "|Content-Length: 2||ok",
                "garbage"
            })
    void anAnswerThatCouldBeReadInTwoWaysIsABadGateway(String answer) throws Exception {
        try (var upstream = new Server((server, socket, _) -> {
                    server.head(socket);
                    Server.write(socket, answer.replace("|", "\r\n"));
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            assertEquals(502, gateway.post("anthropic/v1/messages", "{}").statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\nfirst\r\nz\r\n",
                "5\r\nfirstX",
                "5\r\nfirst\r\n-1\r\n",
                "5\r\nfirst\r\nFFFFFFFFFFFFFFFF1\r\n"
            })
    void invalidChunksCutTheAnswer(String chunks) throws Exception {
        try (var upstream = new Server((server, socket, _) -> {
                    server.head(socket);
                    Server.write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
                    server.head(socket);
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            assertThrows(IOException.class, () -> gateway.send(gateway.request("anthropic/v1/models")));
        }
    }

    @Test
    void anAnswerWithoutALengthEndsWithItsConnection() throws Exception {
        try (var upstream = new Server((server, socket, _) -> {
                    server.head(socket);
                    Server.write(socket, "HTTP/1.0 200 OK\r\nX: 1\r\n\r\nall of it");
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            assertEquals(
                    "all of it",
                    gateway.send(gateway.request("anthropic/v1/models")).body());
            assertEquals(
                    "all of it",
                    gateway.send(gateway.request("anthropic/v1/models")).body());
        }
    }

    @Test
    void aRefusalArrivesWhileTheBodyIsStillBeingSent() throws Exception {
        var answered = new CountDownLatch(1);
        try (var upstream = new Server((server, socket, _) -> {
                    server.head(socket);
                    Server.write(socket, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
                    answered.await();
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()));
                var client = gateway.sent(TestGateway.raw("POST", "/llm/v1/providers/anthropic/v1/files")
                        + "Content-Length: 1000000||beginning")) {

            assertEquals("HTTP/1.1 413", new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
            answered.countDown();
        }
    }

    @Test
    void theAnswerToAHeadHasItsLengthAndNoBody() throws Exception {
        try (var upstream = new Server((server, socket, _) -> {
                    while (server.head(socket)) Server.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            for (int i = 0; i < 2; i++) {
                assertEquals(
                        200,
                        gateway.send(gateway.request("anthropic/v1/models").method("HEAD", BodyPublishers.noBody()))
                                .statusCode());
            }
        }
    }

    @Test
    void aLongBodyOfUnknownLengthIsSentInChunks() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            var body = "x".repeat(200_000);

            gateway.send(gateway.request("anthropic/v1/files")
                    .POST(BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII)))));

            assertEquals(body, new String(upstream.received().body(), StandardCharsets.US_ASCII));
        }
    }

    /// A server that keeps its connections, each served by a script.
    private static final class Server implements AutoCloseable {
        interface Script {
            void serve(Server server, Socket socket, int number) throws Exception;
        }

        final AtomicInteger connections = new AtomicInteger();
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        Server(Script script) throws IOException {
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try {
                        var socket = server.accept();
                        int number = connections.incrementAndGet();
                        Thread.ofVirtual().start(() -> serve(script, socket, number));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
        }

        private void serve(Script script, Socket socket, int number) {
            try (socket) {
                script.serve(this, socket, number);
            } catch (Exception e) {
                // The test sees it as a cut connection.
            }
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort());
        }

        /// Reads to the end of a head; returns false if there is none.
        boolean head(Socket socket) throws IOException {
            int ends = 0;
            for (int next; ends < 4 && (next = socket.getInputStream().read()) >= 0; )
                ends = next == "\r\n\r\n".charAt(ends) ? ends + 1 : next == '\r' ? 1 : 0;
            return ends == 4;
        }

        static void write(Socket socket, String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
