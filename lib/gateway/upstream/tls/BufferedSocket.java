package lib.gateway.upstream.tls;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// A socket for the JDK's TLS, which reads and writes each record separately. This one reads the head and the body
/// of a small record at once, and writes several full records at once.
///
///     var below = new BufferedSocket(SocketChannel.open(address).socket(), Duration.ofSeconds(15));
///     var tls = (SSLSocket) factory.createSocket(below, host, port, true);
///     tls.startHandshake();
///     below.endHandshake();
///     tls.getOutputStream().write(bytes);
///     below.flush();
///
/// Records that are not full are written without delay, and what was held back before them. Only after an output
/// that may end with a full record, [#flush] must follow.
///
/// A server that refuses the client's certificate, or wants one, says so in an alert and stops reading, so that writing
/// the rest of the handshake fails. The JDK would report only that. Here it goes on, and reads the alert.
public final class BufferedSocket extends Socket {
    /// The most bytes of text for which the JDK writes one record, whatever the version: with TLS 1.3 it adds 17 to
    /// them, and a piece of 16 KB would become two records.
    public static final int RECORD = 16 * 1024 - 32;

    private static final int MOST_HELD = 64 * 1024;
    private static final int HOLDS = MOST_HELD + MOST_HELD / 8;
    /// Memory for output that is held back, which few connections need at the same time. Allocated anew for each
    /// large request, it would be most of what the garbage collector copies.
    private static final int MOST_SPARE = 16;
    private static final BlockingQueue<byte[]> SPARE = new ArrayBlockingQueue<>(MOST_SPARE);

    /// Enough for an event of a stream or a short answer.
    private static final int READ = 2 * 1024;

    private final Socket raw;
    private final Input in = new Input();
    private final Output out = new Output();
    private final long deadline;
    private volatile boolean handshake = true;

    /// @param raw a connected socket that has a channel
    /// @param patience the time for the whole handshake. A timeout of the socket would count for each byte anew
    public BufferedSocket(Socket raw, Duration patience) {
        this.raw = raw;
        this.deadline = System.nanoTime() + patience.toNanos();
    }

    /// From now on, failures to write are reported, and input may take any time.
    public void endHandshake() throws SocketException {
        handshake = false;
        raw.setSoTimeout(0);
    }

    /// Writes what was held back.
    public void flush() throws IOException {
        out.pushAll();
    }

    /// Returns whether something has arrived that was not read, without waiting for it.
    ///
    /// @throws EOFException if the other side has closed the connection
    public boolean hasInput() throws IOException {
        return in.receives();
    }

    /// Reads what has arrived on a socket that has a channel, without waiting.
    ///
    /// @return the number of bytes; 0 if nothing has arrived, -1 if the other side has closed the connection
    public static int readNow(Socket socket, byte[] into) throws IOException {
        var channel = socket.getChannel();
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.wrap(into));
        } finally {
            channel.configureBlocking(true);
        }
    }

    private final class Input extends InputStream {
        private final byte[] buffer = new byte[READ];
        private int at;
        private int end;

        @Override
        public int read() throws IOException {
            if (at == end && !fill()) return -1;
            return buffer[at++] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            if (count == 0) return 0;
            if (at == end) {
                if (count >= READ) return receive(into, from, count);
                if (!fill()) return -1;
            }
            int part = Math.min(count, end - at);
            System.arraycopy(buffer, at, into, from, part);
            at += part;
            return part;
        }

        private boolean fill() throws IOException {
            // Also if the read times out: the bytes in the buffer have been read already.
            at = end = 0;
            end = Math.max(0, receive(buffer, 0, READ));
            return end > 0;
        }

        /// @throws SocketTimeoutException if the handshake takes too long
        private int receive(byte[] into, int from, int count) throws IOException {
            if (handshake) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) throw new SocketTimeoutException("no handshake in time");
                raw.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
            }
            return raw.getInputStream().read(into, from, count);
        }

        boolean receives() throws IOException {
            if (at < end) return true;
            int count = readNow(raw, buffer);
            if (count < 0) throw new EOFException("the other side has closed the connection");
            at = 0;
            end = count;
            return count > 0;
        }

        @Override
        public int available() throws IOException {
            return end - at + raw.getInputStream().available();
        }
    }

    private final class Output extends OutputStream {
        /// Null if nothing is held back.
        private byte[] held;
        private int count;

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            if (length > RECORD && length <= HOLDS - count) {
                if (held == null) held = Objects.requireNonNullElseGet(SPARE.poll(), () -> new byte[HOLDS]);
                System.arraycopy(bytes, from, held, count, length);
                count += length;
                if (count >= MOST_HELD) pushAll();
            } else {
                pushAll();
                writeNow(bytes, from, length);
            }
        }

        private void writeNow(byte[] bytes, int from, int length) throws IOException {
            try {
                raw.getOutputStream().write(bytes, from, length);
            } catch (IOException e) {
                if (!handshake || raw.isClosed()) throw e;
            }
        }

        /// TLS flushes after each record.
        @Override
        public void flush() {}

        synchronized void pushAll() throws IOException {
            if (count == 0) return;
            var bytes = held;
            int length = count;
            held = null;
            count = 0;
            raw.getOutputStream().write(bytes, 0, length);
            // The records are encrypted: what remains of them says nothing to the next connection.
            SPARE.offer(bytes);
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }

    @Override
    public boolean isClosed() {
        return raw.isClosed();
    }

    @Override
    public boolean isConnected() {
        return raw.isConnected();
    }

    @Override
    public boolean isBound() {
        return raw.isBound();
    }

    @Override
    public void shutdownInput() throws IOException {
        raw.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        flush();
        raw.shutdownOutput();
    }

    @Override
    public boolean isInputShutdown() {
        return raw.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return raw.isOutputShutdown();
    }

    @Override
    public InetAddress getInetAddress() {
        return raw.getInetAddress();
    }

    @Override
    public int getPort() {
        return raw.getPort();
    }

    @Override
    public InetAddress getLocalAddress() {
        return raw.getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return raw.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return raw.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return raw.getLocalSocketAddress();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        raw.setSoTimeout(millis);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return raw.getSoTimeout();
    }

    @Override
    public int getSoLinger() throws SocketException {
        return raw.getSoLinger();
    }
}
