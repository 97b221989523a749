package lib.gateway.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Memory for the request bodies that the whole gateway holds. A body is stored in chunks as its bytes arrive;
/// chunks are never copied into larger ones. If there is no room the body waits, the oldest first, and its client
/// waits too.
///
///     try (var held = store.open()) {
///         held.fill(in, RequestBody.LIMIT);
///         held.stream().transferTo(out);
///     }
///
/// Bodies that each hold a part and wait for the rest would deadlock. Therefore the last [RequestBody#LIMIT]
/// bytes are reserved for the oldest large body: it can always be read to its end, and then frees its room for
/// the others. A further part is reserved for small bodies and for the beginnings of large ones, so that small
/// bodies are answered while large ones wait.
public final class BodyStore {
    private static final long LARGEST = 96L << 20;
    private static final long LEAST = 64L << 20;
    private static final long FOR_SMALL = 16L << 20;
    private static final int FIRST_CHUNK = 8 * 1024;
    private static final int CHUNK = 64 * 1024;
    /// One chunk more than the limit, because the end of a body is detected only by reading into another chunk.
    private static final long FOR_OLDEST = RequestBody.LIMIT + CHUNK;

    private final long most;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock flattening = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    /// The open large bodies, the oldest first.
    private final LinkedHashSet<Held> large = new LinkedHashSet<>();
    /// The bytes held by bodies while they are small.
    private long small;
    /// The bytes that large bodies hold beyond their small part.
    private long rest;
    /// The bytes of `rest` that were read ahead of a stalled upstream.
    private long ahead;

    /// @param most the capacity in bytes; it must exceed [RequestBody#LIMIT]
    /// @param patience the longest time that a body waits for room
    public BodyStore(long most, Duration patience) {
        if (most < RequestBody.LIMIT + 2 * FOR_SMALL) throw new IllegalArgumentException("too small for one body");
        this.most = most;
        this.patience = patience;
    }

    /// Returns a store that leaves enough of the heap for everything else.
    public static BodyStore ofThisProcess() {
        return new BodyStore(Math.clamp(Runtime.getRuntime().maxMemory() / 2, LEAST, LARGEST), Duration.ofSeconds(60));
    }

    /// Opens a place for one body. It uses no memory until it is filled.
    public Held open() {
        return new Held();
    }

    /// Opens a place for the part of a body that is read although its upstream stalls. It waits for no room, and
    /// all such parts together leave half of what is not reserved, because upstreams may stall for long.
    Ahead openAhead() {
        return new Ahead();
    }

    private void take(Held held, int bytes) throws IOException {
        lock.lock();
        try {
            if (held.room + bytes > RequestBody.SMALL) large.add(held);
            if (!fits(held, bytes)) awaitRoom(held, bytes);
            held.room += bytes;
            if (large.contains(held)) {
                rest += bytes;
            } else {
                small += bytes;
                held.small += bytes;
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(Held held, int bytes) throws IOException {
        long left = patience.toNanos();
        held.waits = true;
        try {
            while (!fits(held, bytes)) {
                if (left <= 0) throw GatewayError.busy();
                left = freed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for room", e);
        } finally {
            held.waits = false;
            // The next waiting bodies may now have room.
            freed.signalAll();
        }
    }

    private boolean fits(Held held, int bytes) {
        if (!large.contains(held)) return small + bytes <= FOR_SMALL || small + rest + bytes <= most - FOR_OLDEST;
        long all = Math.max(small, FOR_SMALL) + rest + bytes;
        if (large.getFirst() == held) return all <= most;
        for (var other : large) {
            if (other == held) break;
            if (other.waits) return false;
        }
        return all <= most - FOR_OLDEST;
    }

    private void give(Held held) {
        lock.lock();
        try {
            small -= held.small;
            rest -= held.room - held.small;
            held.room = 0;
            held.small = 0;
            large.remove(held);
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The room of a part that was read ahead.
    final class Ahead implements AutoCloseable {
        private long room;
        private boolean closed;

        private Ahead() {}

        /// Takes room, and returns whether there is any.
        boolean take(int bytes) {
            lock.lock();
            try {
                long shared = most - FOR_OLDEST - FOR_SMALL;
                if (closed || ahead + bytes > shared / 2 || rest + bytes > shared) return false;
                room += bytes;
                ahead += bytes;
                rest += bytes;
                return true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
                ahead -= room;
                rest -= room;
                room = 0;
                freed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// One held body. One thread at a time fills and reads it. The first [#close] frees its room; later ones do
    /// nothing.
    public final class Held implements AutoCloseable {
        private List<byte[]> chunks = new ArrayList<>();
        private int size;
        private long room;
        private long small;
        private boolean waits;

        private Held() {}

        /// Reads `in` to its end.
        ///
        /// @throws GatewayError if there are more than `limit` bytes, or no room for them in time
        public void fill(InputStream in, int limit) throws IOException {
            for (int length = FIRST_CHUNK; ; length = Math.clamp(size, FIRST_CHUNK, CHUNK)) {
                var chunk = chunk(length);
                int count = in.readNBytes(chunk, 0, length);
                add(chunk, count);
                if (size > limit) throw GatewayError.tooLarge(limit);
                if (count < length) return;
            }
        }

        /// Reads exactly `length` bytes.
        ///
        /// @throws EOFException if there are fewer
        /// @throws GatewayError if there is no room for them in time
        void fillExactly(InputStream in, int length) throws IOException {
            while (size < length) {
                var chunk = chunk(Math.min(length - size, CHUNK));
                int count = in.readNBytes(chunk, 0, chunk.length);
                add(chunk, count);
                if (count < chunk.length) throw new EOFException("the body is shorter than it was announced");
            }
        }

        private byte[] chunk(int length) throws IOException {
            take(this, length);
            return new byte[length];
        }

        private void add(byte[] chunk, int count) {
            if (count > 0) chunks.add(chunk);
            size += count;
        }

        int size() {
            return size;
        }

        /// Returns a stream over the whole body. May be called more than once.
        public InputStream stream() {
            return new Chunks(List.copyOf(chunks), size);
        }

        /// Returns the whole body in one array. Several chunks are copied into one array that replaces them, for
        /// one body at a time, so that no two bodies need twice their room at once.
        byte[] bytes() {
            if (chunks.size() == 1 && chunks.getFirst().length == size) return chunks.getFirst();
            flattening.lock();
            try {
                var all = flattened();
                chunks = List.of(all);
                return all;
            } finally {
                flattening.unlock();
            }
        }

        private byte[] flattened() {
            var all = new byte[size];
            int at = 0;
            for (var chunk : chunks) {
                int count = Math.min(chunk.length, size - at);
                System.arraycopy(chunk, 0, all, at, count);
                at += count;
            }
            return all;
        }

        @Override
        public void close() {
            chunks = List.of();
            size = 0;
            give(this);
        }
    }

    /// Reads through chunks. Only the last chunk may be partly filled.
    private static final class Chunks extends InputStream {
        private final List<byte[]> chunks;
        private int left;
        private int chunk;
        private int at;

        Chunks(List<byte[]> chunks, int size) {
            this.chunks = chunks;
            this.left = size;
        }

        @Override
        public int read(byte[] to, int from, int most) {
            if (left == 0) return most == 0 ? 0 : -1;
            if (at == chunks.get(chunk).length) {
                chunk++;
                at = 0;
            }
            int count = Math.min(Math.min(most, left), chunks.get(chunk).length - at);
            System.arraycopy(chunks.get(chunk), at, to, from, count);
            at += count;
            left -= count;
            return count;
        }

        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int available() {
            return left;
        }
    }
}
