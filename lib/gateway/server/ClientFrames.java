package lib.gateway.server;

import java.io.ByteArrayOutputStream;
import java.util.function.IntConsumer;

/// What a client of HTTP/2 sends, looked through before Helidon gets it, for two things that it takes otherwise
/// than clients mean them. A request that is given up (RST_STREAM) it notices when it writes to it next, and a
/// model that thinks for minutes would be paid for an answer that nobody waits for. With the word that no new
/// requests will come (GOAWAY) it ends the connection, though answers are still on their way; the client ends it
/// when it has them.
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

    /// @param givenUp told the number of a stream
    ClientFrames(IntConsumer givenUp) {
        this.givenUp = givenUp;
    }

    /// Takes a piece, from the preface on, and returns what Helidon gets of it. The head of a frame is held back
    /// until it is there whole.
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
