package lib.gateway.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lib.gateway.exchange.RequestBody;

/// A request body on its way to an upstream while its answer may come already, framed as its client framed it.
final class Upload {
    /// One that was sent with its head.
    static final Upload DONE = over(true);
    /// One that the upstream did not take, or not all of it before it answered.
    static final Upload REFUSED = over(false);

    private static final int SOON_MILLIS = 1000;

    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean ending;
    private volatile boolean complete;

    private Upload() {}

    private static Upload over(boolean complete) {
        var upload = new Upload();
        upload.ending = complete;
        upload.complete = complete;
        upload.over.countDown();
        return upload;
    }

    /// @param chunked whether its length was not announced
    /// @param cut ends the connection where the client does not send the rest
    static Upload start(RequestBody body, OutputStream out, boolean chunked, Runnable cut) {
        var upload = new Upload();
        Thread.ofVirtual().name("upload").start(() -> upload.run(body, out, chunked, cut));
        return upload;
    }

    /// Whether its last piece is on its way. An upstream that answers before that has not read it to its end, and
    /// may never.
    boolean isEnding() {
        return ending;
    }

    /// Whether the upstream got all of it. Its connection is of no use otherwise. The answer may be quicker than
    /// the thread that has just sent the last piece, so that one is waited for.
    boolean isComplete() {
        if (complete || !ending) return complete;
        try {
            return over.await(SOON_MILLIS, TimeUnit.MILLISECONDS) && complete;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
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
        var buffer = new byte[16 * 1024];
        try {
            for (int count; (count = next(in, buffer, cut)) >= 0; ) {
                // A chunk of nothing would be the last.
                if (count == 0) continue;
                left -= count;
                if (left <= 0) ending = true;
                if (chunked) out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(buffer, 0, count);
                if (chunked) out.write(new byte[] {'\r', '\n'});
            }
            ending = true;
            if (chunked) out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            complete = true;
        } catch (IOException e) {
            // The client went away, or the upstream wants no more of it; what it says to that is being read.
        }
    }

    private static int next(InputStream in, byte[] buffer, Runnable cut) throws IOException {
        try {
            return in.read(buffer, 0, buffer.length);
        } catch (IOException gone) {
            // With it ends the connection: the upstream would wait for the rest of a request.
            cut.run();
            throw gone;
        }
    }
}
