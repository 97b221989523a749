package lib.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/// A request body on its way to an upstream while its answer may come already, framed as its client framed it.
final class Upload {
    /// One that was sent with its head.
    static final Upload DONE = new Upload(true);

    private final AtomicBoolean complete;

    private Upload(boolean complete) {
        this.complete = new AtomicBoolean(complete);
    }

    static Upload start(RequestBody body, OutputStream out) {
        var upload = new Upload(false);
        Thread.ofVirtual().name("upload").start(() -> upload.run(body, out));
        return upload;
    }

    /// Whether the upstream got all of it. Its connection is of no use before.
    boolean isComplete() {
        return complete.get();
    }

    private void run(RequestBody body, OutputStream out) {
        var buffer = new byte[16 * 1024];
        boolean isChunked = body.length().isEmpty();
        try {
            for (int count; (count = next(body, out, buffer)) >= 0;) {
                // A chunk of nothing would be the last.
                if (count == 0) continue;
                if (isChunked) out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(buffer, 0, count);
                if (isChunked) out.write(new byte[] {'\r', '\n'});
            }
            if (isChunked) out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            complete.set(true);
        } catch (IOException e) {
            // The client went away, or the upstream wants no more of it; what it says to that is being read.
        }
    }

    private static int next(RequestBody body, OutputStream out, byte[] buffer) throws IOException {
        try {
            return body.stream().read(buffer, 0, buffer.length);
        } catch (IOException gone) {
            // With it ends the connection: the upstream would wait for the rest of a request.
            out.close();
            throw gone;
        }
    }
}
