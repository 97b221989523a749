package lib.gateway.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lib.gateway.exchange.RequestBody;
import lib.gateway.upstream.tls.BufferedSocket;

/// Sends a request body to an upstream while the answer may already arrive. The framing is that of the client.
final class Upload {
    /// A body that was sent together with the head.
    static final Upload DONE = over(true);
    /// A body that the upstream did not accept, or did not accept in full before it answered.
    static final Upload REFUSED = over(false);

    private static final int SOON_MILLIS = 1000;
    /// The time in nanoseconds after which a write has stalled: the upstream does not read.
    private static final long STALL = Duration.ofMillis(50).toNanos();

    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean ending;
    private volatile boolean complete;
    private volatile boolean writing;
    private volatile long since;
    /// The stream to the upstream if it may hold back the latest piece; null if not.
    private volatile OutputStream held;
    private Runnable stalled = () -> {};

    private Upload() {}

    private static Upload over(boolean complete) {
        var upload = new Upload();
        upload.ending = complete;
        upload.complete = complete;
        upload.over.countDown();
        return upload;
    }

    /// @param chunked whether the body's length was not announced
    /// @param cut the action that ends the connection if the client does not send the rest
    static Upload start(RequestBody body, OutputStream out, boolean chunked, Runnable cut) {
        var upload = new Upload();
        upload.stalled = () -> body.readAhead(cut);
        Thread.ofVirtual().name("upload").start(() -> upload.run(body, out, chunked, cut));
        return upload;
    }

    /// Returns whether the last piece is being sent. An upstream that answers earlier has not read the whole body
    /// and may never do so.
    boolean isEnding() {
        return ending;
    }

    /// Returns whether the upstream received the whole body. Otherwise its connection cannot be reused. The
    /// answer may overtake the thread that has just sent the last piece, so that this method waits for it.
    boolean isComplete() {
        if (complete || !ending) return complete;
        try {
            return over.await(SOON_MILLIS, TimeUnit.MILLISECONDS) && complete;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Lets the client's next bytes be read if the upstream accepts none.
    void look(long now) {
        if (now - since <= STALL) return;
        if (writing) stalled.run();
        var late = held;
        if (late == null) return;
        held = null;
        Thread.ofVirtual().name("late upload").start(() -> flush(late));
    }

    private static void flush(OutputStream late) {
        try {
            late.flush();
        } catch (IOException e) {
            // The upload sees it, too.
        }
    }

    private void run(RequestBody body, OutputStream out, boolean chunked, Runnable cut) {
        try {
            send(body.stream(), body.length().orElse(Long.MAX_VALUE), out, chunked, cut);
            if (complete) body.release();
        } finally {
            over.countDown();
        }
    }

    private void send(InputStream in, long left, OutputStream out, boolean chunked, Runnable cut) {
        var buffer = new byte[BufferedSocket.RECORD];
        try {
            for (int count; (count = next(in, buffer, cut)) >= 0; ) {
                // An empty chunk would end the body.
                if (count == 0) continue;
                left -= count;
                if (left <= 0) ending = true;
                since = System.nanoTime();
                writing = true;
                if (chunked) out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(buffer, 0, count);
                if (chunked) out.write(new byte[] {'\r', '\n'});
                // If less arrived than was asked for, the client's next piece may take its time.
                boolean waits = chunked || count < buffer.length || left <= 0;
                if (waits) out.flush();
                held = waits ? null : out;
                writing = false;
            }
            if (left > 0 && !chunked) {
                cut.run();
                return;
            }
            ending = true;
            if (chunked) out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            complete = true;
        } catch (IOException e) {
            // The client disconnected, or the upstream accepts no more bytes; its answer is being read.
        } finally {
            writing = false;
        }
    }

    private static int next(InputStream in, byte[] buffer, Runnable cut) throws IOException {
        try {
            return in.read(buffer, 0, buffer.length);
        } catch (IOException | RuntimeException gone) {
            // The connection must end too: the upstream would wait for the rest of the request.
            cut.run();
            throw gone;
        }
    }
}
