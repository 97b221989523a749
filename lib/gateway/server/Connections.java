package lib.gateway.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lib.base.PeriodicScan;

/// The open client connections, HTTP/1.1 or HTTP/2. Connections that take too long to send a request are closed,
/// since each uses memory and one of the places.
public final class Connections implements ServerConnectionSelector {
    /// The largest head of a request in bytes. Gateway tokens are JWTs of some kilobytes, and clients send them
    /// twice.
    public static final int LARGEST_HEAD = 128 * 1024;

    private static final ScopedValue<ClientConnection> HANDLED = ScopedValue.newInstance();
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
    private final Http1ConnectionSelector http1;
    private final long sending;
    private final long pause;
    private final PeriodicScan patrol;
    /// The time of the latest look for slow clients.
    private volatile long looked = System.nanoTime();
    private final ConnectionPlaces places;
    private final Handshakes handshakes;
    private volatile boolean draining;

    /// @param sending the timeout, see [lib.gateway.config.Operations#sending]
    public Connections(Http1Config config, Duration sending, ConnectionPlaces places) {
        this.places = places;
        this.sending = sending.toNanos();
        var pause = Collections.min(List.of(LOOK, sending.dividedBy(2)));
        this.pause = pause.toNanos();
        this.patrol = new PeriodicScan("slow clients", pause, this::endSlow);
        this.handshakes = new Handshakes(places, patrol::wake);
        http1 = Http1ConnectionSelector.builder().config(config).build();
    }

    /// Returns the connections that are open at the moment.
    Iterable<ClientConnection> open() {
        return open;
    }

    public int count() {
        return open.size();
    }

    /// Closes each connection as soon as it is idle.
    public void drain() {
        draining = true;
        open.forEach(ClientConnection::leaveOff);
    }

    public boolean isDraining() {
        return draining;
    }

    public Handshakes handshakes() {
        return handshakes;
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        var belowTls = handshakes.end(context.remotePeer().address());
        return new Watched(new ClientConnection(context, belowTls, this::isDraining));
    }

    /// Returns whether the connection of this thread has sent more than a head may have, and no complete request
    /// yet. Helidon throws the same exception for a malformed head and for one that is too large.
    public static boolean hasLargeHead() {
        return HANDLED.isBound() && HANDLED.get().hasLargeHead();
    }

    private final class Watched implements ServerConnection {
        private final ClientConnection client;
        private volatile ServerConnection connection;

        Watched(ClientConnection client) {
            this.client = client;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            try {
                open.add(client);
                patrol.wake();
                places.take(client);
                if (Http2.isSpokenBy(client)) handleShared(limit);
                else ScopedValue.where(HANDLED, client).call(() -> handle(http1.connection(client), limit));
            } catch (DataReader.InsufficientDataAvailableException e) {
                throw new CloseConnectionException("the client asked for nothing", e);
            } finally {
                open.remove(client);
                places.leave(client);
            }
        }

        private void handleShared(Limit limit) throws InterruptedException {
            var shared = new Http2Connection(client);
            open.add(shared);
            places.put(shared);
            open.remove(client);
            places.leave(client);
            try {
                handle(Http2.connection(shared), limit);
            } finally {
                open.remove(shared);
                places.leave(shared);
                shared.endAll();
            }
        }

        private Void handle(ServerConnection connection, Limit limit) throws InterruptedException {
            this.connection = connection;
            connection.handle(limit);
            return null;
        }

        @Override
        public Duration idleTime() {
            // The gateway enforces its own idle timeout: Helidon would mistake a long answer for idleness.
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            if (connection == null) client.hangUp();
            else connection.close(interrupt);
        }
    }

    private boolean endSlow() {
        var turn = ClientDelay.Turn.after(looked, System.nanoTime(), pause);
        looked = turn.now();
        for (var client : open) if (client.isSlow(turn, sending)) client.hangUp();
        boolean handshaking = handshakes.endSlow(turn, Math.min(sending, ClientConnection.FIRST_BYTE));
        return handshaking || !open.isEmpty();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    /// Accepts every connection: the protocol is detected after the connection is already supervised.
    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of("h2", "http/1.1");
    }
}
