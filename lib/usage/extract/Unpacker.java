package lib.usage.extract;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks gzip and deflate that arrive in pieces. The JDK's own streams read from their source, and would block
/// until more arrives.
///
/// A gzip may have several members, one after the other. `deflate` means zlib's format, but some servers send it
/// without zlib's header.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1">RFC 9110, section 8.4.1</a>
final class Unpacker implements UsageReader.Sink, AutoCloseable {
    private static final int FIXED_HEADER = 10;
    private static final int TRAILER = 8;
    private static final int CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int DEFLATE = 8;
    private static final int MAGIC = 0x1f;

    private final UsageReader.Sink next;
    private final boolean isGzip;
    private final byte[] buffer = new byte[8 * 1024];
    private Inflater inflater;
    private int header;
    private int flags;
    private int skip;
    private int low = -1;
    private int trailer;

    private Unpacker(UsageReader.Sink next, boolean isGzip) {
        this.next = next;
        this.isGzip = isGzip;
    }

    /// Creates an unpacker of gzip.
    ///
    /// @param next gets the unpacked bytes
    static Unpacker gzip(UsageReader.Sink next) {
        return new Unpacker(next, true);
    }

    /// Creates an unpacker of `deflate`.
    static Unpacker deflate(UsageReader.Sink next) {
        return new Unpacker(next, false);
    }

    @Override
    public void accept(byte[] bytes, int from, int count) {
        int i = from;
        int end = from + count;
        while (i < end) {
            if (trailer > 0) {
                int taken = Math.min(trailer, end - i);
                trailer -= taken;
                i += taken;
            } else if (inflater == null) {
                i = open(bytes, i);
            } else {
                i = inflate(bytes, i, end);
            }
        }
    }

    @Override
    public void close() {
        if (inflater != null) inflater.end();
    }

    /// Reads a byte of a member's header, or looks at the first byte of a deflate.
    ///
    /// @return the index of the next byte to read
    private int open(byte[] bytes, int at) {
        int b = bytes[at] & 0xff;
        if (!isGzip) {
            // The first of zlib's two header bytes names the method and the size of the window, which is at most
            // 32 KiB. In deflate without that header, the same bits are a kind of block that no encoder writes.
            boolean isZlib = (b & 0x0f) == DEFLATE && b >> 4 <= 7;
            inflater = new Inflater(!isZlib);
            return at;
        }
        // Some servers add bytes after the last member, which are not packed data.
        if (header == 0 && b != MAGIC) throw new IllegalArgumentException("not gzip");
        readHeader(b);
        if (headerIsOver()) inflater = new Inflater(true);
        return at + 1;
    }

    private int inflate(byte[] bytes, int from, int end) {
        inflater.setInput(bytes, from, end - from);
        try {
            for (int made; (made = inflater.inflate(buffer)) > 0; ) next.accept(buffer, 0, made);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not what it says", e);
        }
        int left = inflater.getRemaining();
        if (!inflater.finished()) return end;
        if (!isGzip) return end;
        inflater.end();
        inflater = null;
        header = flags = skip = 0;
        low = -1;
        trailer = TRAILER;
        return end - left;
    }

    private boolean headerIsOver() {
        return header >= FIXED_HEADER && flags == 0 && skip == 0;
    }

    /// Reads a byte of a member's header: ten bytes, and after them the optional fields that the flags announce,
    /// in this order.
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
            // This is the first of the checksum's two bytes, so one more is to be skipped.
            flags = 0;
            skip = 1;
        }
    }
}
