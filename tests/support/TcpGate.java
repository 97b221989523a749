package tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A TCP proxy in front of a server that a test can freeze: connections stay open and new ones are accepted, but no
/// byte passes. That is how a network looks that drops packets.
///
///     try (var gate = TcpGate.before(postgres.url())) {
///         gate.freeze();
///         …
///         gate.thaw();
///     }
public final class TcpGate implements AutoCloseable {
    private final ServerSocket server;
    private final URI target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition thawed = lock.newCondition();
    private boolean frozen;

    private TcpGate(URI target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /// Opens a gate before the host and port of a URL.
    public static TcpGate before(URI target) throws IOException {
        var gate = new TcpGate(target);
        Thread.ofVirtual().start(gate::accept);
        return gate;
    }

    /// Returns a URL of that server, or of another database on it, through the gate.
    public URI url(URI url) {
        return URI.create(url.getScheme() + "://" + url.getRawUserInfo() + "@127.0.0.1:" + server.getLocalPort()
                + url.getRawPath());
    }

    /// Lets nothing through any more.
    public void freeze() {
        setFrozen(true);
    }

    /// Lets everything through again, first what waited.
    public void thaw() {
        setFrozen(false);
    }

    private void setFrozen(boolean now) {
        lock.lock();
        try {
            frozen = now;
            thawed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            pass();
            var upstream = new Socket(target.getHost(), target.getPort());
            sockets.add(upstream);
            Thread.ofVirtual().start(() -> copy(upstream, client));
            copy(client, upstream);
        } catch (IOException | UncheckedIOException e) {
            close(client);
        }
    }

    private void copy(Socket from, Socket to) {
        var buffer = new byte[16 * 1024];
        try {
            for (int read; (read = from.getInputStream().read(buffer)) >= 0; ) {
                pass();
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side is gone, and the other one follows.
        } finally {
            close(from);
            close(to);
        }
    }

    private void pass() {
        lock.lock();
        try {
            while (frozen) thawed.awaitUninterruptibly();
        } finally {
            lock.unlock();
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        thaw();
        sockets.forEach(this::close);
    }
}
