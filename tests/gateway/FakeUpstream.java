package tests.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tests.support.AcceptLoop;

/// An upstream at the level of bytes: a test sees exactly what arrived, and writes exactly what goes back.
/// It takes one request a connection.
///
///     try (var upstream = new FakeUpstream(call -> call.write("HTTP/1.1 204 No Content\r\n\r\n"))) { … }
public final class FakeUpstream implements AutoCloseable {
    public interface Behaviour {
        void answer(Call call) throws Exception;
    }

    /// One request, and the way back to who sent it.
    public record Call(String line, List<String> headers, byte[] body, Socket socket) {
        public void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        /// The values of a header, its name compared without case.
        public List<String> header(String name) {
            return headers.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
        }

        /// Waits until the caller ends the connection.
        public void awaitHangUp() {
            try {
                while (socket.getInputStream().read() >= 0) {}
            } catch (IOException reset) {
                // That is one way to end it.
            }
        }
    }

    private final ServerSocket server;
    private final Behaviour behaviour;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    public FakeUpstream(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        AcceptLoop.start(server, this::serve);
    }

    /// An upstream that answers every request with 200 and `body`.
    public static FakeUpstream saying(String body) throws IOException {
        return new FakeUpstream(call -> call.write(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /// The next request that arrived.
    public Call received() throws InterruptedException {
        var call = calls.poll(2, TimeUnit.MINUTES);
        if (call == null) throw new AssertionError("nothing arrived at the upstream");
        return call;
    }

    public boolean receivedNothing() {
        return calls.isEmpty();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = socket.getInputStream();
            var line = line(in);
            if (line.isEmpty()) return;
            var headers = new ArrayList<String>();
            for (var header = line(in); !header.isEmpty(); header = line(in)) headers.add(header);
            var head = new Call(line, headers, new byte[0], socket);
            var call = new Call(line, headers, body(in, head), socket);
            calls.add(call);
            behaviour.answer(call);
        } catch (Exception e) {
            // The test sees it as a cut connection.
        }
    }

    private static byte[] body(InputStream in, Call head) throws IOException {
        if (!head.header("content-length").isEmpty()) {
            return in.readNBytes(Integer.parseInt(head.header("content-length").getFirst()));
        }
        var body = new ByteArrayOutputStream();
        if (!head.header("transfer-encoding").isEmpty()) {
            for (int size; (size = Integer.parseInt(line(in), 16)) > 0; line(in)) body.write(in.readNBytes(size));
            line(in);
        }
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c; (c = in.read()) >= 0 && c != '\n'; ) if (c != '\r') line.write(c);
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
