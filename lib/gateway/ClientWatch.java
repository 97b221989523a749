package lib.gateway;

import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;

/// Notices a client that goes away while its answer is still being awaited, so that nobody pays for an answer that
/// nobody reads. A thinking model may be silent for minutes, and without this a broken connection would be found only
/// by writing to it.
///
///     ClientWatch.during(client, body, () -> relay(...));
final class ClientWatch {
    private ClientWatch() {}

    /// Runs `exchange` on another thread, interrupts it when the client is gone, and returns when it is over.
    ///
    /// Meanwhile this thread reads from the connection, which is what it would do next anyway: it finds the end of the
    /// connection, or the start of the next request, which stays in Helidon's buffer until that is its turn.
    ///
    /// An exchange that throws has failed halfway through its answer: the connection is closed, so that the client sees
    /// a cut and not an end.
    ///
    /// @throws CloseConnectionException where the connection cannot be used any more
    static void during(ConnectionContext client, RequestBody body, Runnable exchange) {
        var failed = new boolean[1];
        var worker = Thread.ofVirtual().name("exchange").start(() -> {
            try {
                exchange.run();
            } catch (RuntimeException _) {
                failed[0] = true;
                hangUp(client);
            } finally {
                body.abandon();
            }
        });
        var gone = !untilNextRequest(client, body);
        if (gone) worker.interrupt();
        join(worker);
        if (gone || failed[0]) throw new CloseConnectionException("the exchange was cut off");
    }

    /// Whether the connection is still good: false when the client is gone or did not send all of its request.
    private static boolean untilNextRequest(ConnectionContext client, RequestBody body) {
        try {
            if (!body.awaitComplete()) return false;
            client.dataReader().ensureAvailable();
            return true;
        } catch (RuntimeException _) {
            return false;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private static void hangUp(ConnectionContext client) {
        try {
            client.serverSocket().close();
        } catch (RuntimeException _) {
            // Closed already.
        }
    }

    private static void join(Thread worker) {
        while (true) {
            try {
                worker.join();
                return;
            } catch (InterruptedException e) {
                // The gateway is closing. The exchange writes on this connection: it must not outlive this method.
                worker.interrupt();
            }
        }
    }
}
