package lib.gateway.exchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// A request body without its `Content-Encoding`, which is unpacked as it is read. The gateway uses it to inspect
/// the body; the upstream receives the original.
///
///     RequestedModels.in(DecodedBody.of(bytes, List.of("gzip")))
public final class DecodedBody extends InputStream {
    private static final int FIXED_HEAD = 10;
    private static final int CHECKSUM = 2, EXTRA = 4, NAME = 8, COMMENT = 16, RESERVED = 0xe0;
    private static final int GZIP_TAIL = 8;

    private final byte[] body;
    private final boolean isGzip;
    private final Inflater inflater;
    private int left = RequestBody.LIMIT;

    private DecodedBody(byte[] body, boolean isGzip) {
        this.body = body;
        this.isGzip = isGzip;
        this.inflater = new Inflater(isGzip);
    }

    /// @param codings the values of `Content-Encoding`
    /// @throws GatewayError for an unsupported coding, for several codings, and, while the body is read, if it
    ///     unpacks to more than [RequestBody#LIMIT]
    /// @throws IOException if the body is not in that coding, here or while it is read
    public static InputStream of(byte[] body, List<String> codings) throws IOException {
        var coding = String.join(",", codings).strip().toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "", "identity" -> new ByteArrayInputStream(body);
            case "gzip", "x-gzip" -> new DecodedBody(body, true).from(gzipHead(body, 0));
            case "deflate" -> deflate(body);
            default ->
                throw GatewayError.unreadable(
                        "this provider allows only some models, and the gateway cannot read a body in "
                                + "this Content-Encoding: send it uncompressed or in gzip");
        };
    }

    /// Returns the start of the compressed data in a gzip member.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc1952#section-2.3">RFC 1952, section 2.3</a>
    private static int gzipHead(byte[] body, int from) throws IOException {
        if (body.length - from < FIXED_HEAD
                || (body[from] & 0xff) != 0x1f
                || (body[from + 1] & 0xff) != 0x8b
                || body[from + 2] != 8) throw untrue();
        int flags = body[from + 3] & 0xff;
        if ((flags & RESERVED) != 0) throw untrue();
        int at = from + FIXED_HEAD;
        if ((flags & EXTRA) != 0) {
            if (at + 2 > body.length) throw untrue();
            at += 2 + (body[at] & 0xff | (body[at + 1] & 0xff) << 8);
        }
        for (var flag : new int[] {NAME, COMMENT}) {
            if ((flags & flag) == 0) continue;
            while (at < body.length && body[at] != 0) at++;
            at++;
        }
        if ((flags & CHECKSUM) != 0) at += 2;
        if (at > body.length) throw untrue();
        return at;
    }

    private DecodedBody from(int start) {
        inflater.setInput(body, start, body.length - start);
        return this;
    }

    /// Unpacks zlib's format. Some servers expect the same bytes without its header. A body that is valid in both
    /// forms would be two different bodies, and is rejected.
    private static InputStream deflate(byte[] body) throws IOException {
        if (isRaw(body)) throw untrue();
        return new DecodedBody(body, false).from(0);
    }

    private static boolean isRaw(byte[] body) {
        var raw = new Inflater(true);
        try {
            raw.setInput(body);
            var buffer = new byte[8192];
            while (!raw.finished() && raw.getBytesWritten() <= RequestBody.LIMIT) {
                if (raw.inflate(buffer) == 0 && (raw.needsInput() || raw.needsDictionary())) return false;
            }
            return true;
        } catch (DataFormatException e) {
            return false;
        } finally {
            raw.end();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int size) throws IOException {
        if (size == 0) return 0;
        try {
            int count;
            while ((count = inflater.inflate(buffer, offset, size)) == 0) if (!hasMore()) return -1;
            left -= count;
            if (left < 0) throw GatewayError.tooLarge(RequestBody.LIMIT);
            return count;
        } catch (DataFormatException e) {
            throw untrue();
        }
    }

    /// Moves on to the next gzip member, if there is one; several members form one body. Anything else after the
    /// end is rejected, because some servers would read it and others not.
    private boolean hasMore() throws IOException {
        if (!inflater.finished()) throw untrue();
        int end = body.length - inflater.getRemaining() + (isGzip ? GZIP_TAIL : 0);
        if (end == body.length) return false;
        if (!isGzip || end > body.length) throw untrue();
        int start = gzipHead(body, end);
        inflater.reset();
        from(start);
        return true;
    }

    @Override
    public void close() {
        inflater.end();
    }

    private static IOException untrue() {
        return new IOException("not what its Content-Encoding says");
    }
}
