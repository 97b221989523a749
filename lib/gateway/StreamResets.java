package lib.gateway;

import java.util.function.IntConsumer;

/// Sees in what a client of HTTP/2 sends which of its requests it gives up. Helidon notices that when it writes to them; a
/// model that thinks for minutes would be paid for an answer that nobody waits for.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-6.4">RFC 9113, RST_STREAM</a>
final class StreamResets {
    private static final int PREFACE = 24;
    private static final int FRAME_HEAD = 9;
    private static final int RST_STREAM = 3;

    private final IntConsumer given;
    private final byte[] head = new byte[FRAME_HEAD];
    private int have;
    private int skip = PREFACE;

    /// @param given told the number of the stream
    StreamResets(IntConsumer given) {
        this.given = given;
    }

    /// Takes a piece, from the preface on; `bytes` is not kept.
    void accept(byte[] bytes) {
        for (int i = 0; i < bytes.length;) {
            if (skip > 0) {
                int count = Math.min(skip, bytes.length - i);
                skip -= count;
                i += count;
                continue;
            }
            head[have++] = bytes[i++];
            if (have < FRAME_HEAD) continue;
            have = 0;
            skip = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
            if (head[3] == RST_STREAM) given.accept((head[5] & 0x7f) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | head[8] & 0xff);
        }
    }
}
