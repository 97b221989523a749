package lib.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.SSLServerSocket;
import lib.gateway.server.LoopbackCertificate;

/// The upstream of a [WarmUp]: a TLS server on loopback that reads each request and answers it like the API of
/// Anthropic or OpenAI, as one document or as a stream of events.
///
///     try (var upstream = WarmUpUpstream.start(LoopbackCertificate.make())) { upstream.url(); }
record WarmUpUpstream(SSLServerSocket socket) implements AutoCloseable {
    /// The text in a request's path that asks for a stream of events.
    static final String STREAM = "stream";

    private static final byte[] DOCUMENT = answer("application/json", """
            {"id":"1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hello"}],\
            "choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],\
            "usage":{"input_tokens":1,"output_tokens":1,"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""");
    private static final byte[] EVENTS = answer("text/event-stream", """
            event: message_start
            data: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":1,"output_tokens":1}}}

            """ + """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

            """.repeat(20) + """
            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":20}}

            event: message_stop
            data: {"type":"message_stop"}

            """);

    /// Starts it on a free port.
    static WarmUpUpstream start(LoopbackCertificate certificate) throws IOException, GeneralSecurityException {
        var socket = (SSLServerSocket) certificate
                .serving()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var upstream = new WarmUpUpstream(socket);
        Thread.ofVirtual().name("warm-up upstream").start(upstream::accept);
        return upstream;
    }

    URI url() {
        return URI.create("https://" + LoopbackCertificate.HOST + ":" + socket.getLocalPort());
    }

    private static byte[] answer(String type, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(type, body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                Thread.ofVirtual().name("warm-up answer").start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket client) {
        try (client) {
            var in = client.getInputStream();
            for (var head = head(in); !head.isEmpty(); head = head(in)) {
                in.skipNBytes(length(head));
                client.getOutputStream()
                        .write(head.lines().findFirst().orElse("").contains(STREAM) ? EVENTS : DOCUMENT);
            }
        } catch (IOException left) {
            // The gateway's side reports its own errors.
        }
    }

    /// Reads a head; empty if the connection has ended.
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder(512);
        for (int next; head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0; head.append((char) next))
            if ((next = in.read()) < 0) return "";
        return head.toString();
    }

    private static long length(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
