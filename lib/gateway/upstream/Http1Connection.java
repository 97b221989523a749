package lib.gateway.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;

/// One connection to an upstream, in cleartext or over TLS: one request after the other, each asked and read by
/// whoever wants it. Made for virtual threads, whose interruption ends it.
///
///     Http1Connection.on(Http1Connection.connected("127.0.0.1", 11434, HostLookup.ANYWHERE)).ask(request, connection
/// -> {});
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112, HTTP/1.1</a>
final class Http1Connection implements AutoCloseable {
    private static final int LARGEST_HEAD = 128 * 1024;
    private static final int LARGEST_READ = 16 * 1024;
    /// What was idle for less is not looked at before it is used.
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    /// What is closed: to close TLS in good order would wait for whoever writes on it.
    private final Socket raw;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    /// Grows with what comes: most of a thousand streams carry small events.
    private byte[] buffer = new byte[2 * 1024];
    private int at;
    private int end;
    private boolean received;
    private long idleSince;
    private volatile long until;
    private volatile boolean waiting;
    private volatile boolean late;

    private Http1Connection(Socket raw, Socket socket) throws IOException {
        this.raw = raw;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /// In cleartext.
    static Http1Connection on(Socket socket) throws IOException {
        return new Http1Connection(socket, socket);
    }

    /// Over TLS.
    ///
    /// @param raw what `tls` is spoken on
    static Http1Connection on(Socket raw, SSLSocket tls) throws IOException {
        return new Http1Connection(raw, tls);
    }

    /// A socket to whichever address of the host takes it.
    ///
    /// @param lookup finds the addresses
    /// @throws HttpConnectTimeoutException where none does in time
    /// @throws ConnectException where nothing listens
    static Socket connected(String host, int port, HostLookup lookup) throws IOException {
        IOException failure = new ConnectException();
        for (var address : lookup.addresses(host)) {
            var socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, port), UpstreamTimeouts.connectMillis());
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e instanceof SocketTimeoutException
                        ? new HttpConnectTimeoutException("no connection in time")
                        : e;
            }
        }
        throw failure;
    }

    /// Sends a request and waits for its answer to begin. An upstream may answer before it has read the request,
    /// and then read no further: what it says is read also where writing fails.
    ///
    /// @param free takes this connection back when the answer has been read and another may be asked for
    UpstreamAnswer ask(UpstreamRequest request, Consumer<Http1Connection> free) throws IOException {
        received = false;
        // Where the client does not send it, there is nothing to answer.
        request.body().small();
        Upload upload;
        try {
            upload = request.writeTo(out, this::close);
        } catch (IOException refused) {
            if (isClosed()) throw refused;
            upload = Upload.REFUSED;
        }
        while (true) {
            await();
            // What the system has taken for the upstream may wait there unread: that it was sent by now says
            // nothing.
            var sent = upload.isEnding() ? upload : Upload.REFUSED;
            var head = Http1Head.of(head());
            if (!head.isInterim()) return new Http1Answer(this, head, request, sent, free);
        }
    }

    /// @param until the latest [System#nanoTime] for its next answer to begin
    void waitsUntil(long until) {
        this.until = until;
        waiting = true;
    }

    void waitsNoMore() {
        waiting = false;
    }

    /// Whether an answer is awaited; where that is late, it ends under whoever does.
    boolean waits(long now) {
        if (!waiting) return false;
        if (now - until < 0) return true;
        late = true;
        close();
        return false;
    }

    boolean isClosed() {
        return raw.isClosed();
    }

    /// Whether it was ended because its answer was late.
    boolean isLate() {
        return late;
    }

    /// Whether anything has come in reply to the latest request.
    boolean hasReceived() {
        return received;
    }

    /// Whether it can be asked again: it was not closed meanwhile, and nothing came unasked.
    boolean isGood() {
        if (at != end) return false;
        if (idleNanos() < FRESH_NANOS) return true;
        try {
            return isSilent();
        } catch (IOException gone) {
            return false;
        }
    }

    private boolean isSilent() throws IOException {
        socket.setSoTimeout(1);
        try {
            in.read();
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    void rest() {
        idleSince = System.nanoTime();
    }

    long idleNanos() {
        return System.nanoTime() - idleSince;
    }

    /// How much has arrived and was not taken.
    int available() {
        return end - at;
    }

    /// Waits until something has arrived.
    ///
    /// @return false where nothing more will
    boolean await() throws IOException {
        if (at < end) return true;
        if (end == buffer.length && end < LARGEST_READ) buffer = new byte[2 * end];
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        received |= end > 0;
        return end > 0;
    }

    int read() throws IOException {
        if (!await()) throw new EOFException("the upstream ended its answer halfway");
        return buffer[at++];
    }

    /// Writes what has arrived, `most` bytes of it.
    int passTo(OutputStream to, long most) throws IOException {
        int count = (int) Math.min(most, end - at);
        to.write(buffer, at, count);
        at += count;
        return count;
    }

    byte[] take(int count) {
        at += count;
        return Arrays.copyOfRange(buffer, at - count, at);
    }

    /// A head up to its empty line, without it.
    private String head() throws IOException {
        int line = at;
        for (int next = at; ; next++) {
            if (next == end) {
                int shift = at;
                more();
                next -= shift - at;
                line -= shift - at;
            }
            if (buffer[next] != '\n') continue;
            boolean isEmpty = next == line || next == line + 1 && buffer[line] == '\r';
            if (!isEmpty) {
                line = next + 1;
                continue;
            }
            var head = new String(buffer, at, line - at, StandardCharsets.ISO_8859_1);
            at = next + 1;
            return head;
        }
    }

    /// Reads on behind what is there already.
    private void more() throws IOException {
        if (at > 0) System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        if (end == LARGEST_HEAD) throw new IOException("the upstream's head has no end");
        if (end == buffer.length) buffer = Arrays.copyOf(buffer, Math.min(LARGEST_HEAD, 2 * buffer.length));
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) throw new EOFException("the upstream ended without an answer");
        received = true;
        end += count;
    }

    @Override
    public void close() {
        try {
            raw.close();
        } catch (IOException e) {
            // It is closed.
        }
    }
}
