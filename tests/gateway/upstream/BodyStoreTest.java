package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import lib.gateway.config.Operations;
import lib.gateway.exchange.BodyStore;
import org.junit.jupiter.api.Test;
import tests.gateway.TestGateway;
import tests.support.Eventually;

/// Room for request bodies: of 64 MiB, 16 are for small ones and 32 for the oldest large one.
class BodyStoreTest {
    private static final int CHUNK = 64 * 1024;
    private static final int MIB = 1 << 20;
    private static final int LIMIT = 32 * MIB;
    private static final int SMALL = 64 * 1024;
    private static final Duration LONG = Duration.ofSeconds(60);

    /// A stream of that many bytes, whose last part arrives once it is released.
    private static final class Arriving extends InputStream {
        final AtomicLong read = new AtomicLong();
        final CountDownLatch rest = new CountDownLatch(1);
        private final long early;
        private final long all;

        Arriving(long early, long all) {
            this.early = early;
            this.all = all;
        }

        @Override
        public int read(byte[] to, int from, int most) throws IOException {
            long before = read.get();
            if (before == all) return -1;
            if (before == early) await();
            int count = (int) Math.min(most, (before < early ? early : all) - before);
            read.addAndGet(count);
            return count;
        }

        private void await() throws IOException {
            try {
                rest.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        void awaitRead(long bytes) {
            Eventually.holds(() -> read.get() >= bytes, Duration.ofMinutes(2), () -> read + " bytes were read");
        }
    }

    @Test
    void theOldestIsReadToItsEndFirstThenTheNextOldest() throws Exception {
        var store = new BodyStore(64L * MIB, LONG);
        var order = new ConcurrentLinkedQueue<Integer>();
        var bodies = List.of(new Arriving(MIB, LIMIT), new Arriving(0, LIMIT), new Arriving(0, LIMIT));
        var ends = new ArrayList<CompletableFuture<Void>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Each comes as far as it can before the next begins.
            for (long expected : new long[] {MIB, 14 * MIB, SMALL}) {
                int which = ends.size();
                if (which > 0) bodies.get(which).rest.countDown();
                ends.add(CompletableFuture.runAsync(
                        () -> {
                            try (var held = store.open()) {
                                held.fill(bodies.get(which), LIMIT);
                                order.add(which);
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        threads));
                bodies.get(which).awaitRead(expected);
            }

            bodies.getFirst().rest.countDown();

            for (var end : ends) end.join();
        }
        assertEquals(List.of(0, 1, 2), List.copyOf(order));
    }

    @Test
    void smallOnesFindTheirPartWhileALargeOneHoldsAllOfItsOwn() throws Exception {
        var store = new BodyStore(64L * MIB, Duration.ZERO);
        try (var large = store.open();
                var next = store.open()) {
            large.fill(zeros(LIMIT), LIMIT);
            assertBusy(() -> next.fill(zeros(LIMIT), LIMIT));
            var small = new ArrayList<BodyStore.Held>();

            // The beginning of either large one is small, too.
            for (int i = 0; i < 16 * MIB / SMALL - 2; i++) small.add(filled(store, SMALL - 1));

            assertEquals(254, small.size());
        }
    }

    @Test
    void theOldestIsReadToItsEndWhileSmallOnesTakeAllTheyCan() throws Exception {
        var store = new BodyStore(64L * MIB, Duration.ZERO);
        var body = new Arriving(MIB, LIMIT);
        var small = new ArrayList<BodyStore.Held>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var large = store.open()) {
            var end = threads.submit(() -> {
                large.fill(body, LIMIT);
                return large.stream().readAllBytes().length;
            });
            body.awaitRead(MIB);
            assertBusy(() -> {
                while (true) small.add(filled(store, SMALL - 1));
            });
            assertTrue(small.size() >= 250, small.size() + " small ones");

            body.rest.countDown();

            assertEquals(LIMIT, end.get());
        }
    }

    @Test
    void itsRoomIsGivenBackOnce() throws Exception {
        var store = new BodyStore(64L * MIB, Duration.ZERO);
        var first = filled(store, LIMIT);

        for (int i = 0; i < 3; i++) first.close();

        try (var oldest = filled(store, MIB);
                var next = store.open()) {
            assertEquals(MIB, oldest.stream().readAllBytes().length);
            assertBusy(() -> next.fill(zeros(LIMIT), LIMIT));
        }
        filled(store, LIMIT).close();
    }

    @Test
    void aCallerThatFindsNoRoomInTimeIsToldWhenToTryAgain() throws Exception {
        var operations = Operations.quiet().withBodies(new BodyStore(64L * MIB, Duration.ofMillis(50)));
        try (var upstream = new RawUpstream(Optional.empty(), socket -> {
                    while (RawUpstream.request(socket.getInputStream())) RawUpstream.answer(socket, 200, "", "{}");
                });
                var gateway = TestGateway.with(
                        config -> config.withOperations(operations), TestGateway.anthropic(upstream.url(), "m"));
                var oldest = connected(gateway);
                var next = connected(gateway)) {
            // Without a length they are read in full before they are forwarded.
            var body = ("{\"model\":\"m\",\"x\":\"" + "x".repeat(25 * MIB) + "\"}").getBytes(StandardCharsets.US_ASCII);
            // What the gateway has not read of it does not fit into the buffers of the system.
            int begin = 20 * MIB;
            head(oldest);
            chunks(oldest, body, 0, begin);
            head(next);
            chunks(next, body, 0, body.length);

            var refusal = RawUpstream.head(next.getInputStream());

            assertEquals("503", refusal.substring(9, 12));
            assertTrue(refusal.toLowerCase(Locale.ROOT).contains("retry-after: 5\r\n"), refusal);
            chunks(oldest, body, begin, body.length);
            oldest.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("200", RawUpstream.head(oldest.getInputStream()).substring(9, 12));
        }
    }

    private static Socket connected(TestGateway gateway) throws IOException {
        var socket = new Socket(gateway.url().getHost(), gateway.url().getPort());
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static void head(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(("POST /llm/v1/providers/anthropic/v1/messages HTTP/1.1\r\nHost: localhost\r\n"
                                + "x-api-key: %s\r\nContent-Type: application/json\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n")
                        .formatted(TestGateway.TOKEN)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static void chunks(Socket socket, byte[] body, int from, int to) throws IOException {
        var out = new BufferedOutputStream(socket.getOutputStream(), 256 * 1024);
        for (int at = from; at < to; at += CHUNK) {
            int count = Math.min(CHUNK, to - at);
            out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, count);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
    }

    private interface Filling {
        void run() throws IOException;
    }

    private static void assertBusy(Filling filling) {
        var refusal = assertThrows(RuntimeException.class, filling::run);
        assertTrue(refusal.getMessage().contains("not enough memory for this request"), refusal.getMessage());
    }

    private static BodyStore.Held filled(BodyStore store, int size) throws IOException {
        var held = store.open();
        held.fill(zeros(size), LIMIT);
        return held;
    }

    private static InputStream zeros(int size) {
        return new ByteArrayInputStream(new byte[size]);
    }
}
