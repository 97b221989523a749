package lib.gateway;

import io.helidon.webserver.http.ServerRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/// A request's body: streamed on as it comes, unless somebody has to look into it first.
final class RequestBody {
    /// How much is held in memory at most; Anthropic takes no larger message either.
    static final int LIMIT = 32 << 20;
    /// What is not worth a thread, or a connection.
    static final int SMALL = 64 * 1024;

    private final InputStream stream;
    private final OptionalLong length;
    private final Optional<Metered> metered;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean complete;
    private volatile boolean broken;
    private byte[] held = {};
    private boolean asksForUsage;

    private RequestBody(InputStream stream, OptionalLong length, Optional<Metered> metered) {
        this.stream = new Watched(stream);
        this.length = length;
        this.metered = metered;
    }

    static RequestBody of(ServerRequest request) {
        return of(request, Optional.empty());
    }

    /// @param metered looks on while it is read
    static RequestBody of(ServerRequest request, Optional<Metered> metered) {
        if (request.content().hasEntity()) {
            return new RequestBody(request.content().inputStream(), request.headers().contentLength(), metered);
        }
        var none = new RequestBody(InputStream.nullInputStream(), OptionalLong.empty(), metered);
        none.end(true);
        return none;
    }

    /// One of the gateway's own making.
    static RequestBody of(byte[] bytes) {
        var own = new RequestBody(InputStream.nullInputStream(), OptionalLong.of(bytes.length), Optional.empty());
        own.held = bytes;
        own.end(true);
        return own;
    }

    /// All of it, read once and held from then on.
    ///
    /// @throws Refusal where it is larger than [#LIMIT]
    byte[] bytes() throws IOException {
        if (complete) return held;
        // Helidon reads what is left unread here, so that a client that is still sending gets to the answer.
        if (length.orElse(0) > LIMIT) throw Refusal.tooLarge(LIMIT);
        var all = length.isPresent() && length.getAsLong() <= SMALL ? ofLength((int) length.getAsLong()) : stream.readNBytes(LIMIT + 1);
        if (all.length > LIMIT) throw Refusal.tooLarge(LIMIT);
        held = all;
        return held;
    }

    /// A large one is not believed to come until it does.
    private byte[] ofLength(int expected) throws IOException {
        var all = new byte[expected];
        int count = stream.readNBytes(all, 0, expected);
        // Its end is seen only by asking for more.
        if (stream.read() >= 0) throw Refusal.invalid("the request body is longer than its Content-Length");
        return count == expected ? all : Arrays.copyOf(all, count);
    }

    /// What [#bytes] has read.
    byte[] held() {
        return held;
    }

    /// Takes other bytes in place of those that were read.
    void replace(byte[] bytes) {
        held = bytes;
    }

    /// Takes other bytes in place of those that were read, which ask for more than the client did: see [StreamUsage].
    void replaceAskingForUsage(byte[] bytes) {
        held = bytes;
        asksForUsage = true;
    }

    /// Whether the gateway asks for the usage of a stream, and the client does not.
    boolean asksForUsage() {
        return asksForUsage;
    }

    /// All of it, where it is here already or small enough to wait for, so that it can be sent at once, and once more.
    Optional<byte[]> small() throws IOException {
        if (!complete && length.orElse(Long.MAX_VALUE) <= SMALL) bytes();
        return complete ? Optional.of(held) : Optional.empty();
    }

    /// What is still to be read.
    InputStream stream() {
        return stream;
    }

    /// Its length, where the client said.
    OptionalLong length() {
        return length;
    }

    /// The same bytes for the upstream, framed as they were.
    BodyPublisher publisher() {
        if (complete) return held.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(held);
        var publisher = BodyPublishers.ofInputStream(() -> stream);
        return length.isPresent() ? BodyPublishers.fromPublisher(publisher, length.getAsLong()) : publisher;
    }

    /// Waits until no more of it will be read, and tells whether that is because all of it was.
    boolean awaitComplete() throws InterruptedException {
        over.await();
        return complete;
    }

    /// Whether all of it was read.
    boolean isComplete() {
        return complete;
    }

    /// Whether it did not come as it was announced: cut off, or in chunks that are none.
    boolean isBroken() {
        return broken;
    }

    /// Lets nobody read on.
    void abandon() {
        end(false);
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
