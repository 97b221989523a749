package lib.gateway;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLServerSocket;
import lib.gateway.exchange.RequestBody;
import lib.gateway.server.LoopbackCertificate;
import lib.gateway.upstream.HostLookup;
import lib.gateway.upstream.Http1Pool;
import lib.gateway.upstream.TlsUpstream;
import lib.gateway.upstream.UpstreamRequest;

/// Warms up a fresh process before it reports ready. Until the JVM has compiled them, the first TLS handshakes
/// and encrypted bodies take a hundred times as long as later ones: a burst of requests would occupy both
/// processors for ten seconds. Therefore the gateway sends the first requests to itself, over loopback.
///
///     var warmUp = new WarmUp();
///     warmUp.start(gateway.baseUrl(), relay::client);
///     warmUp.isOver();
final class WarmUp {
    /// The maximum duration in nanoseconds. The warm-up ends then even if it is unfinished, so that a slow
    /// machine becomes ready too.
    private static final long NANOS = Duration.ofSeconds(15).toNanos();
    private static final int CONTEXTS = 6;
    private static final int HANDSHAKES = 6;
    private static final int BODY = 300_000;
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] QUESTION =
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private volatile boolean over;

    /// Returns whether the warm-up has ended.
    boolean isOver() {
        return over;
    }

    /// Marks the warm-up as finished without running it.
    void skip() {
        over = true;
    }

    /// Starts the warm-up in the background.
    ///
    /// @param gateway the URL of this process
    /// @param client creates the client for upstream calls; called once
    void start(URI gateway, Supplier<HttpClient> client) {
        Thread.ofPlatform().daemon().name("warm-up").start(() -> {
            try {
                run(gateway, client);
            } catch (Exception e) {
                // If the warm-up fails, the first real requests warm up the process.
            } finally {
                over = true;
            }
        });
    }

    private static void run(URI gateway, Supplier<HttpClient> client) throws Exception {
        long end = System.nanoTime() + NANOS;
        var _ = client.get();
        var certificate = LoopbackCertificate.make();
        try (var server = (SSLServerSocket) certificate
                .serving()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().name("warm-up upstream").start(() -> accept(server));
            for (int i = 0; i < CONTEXTS && System.nanoTime() < end; i++)
                reach(certificate, server.getLocalPort(), end);
        }
        if (gateway.getScheme().equals("http")) ask(gateway, end);
    }

    /// Sends requests with a large body over TLS, each on a new connection. The first connection needs a full
    /// handshake; the others resume its session.
    private static void reach(LoopbackCertificate certificate, int port, long end)
            throws IOException, GeneralSecurityException, InterruptedException, TimeoutException {
        var uri = URI.create("https://localhost:" + port + "/");
        try (var trusting = HttpClient.newBuilder()
                .sslContext(certificate.trusting())
                .proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            for (int i = 0; i < HANDSHAKES && System.nanoTime() < end; i++) {
                try (var pool = new Http1Pool(new TlsUpstream(uri, trusting, HostLookup.ANYWHERE))) {
                    var request = new UpstreamRequest(
                            "POST", uri, List.of(), RequestBody.of(new ByteArrayInputStream(new byte[BODY]), BODY));
                    try (var answer = pool.send(request, Duration.ofSeconds(5))) {
                        answer.passTo(OutputStream.nullOutputStream());
                    }
                }
            }
            trusting.shutdownNow();
        }
    }

    private static void accept(SSLServerSocket server) {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket client) {
        try (client) {
            var in = client.getInputStream();
            for (int ends = 0; ends < 4; ) {
                int next = in.read();
                if (next < 0) return;
                ends = next == "\r\n\r\n".charAt(ends) ? ends + 1 : next == '\r' ? 1 : 0;
            }
            in.skipNBytes(BODY);
            client.getOutputStream().write(ANSWER);
        } catch (IOException left) {
            // The server side reports its own errors.
        }
    }

    /// Sends requests to the gateway itself: a few connections with a few requests each.
    private static void ask(URI gateway, long end) throws IOException {
        for (int i = 0; i < HANDSHAKES && System.nanoTime() < end; i++) {
            try (var socket = new Socket(gateway.getHost(), gateway.getPort())) {
                socket.setSoTimeout(1000);
                for (int j = 0; j < 50; j++) {
                    socket.getOutputStream().write(QUESTION);
                    answered(socket.getInputStream());
                }
            }
        }
    }

    private static void answered(InputStream in) throws IOException {
        // The body is "ok" followed by a line feed.
        for (int last = 0, next; !((next = in.read()) == '\n' && last == 'k'); last = next)
            if (next < 0) throw new IOException("no answer");
    }
}
