package lib.gateway.server;

import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import lib.base.PeriodicScan;
import lib.gateway.exchange.RequestBody;

/// Detects clients that disconnect while an answer is awaited, so that no one pays for an unread answer. A
/// thinking model may be silent for minutes, and a broken connection would otherwise be noticed only by writing
/// to it.
///
///     watch.during(client, body, () -> relay(...));
///
/// Most answers arrive within milliseconds; a watching thread for each would cost more than the answer. Therefore
/// a single thread checks a few times a second which answers take long, and only those get a thread of their own.
public final class DisconnectDetector {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Connections connections;
    private final PeriodicScan patrol = new PeriodicScan("client watch", LOOK, this::look);

    /// @param connections the open client connections
    public DisconnectDetector(Connections connections) {
        this.connections = connections;
    }

    /// Runs `exchange`, interrupts it if the client disconnects, and returns when it is over.
    ///
    /// An exchange that throws has failed halfway through its answer. The connection is then closed, so that the
    /// client sees a cut connection and not a complete answer.
    ///
    /// @throws CloseConnectionException if the connection cannot be used any more
    public void during(Client client, RequestBody body, Runnable exchange) {
        switch (client) {
            case ClientConnection connection -> watched(connection, body, exchange);
            case ClientStream stream -> alone(stream, body, exchange);
        }
    }

    /// Reads and discards what the client still sends of a request that was refused.
    public void discard(Client client, RequestBody body) {
        switch (client) {
            case ClientConnection connection -> body.drop(connection::hangUp);
            case ClientStream _ -> body.drop(Thread.currentThread()::interrupt);
        }
    }

    /// Runs an exchange without a watcher. The connection of a stream ends the streams on it.
    private static void alone(ClientStream client, RequestBody body, Runnable exchange) {
        try {
            exchange.run();
            body.drop(Thread.currentThread()::interrupt);
        } catch (RuntimeException _) {
            throw new CloseConnectionException("the connection was closed");
        } finally {
            body.abandon();
            body.release();
        }
        client.rests();
    }

    private void watched(ClientConnection client, RequestBody body, Runnable exchange) {
        var watched = new Watched(client, body, Thread.currentThread());
        client.watched(watched);
        patrol.wake();
        var failed = false;
        try {
            exchange.run();
            body.drop(client::hangUp);
        } catch (RuntimeException _) {
            failed = true;
            client.hangUp();
        } finally {
            client.watched(null);
            body.abandon();
            // The wait for the client's next request, below, may take minutes.
            body.release();
        }
        if (!failed) client.rests();
        if (!watched.end() || failed) throw new CloseConnectionException("the connection was closed");
    }

    private boolean look() {
        var any = false;
        for (var client : connections.open()) {
            var watched = client.watched();
            if (watched == null) continue;
            watched.watchIfLong();
            any = true;
        }
        return any;
    }

    /// An exchange with a client, and the thread that reads on its connection meanwhile.
    static final class Watched {
        private final ClientConnection client;
        private final RequestBody body;
        private final Thread exchange;
        private Thread watcher;
        private boolean seen;
        private boolean over;
        private boolean gone;

        Watched(ClientConnection client, RequestBody body, Thread exchange) {
            this.client = client;
            this.body = body;
            this.exchange = exchange;
        }

        /// Reads from the connection, which the connection's own thread would do next anyway. This detects the
        /// end of the connection or the start of the next request, which stays in Helidon's buffer until its
        /// turn.
        synchronized void watchIfLong() {
            if (seen && !over && watcher == null)
                watcher = Thread.ofVirtual().name("client").start(this::watch);
            seen = true;
        }

        private void watch() {
            if (untilNextRequest() || isOverSoon()) return;
            leave();
        }

        /// Returns whether the client disconnected because it has its answer: it may be faster than the last
        /// steps here.
        private boolean isOverSoon() {
            synchronized (this) {
                gone = true;
            }
            for (int i = 0; i < 10 && !isOver(); i++) LockSupport.parkNanos(LOOK.toNanos() / 10);
            return isOver();
        }

        private synchronized boolean isOver() {
            return over;
        }

        private synchronized void leave() {
            if (!over) exchange.interrupt();
        }

        /// Returns whether the connection can still be used: false if the client disconnected or did not send its
        /// whole request.
        private boolean untilNextRequest() {
            try {
                if (!body.awaitComplete()) return false;
                client.waits();
                client.dataReader().ensureAvailable();
                return true;
            } catch (RuntimeException _) {
                return false;
            } catch (InterruptedException _) {
                return false;
            }
        }

        /// Waits until only the connection's own thread reads from it, and returns whether it can still be used.
        boolean end() {
            Thread reading;
            synchronized (this) {
                over = true;
                reading = watcher;
            }
            if (reading == null) return body.isComplete();
            // Otherwise each side would wait for the other to close the connection: the watcher reads until it
            // ends.
            if (client.asksNoMore() && body.isComplete()) client.close();
            try {
                reading.join();
            } catch (InterruptedException e) {
                // The gateway is shutting down, or the client disconnected at the very end.
                client.hangUp();
                return false;
            }
            return !gone || client.asksNoMore() && body.isComplete();
        }
    }
}
