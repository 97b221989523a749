package lib.gateway.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import lib.gateway.exchange.HopByHop;

/// An answer on one of the gateway's own connections. It finds the end of the body and decides whether the
/// connection can be reused.
final class Http1Answer implements UpstreamAnswer {
    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CONNECTION
    }

    private static final int LONGEST_LINE = 16 * 1024;

    private final Http1Connection connection;
    private final Http1Head head;
    private final Upload upload;
    private final Consumer<Http1Connection> free;
    private final Framing framing;
    private long left;
    private boolean complete;

    Http1Answer(
            Http1Connection connection,
            Http1Head head,
            UpstreamRequest request,
            Upload upload,
            Consumer<Http1Connection> free)
            throws IOException {
        this.connection = connection;
        this.head = head;
        this.upload = upload;
        this.free = free;
        left = head.length();
        if (request.method().equals("HEAD") || HopByHop.hasNoBody(head.status())) framing = Framing.NONE;
        else if (head.isChunked()) framing = Framing.CHUNKED;
        else framing = left < 0 ? Framing.CONNECTION : Framing.LENGTH;
    }

    @Override
    public int status() {
        return head.status();
    }

    @Override
    public Map<String, List<String>> headers() {
        return head.headers();
    }

    @Override
    public Optional<byte[]> whole() {
        if (framing != Framing.LENGTH || left > connection.available()) return Optional.empty();
        complete = true;
        return Optional.of(connection.take((int) left));
    }

    @Override
    public void passTo(OutputStream out) throws IOException {
        switch (framing) {
            case NONE -> {}
            case LENGTH -> pass(out, left);
            case CHUNKED -> passChunks(out);
            case CONNECTION -> {
                while (await(out)) connection.passTo(out, Long.MAX_VALUE);
            }
        }
        complete = true;
    }

    private void pass(OutputStream out, long size) throws IOException {
        for (long rest = size; rest > 0; rest -= connection.passTo(out, rest)) {
            if (!await(out)) throw new EOFException("the upstream ended its answer too early");
        }
        // Only part of the chunk's line end may have arrived.
        if (connection.available() < 2) out.flush();
    }

    private void passChunks(OutputStream out) throws IOException {
        for (long size; (size = chunkSize(out)) > 0; ) {
            pass(out, size);
            int end = connection.read();
            if (end == '\r') end = connection.read();
            if (end != '\n') throw Http1Head.malformed();
        }
        // Trailers are not forwarded, like headers of this hop.
        for (int i = 0; !line().isEmpty(); i++) if (i == 100) throw Http1Head.malformed();
    }

    private long chunkSize(OutputStream out) throws IOException {
        if (!await(out)) throw new EOFException("the upstream ended its answer too early");
        var line = line();
        int extension = line.indexOf(';');
        var size = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (size.isEmpty() || size.length() > 15) throw Http1Head.malformed();
        for (int i = 0; i < size.length(); i++) if (!HexFormat.isHexDigit(size.charAt(i))) throw Http1Head.malformed();
        return HexFormat.fromHexDigitsToLong(size);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int next; (next = connection.read()) != '\n'; ) {
            if (line.length() == LONGEST_LINE) throw Http1Head.malformed();
            line.append((char) (next & 0xff));
        }
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
    }

    /// Waits for more input, after flushing what has arrived.
    private boolean await(OutputStream out) throws IOException {
        if (connection.available() > 0) return true;
        out.flush();
        return connection.await();
    }

    /// Returns whether the upstream has read the whole request. Otherwise it would treat the next request as the
    /// rest of this one, or never read it. An upstream may reject a large request before it has read it, although
    /// all of it was sent.
    private boolean isRequestRead() {
        return upload == Upload.DONE || head.status() < 400 && upload.isComplete();
    }

    /// Returns whether a body may follow although the status allows none.
    private boolean mayHaveBody() {
        return (head.status() == 204 || head.status() == 205)
                && (left > 0 || head.headers().containsKey("transfer-encoding"));
    }

    @Override
    public void close() {
        if ((complete || framing == Framing.NONE && !mayHaveBody())
                && framing != Framing.CONNECTION
                && head.keepsAlive()
                && isRequestRead()) {
            connection.rest();
            free.accept(connection);
        } else {
            connection.close();
        }
    }
}
