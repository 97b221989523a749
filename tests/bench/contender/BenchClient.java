package tests.bench.contender;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import tests.support.OwnCertificate;

/// The clients of what is measured once, not at a rate, which is what `wrk` is for.
///
///     BenchClient.trusting(certificate).atOnce(contender, body, 64)
///
/// @param tls trusts the contenders
public record BenchClient(SSLContext tls) {
    private static final int PATIENCE = 120_000;
    private static final byte[] READY =
            "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    public static BenchClient trusting(OwnCertificate certificate) throws Exception {
        return new BenchClient(certificate.trusting());
    }

    public HttpSocket open(URI url) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), PATIENCE);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE);
            if (url.getScheme().equals("http")) return new HttpSocket(socket);
            var secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, url.getHost(), url.getPort(), true);
            secured.startHandshake();
            return new HttpSocket(secured);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Returns how many milliseconds each of the requests took, sent one after the other on one connection.
    public double[] inTurn(Contender contender, String body, int times) throws IOException {
        var request = contender.request(contender.calls(), body);
        var took = new double[times];
        try (var socket = open(contender.url())) {
            for (int i = 0; i < times; i++) {
                long begin = System.nanoTime();
                check(contender, socket.send(request));
                took[i] = (System.nanoTime() - begin) / 1e6;
            }
        }
        return took;
    }

    /// Returns the milliseconds from the first connection to the last answer of as many simultaneous requests.
    public double atOnce(Contender contender, String body, int requests) throws Exception {
        var request = contender.request(contender.calls(), body);
        long begin = System.nanoTime();
        // A virtual thread that can always write lets no other run: some clients would send nothing for many seconds.
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            Callable<Integer> task = () -> {
                try (var socket = open(contender.url())) {
                    return socket.send(request);
                }
            };
            var answers = threads.invokeAll(Collections.nCopies(requests, task));
            double millis = (System.nanoTime() - begin) / 1e6;
            for (var answer : answers) check(contender, answer.get());
            return millis;
        }
    }

    /// Whether rpkai's gateway says that it is ready.
    public boolean isServed(URI url) throws IOException {
        try (var socket = open(url)) {
            return socket.send(READY) == 200;
        }
    }

    /// Whether anything takes connections there.
    public static boolean listens(URI url) throws IOException {
        try (var _ = new Socket(url.getHost(), url.getPort())) {
            return true;
        }
    }

    private static void check(Contender contender, int status) throws IOException {
        if (status != 200) throw new IOException("%s answered with %d".formatted(contender.name(), status));
    }
}
