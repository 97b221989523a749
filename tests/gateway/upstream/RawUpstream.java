package tests.gateway.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import tests.support.AcceptLoop;
import tests.support.Eventually;
import tests.support.OwnCertificate;

/// An upstream whose connections are served by a script, in cleartext or over TLS.
///
///     try (var upstream = new RawUpstream(Optional.empty(), socket -> { RawUpstream.head(socket.getInputStream()); …
///             })) { … }
final class RawUpstream implements AutoCloseable {
    interface Script {
        void serve(Socket socket) throws Exception;
    }

    final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final boolean secure;
    private final ServerSocket server;

    /// @param certificate for TLS; empty for cleartext
    RawUpstream(Optional<OwnCertificate> certificate, Script script) throws Exception {
        this(
                certificate.isPresent()
                        ? secure(context(certificate.get()))
                        : new ServerSocket(0, 500, InetAddress.getLoopbackAddress()),
                script);
    }

    RawUpstream(ServerSocket server, Script script) {
        this.server = server;
        secure = server instanceof SSLServerSocket;
        AcceptLoop.start(server, socket -> {
            connections.incrementAndGet();
            serve(script, socket);
            closed.incrementAndGet();
        });
    }

    static SSLServerSocket secure(SSLContext context) throws IOException {
        return (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 500, InetAddress.getLoopbackAddress());
    }

    static SSLContext context(OwnCertificate certificate) throws Exception {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(certificate.keys(), OwnCertificate.PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void serve(Script script, Socket socket) {
        try (socket) {
            script.serve(socket);
        } catch (Exception e) {
            // The test sees it as a cut connection.
        }
    }

    URI url() {
        return URI.create((secure ? "https" : "http") + "://localhost:" + server.getLocalPort());
    }

    /// Waits until that number of connections are closed.
    void awaitClosed(int count) {
        Eventually.holds(
                () -> closed.get() >= count, Duration.ofMinutes(1), () -> closed + " of " + connections + " closed");
    }

    /// Reads a head, and no byte more.
    static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) throw new EOFException();
            head.append((char) next);
        }
        return head.toString();
    }

    /// Reads a request to its end; returns false if there is none.
    static boolean request(InputStream in) throws IOException {
        try {
            var head = head(in);
            in.skipNBytes(length(head));
            return true;
        } catch (EOFException left) {
            return false;
        }
    }

    /// Returns the length of the body that a head announces; 0 if it announces none.
    static long length(String head) {
        int length = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
        return length < 0 ? 0 : Long.parseLong(head.substring(length + 16, head.indexOf('\r', length)));
    }

    /// @param headers more of them, each with its line end
    static void answer(Socket socket, int status, String headers, String body) throws IOException {
        socket.getOutputStream()
                .write("HTTP/1.1 %d X\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(status, headers, body.length(), body)
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
