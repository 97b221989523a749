package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.anthropic;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;
import tests.support.AcceptLoop;
import tests.support.Eventually;

/// Large requests that are forwarded while the list of models is applied to them.
class PassingAllowlistTest {
    private static final String TEXT = "x".repeat(300_000);
    private static final String ALLOWED = "\"model\":\"m\"";
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"" + TEXT + "\"}]";

    @Test
    void aLargeRequestIsForwardedWhileItArrives() throws Exception {
        try (var upstream = new Upstream();
                var gateway = TestGateway.serving(anthropic(upstream.url(), "m"))) {
            var body = "{" + ALLOWED + "," + MESSAGES + "}";
            try (var client = gateway.sent(head(body))) {
                client.getOutputStream().write(bytes(body.substring(0, 200_000)));
                upstream.awaits(count -> count > 100_000);

                client.getOutputStream().write(bytes(body.substring(200_000)));

                assertEquals("200", status(client));
                assertEquals(body, upstream.bodies.poll(1, TimeUnit.MINUTES));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{@,'model':'m-other'}",
                "{'model':'m',@,'model':'m-other'}",
                "{'model':'m',@,'fallbacks':[{'model':'m-other'}]}",
                "{'model':'m',@,'tools':[{'type':'advisor','model':'m-\\u006fther'}]}",
                "{'model':'m',@,'MODEL':'m-other'}"
            })
    void aModelThatIsNotAllowedIsNeverForwarded(String template) throws Exception {
        try (var upstream = new Upstream();
                var gateway = TestGateway.serving(anthropic(upstream.url(), "m"))) {
            var body = body(template);
            try (var client = gateway.sent(head(body))) {
                client.getOutputStream().write(bytes(body));

                var answer = answer(client);

                assertTrue(answer.contains("m-other"), answer);
                var forwarded = upstream.bodies.poll(1, TimeUnit.MINUTES);
                assertFalse(forwarded.contains("m-other") || forwarded.contains("u006f"), "the model was forwarded");
                assertTrue(forwarded.length() < body.length(), "the whole request was forwarded");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{@}",
                "{@,'models':['m']} ",
                "{'model':'m',@",
                "{'model':'m',@}}",
                "{'model':'m',@} {'model':'m'}",
                "{'model':'m',@,}",
                "[{'model':'m',@}]",
                "{'model':'m',@,'x':'\u0080'}"
            })
    void aRequestThatIsNotAnObjectWithAModelIsNeverForwardedInFull(String template) throws Exception {
        try (var upstream = new Upstream();
                var gateway = TestGateway.serving(anthropic(upstream.url(), "m"))) {
            var body = body(template);
            try (var client = gateway.sent(head(body))) {
                // An invalid byte, since the text is sent in Latin-1.
                client.getOutputStream().write(bytes(body));

                assertEquals("400", answer(client).substring(9, 12));
                var forwarded = upstream.bodies.poll(10, TimeUnit.MILLISECONDS);
                assertTrue(forwarded == null || forwarded.length() < body.length(), "it was forwarded in full");
            }
        }
    }

    @Test
    void theClientsConnectionGoesOnAfterARefusal() throws Exception {
        try (var upstream = new Upstream();
                var gateway = TestGateway.serving(anthropic(upstream.url(), "m"))) {
            var refused = body("{'model':'m',@,'model':'m-other'}");
            var allowed = body("{'model':'m',@}");
            try (var client = gateway.sent(head(refused))) {
                client.getOutputStream().write(bytes(refused));
                assertTrue(answer(client).contains("m-other"));

                TestGateway.sendOn(client, head(allowed));
                client.getOutputStream().write(bytes(allowed));

                assertEquals("200", status(client));
            }
        }
    }

    private static String body(String template) {
        return template.replace('\'', '"').replace("@", MESSAGES);
    }

    private static String head(String body) {
        return TestGateway.raw("POST", "/llm/v1/providers/anthropic/v1/messages")
                + "Content-Type: application/json|Content-Length: " + body.length() + "||";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String status(Socket client) throws IOException {
        return answer(client).substring(9, 12);
    }

    /// Reads one answer with its body.
    private static String answer(Socket client) throws IOException {
        var in = client.getInputStream();
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) throw new IOException("no answer: " + head);
            head.append((char) next);
        }
        var lower = head.toString().toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ") + 16;
        return head + new String(in.readNBytes(Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)))));
    }

    /// An upstream that remembers what it received of each request, whole or not.
    private static final class Upstream implements AutoCloseable {
        final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        private final AtomicInteger received = new AtomicInteger();
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        Upstream() throws IOException {
            AcceptLoop.start(server, this::serve);
        }

        URI url() {
            return URI.create("http://localhost:" + server.getLocalPort());
        }

        void awaits(IntPredicate enough) throws Exception {
            Eventually.holds(() -> enough.test(received.get()), Duration.ofMinutes(1), () -> received + " bytes");
        }

        private void serve(Socket socket) {
            try (socket) {
                var in = socket.getInputStream();
                while (true) {
                    var head = new StringBuilder();
                    while (!head.toString().endsWith("\r\n\r\n")) {
                        int next = in.read();
                        if (next < 0) return;
                        head.append((char) next);
                    }
                    var lower = head.toString().toLowerCase(Locale.ROOT);
                    int at = lower.indexOf("content-length: ") + 16;
                    int length = Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)));
                    var body = new ByteArrayOutputStream();
                    var buffer = new byte[8192];
                    try {
                        while (body.size() < length) {
                            int count = in.read(buffer, 0, Math.min(buffer.length, length - body.size()));
                            if (count < 0) break;
                            body.write(buffer, 0, count);
                            received.addAndGet(count);
                        }
                    } finally {
                        bodies.add(body.toString(StandardCharsets.ISO_8859_1));
                    }
                    if (body.size() < length) return;
                    socket.getOutputStream()
                            .write(bytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 2\r\n\r\n{}"));
                }
            } catch (IOException gone) {
                // The gateway reset the connection.
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
