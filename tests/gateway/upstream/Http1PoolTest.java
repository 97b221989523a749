package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lib.gateway.exchange.RequestBody;
import lib.gateway.upstream.HostLookup;
import lib.gateway.upstream.Http1Pool;
import lib.gateway.upstream.TlsUpstream;
import lib.gateway.upstream.UpstreamRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.OwnCertificate;

/// The limit of connections to one host.
class Http1PoolTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static OwnCertificate own;
    private static HttpClient client;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
        client = HttpClient.newBuilder().sslContext(own.trusting()).build();
    }

    @Test
    void requestsBeyondTheLimitWaitAndAreSentInTheirOrder() throws Exception {
        var received = new CopyOnWriteArrayList<String>();
        var allowed = new Semaphore(0);
        try (var upstream = new RawUpstream(Optional.of(own), socket -> {
                    while (true) {
                        received.add(RawUpstream.head(socket.getInputStream()).split(" ")[1]);
                        allowed.acquire();
                        RawUpstream.answer(socket, 200, "", "{}");
                    }
                });
                var pool = pool(upstream.url(), 2)) {
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 8; i++) {
                var path = "/" + i;
                var thread = Thread.ofVirtual().start(() -> ask(pool, upstream.url(), path));
                threads.add(thread);
                int before = i;
                Eventually.holds(
                        () -> before < 2 ? received.size() > before : thread.getState() == Thread.State.TIMED_WAITING,
                        MINUTE,
                        () -> received + " " + thread.getState());
            }

            for (int i = 3; i <= 8; i++) {
                allowed.release();
                int count = i;
                Eventually.holds(() -> received.size() == count, MINUTE, received::toString);
            }
            allowed.release(2);
            for (var thread : threads) thread.join();

            assertEquals(List.of("/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7"), List.copyOf(received));
            assertEquals(2, upstream.connections.get());
        }
    }

    @Test
    void aConnectionThatEndedLeavesItsPlaceToAnother() throws Exception {
        var requests = new AtomicInteger();
        try (var upstream = new RawUpstream(Optional.of(own), socket -> {
                    while (RawUpstream.request(socket.getInputStream())) {
                        if (requests.incrementAndGet() % 2 == 0) return;
                        RawUpstream.answer(socket, 200, "", "{}");
                    }
                });
                var pool = pool(upstream.url(), 1)) {
            for (int i = 0; i < 6; i++) assertEquals("{}", ask(pool, upstream.url(), "/"));
        }
    }

    /// Full TLS records are sent together with the next one, if that is not late.
    @Test
    void whatHasArrivedOfABodyIsSentWhileTheRestIsAwaited() throws Exception {
        int size = 100_000, first = 2 * 16_352;
        var arrived = new CountDownLatch(1);
        try (var upstream = new RawUpstream(Optional.of(own), socket -> {
                    RawUpstream.head(socket.getInputStream());
                    int count = socket.getInputStream().readNBytes(first).length;
                    arrived.countDown();
                    count += socket.getInputStream().readNBytes(size - first).length;
                    RawUpstream.answer(socket, 200, "", "" + count);
                });
                var pool = pool(upstream.url(), 1)) {
            var client = new PipedOutputStream();
            var body = RequestBody.of(new PipedInputStream(client, size), size);
            var sending = Thread.ofVirtual().start(() -> {
                try (client) {
                    client.write(new byte[first]);
                    if (arrived.await(1, TimeUnit.MINUTES)) client.write(new byte[size - first]);
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });

            assertEquals("" + size, answer(pool, new UpstreamRequest("POST", upstream.url(), List.of(), body)));
            sending.join();
        }
    }

    @Test
    void aConnectionThatCannotBeMadeTakesNoPlace() throws Exception {
        URI url;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = URI.create("https://127.0.0.1:" + server.getLocalPort());
        }
        try (var pool = pool(url, 1)) {
            for (int i = 0; i < 3; i++) {
                var request = new UpstreamRequest("GET", url, List.of(), RequestBody.of(new byte[0]));
                assertThrows(ConnectException.class, () -> pool.send(request, MINUTE));
            }
        }
    }

    private static Http1Pool pool(URI url, int most) {
        return new Http1Pool(new TlsUpstream(url, client, HostLookup.ANYWHERE), most);
    }

    private static String ask(Http1Pool pool, URI url, String path) {
        return answer(pool, new UpstreamRequest("GET", url.resolve(path), List.of(), RequestBody.of(new byte[0])));
    }

    private static String answer(Http1Pool pool, UpstreamRequest request) {
        try (var answer = pool.send(request, MINUTE)) {
            var out = new ByteArrayOutputStream();
            answer.passTo(out);
            return out.toString(StandardCharsets.US_ASCII);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
