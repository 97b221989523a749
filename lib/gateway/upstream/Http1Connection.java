package lib.gateway.upstream;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import lib.base.Turn;
import lib.gateway.upstream.tls.BufferedSocket;

/// A connection to an upstream, in cleartext or over TLS. It carries one request after the other; the calling
/// thread sends the request and reads the answer. It is made for virtual threads, whose interruption closes it.
///
///     Http1Connection.on(Http1Connection.connected("127.0.0.1", 11434, HostLookup.ANYWHERE)).ask(request, connection
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112, HTTP/1.1</a>
final class Http1Connection implements AutoCloseable {
    private static final int LARGEST_HEAD = 128 * 1024;
    private static final int MOST_TICKETS = 8;
    private static final int LARGEST_READ = BufferedSocket.RECORD;

    /// The socket to close. Closing TLS in an orderly way would wait for a thread that writes on it.
    private final Socket raw;
    private final Socket socket;
    /// What is between the two, over TLS.
    private final Optional<BufferedSocket> below;
    private final InputStream in;
    private final OutputStream out;
    /// Grows as needed: most of a thousand streams carry small events.
    private byte[] buffer = new byte[2 * 1024];
    private int at;
    private int end;
    private boolean received;
    private long idleSince;
    private volatile long until;
    private volatile boolean waiting;
    private volatile boolean late;
    private volatile Upload upload = Upload.DONE;
    private final AtomicReference<Runnable> ending = new AtomicReference<>(() -> {});

    private Http1Connection(Socket socket, Optional<BufferedSocket> below) throws IOException {
        this.raw = below.isPresent() ? below.get() : socket;
        this.socket = socket;
        this.below = below;
        this.in = socket.getInputStream();
        this.out = below.isPresent() ? flushing(socket.getOutputStream(), below.get()) : socket.getOutputStream();
    }

    private static OutputStream flushing(OutputStream tls, BufferedSocket below) {
        return new FilterOutputStream(tls) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                out.write(bytes, from, count);
            }

            @Override
            public void flush() throws IOException {
                below.flush();
            }
        };
    }

    /// Returns a cleartext connection.
    static Http1Connection on(Socket socket) throws IOException {
        return new Http1Connection(socket, Optional.empty());
    }

    /// Returns a connection over TLS.
    ///
    /// @param below the socket below `tls`
    static Http1Connection on(BufferedSocket below, SSLSocket tls) throws IOException {
        return new Http1Connection(tls, Optional.of(below));
    }

    /// Returns a socket to the first address of the host that accepts a connection.
    ///
    /// @param lookup the lookup of the addresses
    /// @throws HttpConnectTimeoutException if no address accepts in time
    /// @throws ConnectException if nothing listens
    static Socket connected(String host, int port, HostLookup lookup) throws IOException {
        IOException failure = new ConnectException();
        for (var address : lookup.addresses(host)) {
            // The socket of a channel, because only a channel says without waiting whether it has ended.
            var socket = SocketChannel.open().socket();
            try {
                socket.setTcpNoDelay(true);
                keepAlive(socket);
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

    /// Lets the system notice within two minutes that the upstream's machine has vanished. It also keeps the way
    /// through firewalls open while a model thinks.
    private static void keepAlive(Socket socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (!socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) return;
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 60);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 15);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
    }

    /// Sends a request and waits until its answer begins. An upstream may answer before it has read the request
    /// and then stop reading, so that the answer is read even if writing fails.
    ///
    /// @param free the function that takes this connection back when the answer was read and it can be reused
    UpstreamAnswer ask(UpstreamRequest request, Consumer<Http1Connection> free) throws IOException {
        received = false;
        // If the client does not send the body, there is no request to answer.
        request.body().small();
        Upload upload;
        try {
            upload = request.writeTo(out, this::close);
            this.upload = upload;
        } catch (IOException refused) {
            if (isClosed()) throw refused;
            upload = Upload.REFUSED;
        }
        if (upload == Upload.DONE) Turn.pass();
        while (true) {
            await();
            // The operating system may hold bytes that the upstream has not read: having sent everything by now
            // proves nothing.
            var sent = upload.isEnding() ? upload : Upload.REFUSED;
            var head = Http1Head.of(head());
            if (!head.isInterim()) return new Http1Answer(this, head, request, sent, free);
        }
    }

    /// @param until the latest [System#nanoTime] at which its next answer may begin
    void waitsUntil(long until) {
        this.until = until;
        waiting = true;
    }

    void waitsNoMore() {
        waiting = false;
    }

    /// Returns whether the connection waits for an answer. If the answer is late, the connection is closed.
    boolean waits(long now) {
        if (!waiting) return false;
        if (now - until < 0) {
            upload.look(now);
            return true;
        }
        late = true;
        close();
        return false;
    }

    boolean isClosed() {
        return raw.isClosed();
    }

    /// Returns whether the connection was closed because its answer was late.
    boolean isLate() {
        return late;
    }

    /// Returns whether any byte has arrived in reply to the latest request.
    boolean hasReceived() {
        return received;
    }

    /// Returns whether the connection can be reused: it was not closed meanwhile, and no unexpected bytes
    /// arrived.
    boolean isGood() {
        if (at != end || raw.isClosed()) return false;
        try {
            if (below.isEmpty()) return isUnread();
            for (int i = 0; i < MOST_TICKETS; i++) {
                if (!below.get().hasInput()) return true;
                // A session ticket may have arrived, or a part of one. It is no part of an answer.
                if (!isSilent()) return false;
            }
            return false;
        } catch (IOException gone) {
            return false;
        }
    }

    /// Returns whether nothing has arrived, not even the end of the connection.
    private boolean isUnread() throws IOException {
        return BufferedSocket.readNow(raw, new byte[1]) == 0;
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

    /// Returns the number of bytes that have arrived and were not consumed.
    int available() {
        return end - at;
    }

    /// Waits until input has arrived.
    ///
    /// @return false if the input has ended
    boolean await() throws IOException {
        if (at < end) return true;
        if (end == buffer.length && end < LARGEST_READ) buffer = new byte[Math.min(LARGEST_READ, 2 * end)];
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        received |= end > 0;
        return end > 0;
    }

    int read() throws IOException {
        if (!await()) throw new EOFException("the upstream ended its answer too early");
        return buffer[at++];
    }

    /// Writes at most `most` of the bytes that have arrived.
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

    /// Reads a head up to its empty line, and returns it without that line.
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

    /// Reads more input after what is buffered.
    private void more() throws IOException {
        if (at > 0) System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        if (end == LARGEST_HEAD) throw new IOException("the upstream's response headers do not end");
        if (end == buffer.length) buffer = Arrays.copyOf(buffer, Math.min(LARGEST_HEAD, 2 * buffer.length));
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) throw new EOFException("the upstream ended without an answer");
        received = true;
        end += count;
    }

    /// @return the address of the upstream, or of the proxy before it
    InetAddress address() {
        return raw.getInetAddress();
    }

    /// @param action the action that is run once, when the connection is closed
    void whenClosed(Runnable action) {
        ending.set(action);
    }

    @Override
    public void close() {
        try {
            raw.close();
        } catch (IOException e) {
            // The socket is closed.
        }
        ending.getAndSet(() -> {}).run();
    }
}
