package tests.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import tests.bench.contender.Message;

/// The clients, all on one thread: one system call to wait, one to read and one to write for each request, so
/// that the machine is left to what is measured.
///
///     Load.requests(url, request, 64, Duration.ofSeconds(2)).perSecond()
final class Load {
    private final ByteBuffer input = ByteBuffer.allocateDirect(256 * 1024);
    private final Selector selector = Selector.open();
    private final InetSocketAddress to;
    private final byte[] request;

    private Load(URI url, byte[] request) throws IOException {
        this.to = new InetSocketAddress(url.getHost(), url.getPort());
        this.request = request;
    }

    /// Small answers.
    ///
    /// @param nanos how long each took, in order of length
    record Rate(long[] nanos, double seconds, int failed) {
        double perSecond() {
            return nanos.length / seconds;
        }

        /// Microseconds.
        double percentile(double share) {
            return Load.percentile(nanos, share) / 1e3;
        }
    }

    private static final class Connection {
        final Message answer = new Message(false);
        final SocketChannel channel;
        long sent;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /// One request after the other on each connection, for that long.
    static Rate requests(URI url, byte[] request, int connections, Duration time) throws IOException {
        var load = new Load(url, request);
        var took = new long[1 << 22];
        int count = 0, failed = 0;
        long begin = System.nanoTime(), end = begin + time.toNanos();
        for (int i = 0; i < connections; i++) load.send(load.connect());
        while (System.nanoTime() < end) {
            load.selector.select(1000);
            for (var key : load.selector.selectedKeys()) {
                var connection = (Connection) key.attachment();
                var state = load.read(connection);
                if (state == State.GOING_ON) continue;
                if (state == State.CUT || connection.answer.status() != 200) failed++;
                else took[count++] = System.nanoTime() - connection.sent;
                if (state == State.CUT) connection = load.connect();
                load.send(connection);
            }
            load.selector.selectedKeys().clear();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        load.close();
        return new Rate(sorted(Arrays.copyOf(took, count)), seconds, failed);
    }

    private enum State {
        GOING_ON,
        COMPLETE,
        CUT
    }

    private State read(Connection connection) throws IOException {
        input.clear();
        try {
            if (connection.channel.read(input) >= 0)
                return connection.answer.read(input.flip()) ? State.COMPLETE : State.GOING_ON;
        } catch (IOException reset) {
            // Cut too.
        }
        connection.channel.close();
        return connection.answer.endsWithTheConnection() ? State.COMPLETE : State.CUT;
    }

    private Connection connect() throws IOException {
        var channel = SocketChannel.open(to).setOption(StandardSocketOptions.TCP_NODELAY, true);
        var connection = new Connection(channel);
        channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    private void send(Connection connection) throws IOException {
        connection.answer.reset();
        connection.sent = System.nanoTime();
        try {
            connection.channel.write(ByteBuffer.wrap(request));
        } catch (IOException gone) {
            // Reading says so.
        }
    }

    private void close() throws IOException {
        for (var key : selector.keys()) key.channel().close();
        selector.close();
    }

    static double percentile(long[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * share))];
    }

    private static long[] sorted(long[] values) {
        Arrays.sort(values);
        return values;
    }
}
