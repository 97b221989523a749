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

/// A request's body: streamed on as it comes, unless it has to be looked into first. Then it is held in the
/// gateway's [BodyStore] until [#release].
public final class RequestBody {
    /// How much is held in memory at most; Anthropic takes no larger message either.
    static final int LIMIT = 32 << 20;
    /// What is not worth a thread, or a connection.
    public static final int SMALL = 64 * 1024;

    /// As long as nginx reads on.
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
    /// One reader at a time: the upload, then whoever drops the rest.
    private final ReentrantLock reading = new ReentrantLock();
    /// Null until all of it is held.
    private BodyStore.Held held;
    /// All of it in one piece; null where it is in chunks.
    private byte[] flat = NOTHING;
    private boolean asksForUsage;

    private RequestBody(InputStream stream, OptionalLong length, Optional<CallMeter> metered, BodyStore store) {
        this.stream = new Watched(stream);
        this.length = length;
        this.metered = metered;
        this.store = store;
    }

    /// The body of a call of the gateway itself, which is small.
    public static RequestBody of(ServerRequest request) {
        return of(request, Optional.empty(), new BodyStore(2L * LIMIT, Duration.ZERO));
    }

    /// @param metered looks on while it is read
    /// @param store where it is held
    public static RequestBody of(ServerRequest request, Optional<CallMeter> metered, BodyStore store) {
        if (request.content().hasEntity()) {
            return new RequestBody(
                    request.content().inputStream(), request.headers().contentLength(), metered, store);
        }
        var none = new RequestBody(InputStream.nullInputStream(), OptionalLong.empty(), metered, store);
        none.end(true);
        return none;
    }

    /// One of the gateway's own making.
    public static RequestBody of(byte[] bytes) {
        var own = of(InputStream.nullInputStream(), bytes.length);
        own.flat = bytes;
        own.end(true);
        return own;
    }

    /// One of the gateway's own.
    public static RequestBody of(InputStream stream, long length) {
        return new RequestBody(
                stream, OptionalLong.of(length), Optional.empty(), new BodyStore(2L * LIMIT, Duration.ZERO));
    }

    /// Reads all of it, once, and holds it from then on.
    ///
    /// @throws Refusal where it is larger than [#LIMIT], or there is no room for it
    private void hold() throws IOException {
        if (complete) return;
        // Helidon reads what is left unread here, so that a client that is still sending gets to the answer.
        if (length.orElse(0) > LIMIT) throw GatewayError.tooLarge(LIMIT);
        release();
        held = store.open();
        if (length.isPresent()) {
            held.fillExactly(stream, (int) length.getAsLong());
            // Its end is seen only by asking for more.
            if (stream.read() >= 0) throw GatewayError.invalid("the request body is longer than its Content-Length");
        } else {
            held.fill(stream, LIMIT);
        }
        flat = held.size() <= SMALL ? held.bytes() : null;
    }

    /// All of it in one piece, held from then on. A large one is better read as a stream: see [#content].
    ///
    /// @throws Refusal where it is larger than [#LIMIT], or there is no room for it
    public byte[] bytes() throws IOException {
        hold();
        return inOnePiece();
    }

    /// All of it, from its beginning, held from then on; may be asked for more than once.
    ///
    /// @throws Refusal where it is larger than [#LIMIT], or there is no room for it
    public InputStream content() throws IOException {
        hold();
        return heldContent();
    }

    /// How large it is, all of it held from then on.
    ///
    /// @throws Refusal where it is larger than [#LIMIT], or there is no room for it
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

    /// What [#bytes] has read.
    public byte[] held() {
        return inOnePiece();
    }

    /// Takes other bytes in place of those that were read.
    public void replace(byte[] bytes) {
        flat = bytes;
    }

    /// Takes other bytes in place of those that were read, which ask for more than the client did: see
    /// [StreamUsage].
    void replaceAskingForUsage(byte[] bytes) {
        flat = bytes;
        asksForUsage = true;
    }

    /// Whether the gateway asks for the usage of a stream, and the client does not.
    public boolean asksForUsage() {
        return asksForUsage;
    }

    /// All of it, where it is here already or small enough to wait for, so that it can be sent at once, and once
    /// more.
    public Optional<byte[]> small() throws IOException {
        if (!complete && length.orElse(Long.MAX_VALUE) <= SMALL) hold();
        return complete && heldSize() <= SMALL ? Optional.of(inOnePiece()) : Optional.empty();
    }

    /// Gives back the memory in which it is held: it has been sent, or is not going to be.
    public void release() {
        flat = NOTHING;
        var room = held;
        held = null;
        if (room != null) room.close();
    }

    /// The same where it is small: it has been sent when its answer begins.
    public void releaseSmall() {
        if (complete && heldSize() <= SMALL) release();
    }

    /// What is to be sent: all of it where it is held, else what is still to be read.
    public InputStream stream() {
        return complete ? heldContent() : stream;
    }

    /// Its length, where that is known.
    public OptionalLong length() {
        return complete ? OptionalLong.of(heldSize()) : length;
    }

    /// The same bytes for the upstream, framed as they were.
    public BodyPublisher publisher() {
        if (complete && heldSize() == 0) return BodyPublishers.noBody();
        if (complete && flat != null) return BodyPublishers.ofByteArray(flat);
        var publisher = BodyPublishers.ofInputStream(this::stream);
        return length().isPresent() ? BodyPublishers.fromPublisher(publisher, length().getAsLong()) : publisher;
    }

    /// Waits until no more of it will be read, and tells whether that is because all of it was.
    public boolean awaitComplete() throws InterruptedException {
        over.await();
        return complete;
    }

    /// Whether all of it was read.
    public boolean isComplete() {
        return complete;
    }

    /// Whether it did not come as it was announced: cut off, or in chunks that are none.
    public boolean isBroken() {
        return broken;
    }

    /// Lets nobody read on.
    public void abandon() {
        end(false);
    }

    /// Reads what the client is still sending after it got its answer, and drops it. A connection that is closed
    /// with unread bytes is reset, and the answer may be lost with it.
    ///
    /// @param late ends the wait where the client goes on sending for longer than [#LINGER]
    public void drop(Runnable late) {
        if (over.getCount() == 0) return;
        dropping = true;
        var timer = Thread.ofVirtual().name("linger").start(() -> {
            try {
                if (!over.await(LINGER.toSeconds(), TimeUnit.SECONDS)) late.run();
            } catch (InterruptedException e) {
                // It has come to its end.
            }
        });
        // Whoever reads now is given what it waits for, and reads no more.
        reading.lock();
        try {
            var buffer = new byte[16 * 1024];
            while (over.getCount() > 0) ((Watched) stream).take(buffer, 0, buffer.length);
        } catch (IOException gone) {
            // Then the connection ends.
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
            reading.lock();
            try {
                if (dropping && over.getCount() > 0) throw new IOException("the body was abandoned");
                return take(buffer, offset, size);
            } finally {
                reading.unlock();
            }
        }

        private int take(byte[] buffer, int offset, int size) throws IOException {
            if (over.getCount() == 0) {
                if (complete) return -1;
                throw new IOException("the body was abandoned");
            }
            try {
                var count = super.read(buffer, offset, size);
                if (count < 0) end(true);
                else if (metered.isPresent()) metered.get().asked(buffer, offset, count);
                return count;
            } catch (RuntimeException gone) {
                broken = true;
                end(false);
                // Helidon throws unchecked where a client goes away; whoever reads a stream expects this one.
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
