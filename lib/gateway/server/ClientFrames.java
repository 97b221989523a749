package lib.gateway.server;

import java.io.ByteArrayOutputStream;
import java.util.function.IntConsumer;

/// Reads the HTTP/2 frames of a client before Helidon receives them, because Helidon handles two of them badly.
/// It notices a cancelled request (RST_STREAM) only when it next writes to it, and a model that thinks for
/// minutes would be paid for an unwanted answer. And it closes the connection when the client announces that it
/// sends no new requests (GOAWAY), although answers are still on their way; the client closes it when it has
/// received them.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-6">RFC 9113, section 6, frames</a>
final class ClientFrames {
    private static final int PREFACE = 24;
    private static final int HEAD = 9;
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;

    private final IntConsumer givenUp;
    private final byte[] head = new byte[HEAD];
    private int have;
    private int left = PREFACE;
    private boolean dropped;

    /// @param givenUp the function that receives the number of each cancelled stream
    ClientFrames(IntConsumer givenUp) {
        this.givenUp = givenUp;
    }

    /// Takes a piece of input, from the preface on, and returns the part that Helidon receives. The head of a
    /// frame is held back until it is complete.
    byte[] pass(byte[] piece) {
        var passed = new ByteArrayOutputStream(piece.length + HEAD);
        for (int i = 0; i < piece.length; ) {
            if (left > 0) {
                int count = Math.min(left, piece.length - i);
                if (!dropped) passed.write(piece, i, count);
                left -= count;
                i += count;
                continue;
            }
            head[have++] = piece[i++];
            if (have == HEAD) begin(passed);
        }
        return passed.toByteArray();
    }

    private void begin(ByteArrayOutputStream passed) {
        have = 0;
        left = number(0) >>> 8;
        dropped = head[3] == GOAWAY;
        if (head[3] == RST_STREAM) givenUp.accept(number(5) & Integer.MAX_VALUE);
        if (!dropped) passed.writeBytes(head);
    }

    private int number(int at) {
        return (head[at] & 0xff) << 24 | (head[at + 1] & 0xff) << 16 | (head[at + 2] & 0xff) << 8 | head[at + 3] & 0xff;
    }
}
