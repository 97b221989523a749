package lib.gateway.exchange;

import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// The body of a request. It is streamed as it arrives unless the gateway must read it first. In that case it is
/// held in the gateway's [BodyStore] until [#release].
public final class RequestBody {
    /// The largest body that is held in memory, in bytes. Anthropic accepts no larger message either.
    static final int LIMIT = 32 << 20;
    /// The size in bytes up to which a body is read at once, without its own thread or connection.
    public static final int SMALL = 64 * 1024;

    /// The longest time for which the rest of a request is read and discarded after its answer was sent, as long
    /// as nginx's `lingering_time`.
    private static final Duration LINGER = Duration.ofSeconds(30);
    private static final byte[] NOTHING = {};

    private final InputStream stream;
    private final OptionalLong length;
    private final Optional<CallMeter> metered;
    private final BodyStore store;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean complete;
    private volatile boolean broken;
    private volatile boolean dropping;
    /// Whether bytes of the body were passed on without being held, or the held ones were released.
    private volatile boolean spent;
    /// Allows one reader at a time: first the upload, then the thread that discards the rest.
    private final ReentrantLock reading = new ReentrantLock();
    /// Null until the whole body is held.
    private BodyStore.Held held;
    /// The whole body in one array; null while it is in chunks.
    private byte[] flat = NOTHING;
    private boolean asksForUsage;
    private volatile Optional<Check> check = Optional.empty();
    private volatile Optional<GatewayError> refusal = Optional.empty();
    /// The number of bytes that were read.
    private long arrived;
    /// The part that was read before the upstream accepted it; null if the upstream has never stalled.
    private volatile ReadAhead ahead;

    /// A check of a body while it passes. Nothing is forwarded before it was checked.
    public interface Check {
        /// Takes the next piece.
        ///
        /// @throws GatewayError if the request is refused
        void accept(byte[] bytes, int from, int count);

        /// Says that the body has ended.
        ///
        /// @throws GatewayError if the request is refused
        void end();
    }

    /// Signals that the check of the body refused the request.
    private static final class Refused extends IOException {
        Refused() {
            super("the request is refused");
        }
    }

    private RequestBody(InputStream stream, OptionalLong length, Optional<CallMeter> metered, BodyStore store) {
        this.stream = new Watched(stream);
        this.length = length;
        this.metered = metered;
        this.store = store;
    }

    /// Returns the body of a call to the gateway itself, which is small.
    public static RequestBody of(ServerRequest request) {
        return of(request, Optional.empty(), new BodyStore(2L * LIMIT, Duration.ZERO));
    }

    /// @param metered the meter that sees the bytes as they are read
    /// @param store the memory that holds the body
    public static RequestBody of(ServerRequest request, Optional<CallMeter> metered, BodyStore store) {
        if (request.content().hasEntity()) {
            return new RequestBody(
                    request.content().inputStream(), request.headers().contentLength(), metered, store);
        }
        var none = new RequestBody(InputStream.nullInputStream(), OptionalLong.empty(), metered, store);
        none.end(true);
        return none;
    }

    /// Returns a body that the gateway made.
    public static RequestBody of(byte[] bytes) {
        var own = of(InputStream.nullInputStream(), bytes.length);
        own.flat = bytes;
        own.end(true);
        return own;
    }

    /// Returns a body that the gateway streams from its own source.
    public static RequestBody of(InputStream stream, long length) {
        return new RequestBody(
                stream, OptionalLong.of(length), Optional.empty(), new BodyStore(2L * LIMIT, Duration.ZERO));
    }

    /// Reads and holds the whole body, once.
    ///
    /// @throws GatewayError if it is larger than [#LIMIT], or there is no room for it
    private void hold() throws IOException {
        if (complete) return;
        // Helidon discards the unread rest here, so that a client that is still sending receives the answer.
        if (length.orElse(0) > LIMIT) throw GatewayError.tooLarge(LIMIT);
        free();
        held = store.open();
        try {
            fill();
        } catch (Refused e) {
            throw refusal.orElseThrow();
        }
        flat = held.size() <= SMALL ? held.bytes() : null;
    }

    private void fill() throws IOException {
        if (length.isPresent()) {
            held.fillExactly(stream, (int) length.getAsLong());
            // The end of the body is detected only by reading past it.
            if (stream.read() >= 0) throw GatewayError.invalid("the request body is longer than its Content-Length");
        } else {
            held.fill(stream, LIMIT);
        }
    }

    /// Returns whether the body is large and can be checked while it is forwarded: its end is known in advance.
    public boolean canBeCheckedInPassing() {
        return !complete && isLargeAndLimited();
    }

    private boolean isLargeAndLimited() {
        return length.orElse(0) > SMALL && length.getAsLong() <= LIMIT;
    }

    /// Checks the body while it is read and forwarded.
    public void check(Check passing) {
        if (complete || arrived > 0) throw new IllegalStateException("the body was read before its check");
        check = Optional.of(passing);
    }

    /// Returns the error with which the check of the body refused the request, if it has.
    public Optional<GatewayError> refusal() {
        return refusal;
    }

    /// Returns the whole body in one array and holds it from then on. Prefer a stream for large bodies; see
    /// [#content].
    ///
    /// @throws GatewayError if it is larger than [#LIMIT], or there is no room for it
    public byte[] bytes() throws IOException {
        hold();
        return inOnePiece();
    }

    /// Returns a stream over the whole body and holds it from then on. May be called more than once.
    ///
    /// @throws GatewayError if it is larger than [#LIMIT], or there is no room for it
    public InputStream content() throws IOException {
        hold();
        return heldContent();
    }

    /// Holds the whole body and returns its size in bytes.
    ///
    /// @throws GatewayError if it is larger than [#LIMIT], or there is no room for it
    public int size() throws IOException {
        hold();
        return heldSize();
    }

    private byte[] inOnePiece() {
        if (flat == null) flat = held.bytes();
        return flat;
    }

    private InputStream heldContent() {
        return flat == null ? held.stream() : new ByteArrayInputStream(flat);
    }

    private int heldSize() {
        return flat == null ? held.size() : flat.length;
    }

    /// Returns the bytes that [#bytes] has read.
    public byte[] held() {
        return inOnePiece();
    }

    /// Replaces the bytes that were read.
    public void replace(byte[] bytes) {
        flat = bytes;
    }

    /// Replaces the bytes that were read with a body that also asks for usage, which the client did not; see
    /// [StreamUsage].
    void replaceAskingForUsage(byte[] bytes) {
        flat = bytes;
        asksForUsage = true;
    }

    /// Returns whether the gateway, but not the client, asks for the usage of a stream.
    public boolean asksForUsage() {
        return asksForUsage;
    }

    /// Returns the whole body if it has arrived or is small enough to wait for. It can then be sent at once, and
    /// sent again. A body that was streamed is not there any more.
    public Optional<byte[]> small() throws IOException {
        if (!complete && length.orElse(Long.MAX_VALUE) <= SMALL) hold();
        return complete && !spent && heldSize() <= SMALL ? Optional.of(inOnePiece()) : Optional.empty();
    }

    /// Frees the memory of the body: it has been sent, or will not be sent.
    public void release() {
        spent = true;
        free();
        var early = ahead;
        if (early != null) early.close();
    }

    private void free() {
        flat = NOTHING;
        var room = held;
        held = null;
        if (room != null) room.close();
    }

    /// Frees the memory of a small body, which has been sent when its answer begins.
    public void releaseSmall() {
        if (complete && !spent && heldSize() <= SMALL) release();
    }

    /// Returns the bytes to send: the whole body if it is held, otherwise the unread rest.
    public InputStream stream() {
        return complete ? heldContent() : stream;
    }

    /// Returns the length in bytes, if it is known.
    public OptionalLong length() {
        return complete && !spent ? OptionalLong.of(heldSize()) : length;
    }

    /// Returns the same bytes for the upstream, with the framing of the client's request.
    public BodyPublisher publisher() {
        if (complete && heldSize() == 0) return BodyPublishers.noBody();
        if (complete && flat != null) return BodyPublishers.ofByteArray(flat);
        var publisher = BodyPublishers.ofInputStream(this::stream);
        return length().isPresent() ? BodyPublishers.fromPublisher(publisher, length().getAsLong()) : publisher;
    }

    /// Reads on although the upstream accepts no more bytes, until the body ends or there is no more room for it.
    /// Otherwise an upstream that stalls would delay the refusal of a body that is checked in passing, and would
    /// hide that the client has disconnected. Returns at once; another thread reads.
    ///
    /// @param cut the action that ends the upload if the rest of the body does not arrive or is refused
    public synchronized void readAhead(Runnable cut) {
        if (over.getCount() == 0 || dropping || !isLargeAndLimited()) return;
        if (ahead == null) ahead = new ReadAhead(store);
        var into = ahead;
        if (into.begin()) Thread.ofVirtual().name("read ahead").start(() -> readAhead(into, cut));
    }

    private void readAhead(ReadAhead into, Runnable cut) {
        try {
            while (readPiece(into)) {}
        } catch (IOException gone) {
            cut.run();
        } finally {
            into.end();
        }
    }

    /// Returns whether more may follow.
    private boolean readPiece(ReadAhead into) throws IOException {
        reading.lock();
        try {
            if (dropping || over.getCount() == 0) return false;
            var piece = into.piece();
            if (piece.isEmpty()) return false;
            int count = ((Watched) stream).take(piece.get(), 0, piece.get().length);
            if (count > 0) into.add(piece.get(), count);
            return count >= 0;
        } finally {
            reading.unlock();
        }
    }

    /// Waits until no more of the body will be read, and returns whether all of it was.
    public boolean awaitComplete() throws InterruptedException {
        over.await();
        return complete;
    }

    /// Returns whether the whole body was read.
    public boolean isComplete() {
        return complete;
    }

    /// Returns whether the body arrived damaged: cut off, or with invalid chunks.
    public boolean isBroken() {
        return broken;
    }

    /// Stops all further reading.
    public void abandon() {
        end(false);
    }

    /// Reads and discards what the client is still sending after it got its answer. A connection that is closed
    /// with unread bytes is reset, and the answer may be lost.
    ///
    /// @param late the action that ends the wait if the client continues to send for longer than [#LINGER]
    public void drop(Runnable late) {
        if (over.getCount() == 0) return;
        dropping = true;
        var timer = Thread.ofVirtual().name("linger").start(() -> {
            try {
                if (!over.await(LINGER.toSeconds(), TimeUnit.SECONDS)) late.run();
            } catch (InterruptedException e) {
                // The body has ended.
            }
        });
        // A current reader receives its pending bytes and then stops.
        reading.lock();
        try {
            var buffer = new byte[16 * 1024];
            while (over.getCount() > 0) ((Watched) stream).take(buffer, 0, buffer.length);
        } catch (IOException gone) {
            // The connection ends then.
        } finally {
            reading.unlock();
            timer.interrupt();
        }
    }

    private synchronized void end(boolean all) {
        if (over.getCount() == 0) return;
        complete = all;
        over.countDown();
    }

    private final class Watched extends FilterInputStream {
        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int size) throws IOException {
            while (true) {
                if (ahead != null) {
                    int count = ahead.read(buffer, offset, size);
                    if (count > 0) return count;
                }
                reading.lock();
                try {
                    // Another piece was read ahead before this thread had the lock.
                    if (ahead != null && !ahead.isUsedUp()) continue;
                    if (dropping && over.getCount() > 0) throw new IOException("the body was abandoned");
                    return take(buffer, offset, size);
                } finally {
                    reading.unlock();
                }
            }
        }

        private int take(byte[] buffer, int offset, int size) throws IOException {
            if (over.getCount() == 0) {
                if (complete) return -1;
                throw new IOException("the body was abandoned");
            }
            if (refusal.isPresent() && !dropping) throw new Refused();
            int count = arrive(buffer, offset, size);
            if (dropping) return count;
            if (check.isPresent()) check(check.get(), buffer, offset, count);
            else if (metered.isPresent() && count > 0) metered.get().asked(buffer, offset, count);
            return count;
        }

        private void check(Check check, byte[] buffer, int offset, int count) throws Refused {
            try {
                if (count > 0) check.accept(buffer, offset, count);
                // The last piece must not be forwarded before the whole body is known to be allowed.
                if (count < 0 || arrived == length.orElse(-1)) check.end();
            } catch (GatewayError e) {
                refusal = Optional.of(e);
                throw new Refused();
            }
        }

        private int arrive(byte[] buffer, int offset, int size) throws IOException {
            try {
                int count = super.read(buffer, offset, size);
                if (count < 0) end(true);
                else arrived += count;
                spent |= held == null;
                return count;
            } catch (RuntimeException gone) {
                broken = true;
                end(false);
                // Helidon throws an unchecked exception when a client disconnects; readers of a stream expect an
                // IOException.
                throw new IOException("the client went away", gone);
            }
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }
}
