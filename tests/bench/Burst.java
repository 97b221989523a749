package tests.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import tests.support.Eventually;
import tests.support.OwnCertificate;

/// Measures how long many simultaneous requests to a TLS upstream take, sent to a fresh `rpkai gateway` as soon
/// as `/readyz` answers 200.
///
///     try (var burst = Burst.in(home)) { burst.millis(300_000); }
final class Burst implements AutoCloseable {
    static final int REQUESTS = 64;

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                    .getBytes(StandardCharsets.US_ASCII);

    private final Path home;
    private final OwnCertificate certificate;
    private final SSLServerSocket upstream;

    private Burst(Path home, OwnCertificate certificate, SSLServerSocket upstream) {
        this.home = home;
        this.certificate = certificate;
        this.upstream = upstream;
    }

    static Burst in(Path home) throws Exception {
        var certificate = OwnCertificate.in(home);
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(certificate.keys(), OwnCertificate.PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var upstream = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 500, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> accept(upstream));
        return new Burst(home, certificate, upstream);
    }

    /// Measures the time from the first connection to the last answer.
    ///
    /// @param size bytes of each body
    double millis(int size) throws Exception {
        var url = URI.create("https://localhost:" + upstream.getLocalPort());
        try (var gateway = Contender.rpkai(Files.createTempDirectory(home, "burst"), url, certificate.chain());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Eventually.holds(() -> isReady(gateway.url()), Duration.ofSeconds(60), () -> "it does not become ready");
            var request = gateway.request("{\"model\":\"bench\",\"input\":\"" + "x".repeat(size) + "\"}");
            long begin = System.nanoTime();
            var answers = threads.invokeAll(
                    Collections.nCopies(REQUESTS, (Callable<String>) () -> asked(gateway.url(), request)));
            long end = System.nanoTime();
            for (var answer : answers)
                if (!answer.get().equals("200")) throw new IOException("answered with " + answer.get());
            return (end - begin) / 1e6;
        }
    }

    private static boolean isReady(URI url) {
        try {
            return asked(
                            url,
                            "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII))
                    .equals("200");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String asked(URI url, byte[] request) throws IOException {
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request);
            return head(socket.getInputStream()).substring(9, 12);
        }
    }

    private static void accept(SSLServerSocket upstream) {
        while (!upstream.isClosed()) {
            try {
                var socket = upstream.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            var in = socket.getInputStream();
            while (true) {
                var head = head(in);
                int length = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
                in.skipNBytes(Long.parseLong(head.substring(length + 16, head.indexOf('\r', length))));
                socket.getOutputStream().write(ANSWER);
            }
        } catch (IOException left) {
            // The gateway ends its connections when it likes.
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0) throw new EOFException();
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
