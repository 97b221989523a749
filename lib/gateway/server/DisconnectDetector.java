package lib.gateway.server;

import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import lib.gateway.exchange.PeriodicScan;
import lib.gateway.exchange.RequestBody;

/// Notices clients that go away while their answers are still being awaited, so that nobody pays for an answer
/// that nobody reads. A thinking model may be silent for minutes, and without this a broken connection would be
/// found only by writing to it.
///
///     watch.during(client, body, () -> relay(...));
///
/// Most answers are there within milliseconds; a thread each to watch over them would cost more than they do. So
/// only one looks, a few times a second, which of them take long, and those get one.
public final class DisconnectDetector {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Connections connections;
    private final PeriodicScan patrol = new PeriodicScan("client watch", LOOK, this::look);

    /// @param connections where the clients are found
    public DisconnectDetector(Connections connections) {
        this.connections = connections;
    }

    /// Runs `exchange`, interrupts it when the client is gone, and returns when it is over.
    ///
    /// An exchange that throws has failed halfway through its answer: the connection is closed, so that the
    /// client sees a cut and not an end.
    ///
    /// @throws CloseConnectionException where the connection cannot be used any more
    public void during(Client client, RequestBody body, Runnable exchange) {
        switch (client) {
            case ClientConnection connection -> watched(connection, body, exchange);
            case ClientStream stream -> alone(stream, body, exchange);
        }
    }

    /// The other end of a stream belongs to its connection, which ends what runs on it.
    private static void alone(ClientStream client, RequestBody body, Runnable exchange) {
        try {
            exchange.run();
            body.drop(Thread.currentThread()::interrupt);
        } catch (RuntimeException _) {
            throw new CloseConnectionException("the exchange was cut off");
        } finally {
            body.abandon();
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
        }
        if (!failed) client.rests();
        if (!watched.end() || failed) throw new CloseConnectionException("the exchange was cut off");
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

    /// An exchange with a client, and whoever reads on its connection meanwhile.
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

        /// Reads from the connection, which is what its own thread would do next anyway: this finds the end of
        /// the connection, or the start of the next request, which stays in Helidon's buffer until that is its
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

        /// Whether the client left because it has what it wanted: it may be quicker than the last steps here.
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

        /// Whether the connection is still good: false when the client is gone or did not send all of its
        /// request.
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

        /// Waits until nobody but the connection's own thread reads from it, and tells whether it is still good.
        boolean end() {
            Thread reading;
            synchronized (this) {
                over = true;
                reading = watcher;
            }
            if (reading == null) return body.isComplete();
            // Otherwise each would wait for the other to end the connection: the watcher reads until it ends.
            if (client.asksNoMore() && body.isComplete()) client.hangUp();
            try {
                reading.join();
            } catch (InterruptedException e) {
                // The gateway is closing, or the client left in the very end.
                client.hangUp();
                return false;
            }
            return !gone || client.asksNoMore() && body.isComplete();
        }
    }
}
