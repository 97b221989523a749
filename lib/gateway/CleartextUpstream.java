package lib.gateway;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/// One host that is reached by plain HTTP/1.1, and the connections to it that wait for their next request: a model on
/// this machine or in this cluster. The JDK's client hands each request from thread to thread; on a connection of its own,
/// one thread asks and reads, which is six times as many requests a second (see tests/bench/Gateway.java).
///
///     upstream.send(request, Duration.ofMinutes(10)).passTo(out);
final class CleartextUpstream implements AutoCloseable {
    private static final int MOST_IDLE = 256;
    private static final long IDLE_NANOS = Duration.ofSeconds(55).toNanos();
    private static final Duration LOOK = Duration.ofMillis(50);

    /// Those whose answers are awaited. A socket's own timeout sets and clears an alarm for each read, which costs more than
    /// all else that is done for a small answer.
    private final Set<Http1Connection> asking = ConcurrentHashMap.newKeySet();
    private final Patrol patrol = new Patrol("late answers", LOOK, this::endLate);
    private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
    private final String host;
    private final int port;
    private boolean closed;

    CleartextUpstream(URI uri) {
        host = uri.getHost();
        port = uri.getPort() < 0 ? 80 : uri.getPort();
    }

    /// @throws TimeoutException where no answer has begun by then
    /// @throws IOException where there is none
    UpstreamAnswer send(UpstreamRequest request, Duration patience) throws IOException, TimeoutException {
        var waiting = waiting();
        if (waiting != null) {
            try {
                return answer(waiting, request, patience);
            } catch (IOException e) {
                // It was closed while the request was under way, most likely: so nginx sees it too, and asks once more.
                if (waiting.hasReceived() || !request.canBeRepeated() || Thread.currentThread().isInterrupted()) throw e;
            }
        }
        return answer(Http1Connection.to(host, port), request, patience);
    }

    private UpstreamAnswer answer(Http1Connection connection, UpstreamRequest request, Duration patience) throws IOException, TimeoutException {
        connection.waitsUntil(System.nanoTime() + patience.toNanos());
        asking.add(connection);
        patrol.wake();
        try {
            return connection.ask(request, this::keep);
        } catch (IOException | RuntimeException e) {
            connection.close();
            if (connection.isLate()) throw new TimeoutException();
            throw e;
        } finally {
            asking.remove(connection);
        }
    }

    private boolean endLate() {
        long now = System.nanoTime();
        asking.forEach(connection -> connection.endIfLate(now));
        return !asking.isEmpty();
    }

    private Http1Connection waiting() {
        for (Http1Connection next; (next = newest()) != null;) {
            if (next.isGood()) return next;
            next.close();
        }
        return null;
    }

    private synchronized Http1Connection newest() {
        return idle.pollFirst();
    }

    private synchronized void keep(Http1Connection connection) {
        idle.addFirst(connection);
        while (!idle.isEmpty() && (closed || idle.size() > MOST_IDLE || idle.getLast().idleNanos() > IDLE_NANOS)) idle.removeLast().close();
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (var connection : idle) connection.close();
        idle.clear();
    }
}
