package lib.usage;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks gzip that arrives in pieces. The JDK's own stream has to be read from, and would wait.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
final class Gunzip implements UsageReader.Sink, AutoCloseable {
    private static final int FIXED_HEADER = 10;
    private static final int CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final UsageReader.Sink next;
    private final Inflater inflater = new Inflater(true);
    private final byte[] buffer = new byte[8 * 1024];
    private int header;
    private int flags;
    private int skip;
    private int low = -1;

    Gunzip(UsageReader.Sink next) {
        this.next = next;
    }

    @Override
    public void accept(byte[] bytes, int from, int count) {
        int i = from;
        while (i < from + count && !headerIsOver()) readHeader(bytes[i++] & 0xff);
        if (!headerIsOver() || inflater.finished()) return;
        inflater.setInput(bytes, i, from + count - i);
        try {
            for (int made; (made = inflater.inflate(buffer)) > 0;) next.accept(buffer, 0, made);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not gzip", e);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }

    private boolean headerIsOver() {
        return header >= FIXED_HEADER && flags == 0 && skip == 0;
    }

    /// Ten bytes, then what the flags announce, in this order.
    private void readHeader(int b) {
        if (header < FIXED_HEADER) {
            if (header == 3) flags = b & (CRC | EXTRA | NAME | COMMENT);
            header++;
        } else if (skip > 0) {
            skip--;
        } else if ((flags & EXTRA) != 0) {
            if (low < 0) low = b;
            else {
                skip = low | b << 8;
                flags &= ~EXTRA;
            }
        } else if ((flags & (NAME | COMMENT)) != 0) {
            if (b == 0) flags &= (flags & NAME) != 0 ? ~NAME : ~COMMENT;
        } else {
            // The first of the checksum's two bytes is this one.
            flags = 0;
            skip = 1;
        }
    }
}
