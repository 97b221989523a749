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

    /// Looked at in turns for late answers: a socket's own timeout sets and clears an alarm for each read, which costs more
    /// than all else that is done for a small answer. Those that were closed are taken out then.
    private final Set<Http1Connection> open = ConcurrentHashMap.newKeySet();
    private final Patrol patrol = new Patrol("late answers", LOOK, this::endLate);
    private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
    private final String host;
    private final int port;
    private final HostLookup lookup;
    private boolean closed;

    /// @param lookup finds the addresses of its host, anew for each connection
    CleartextUpstream(URI uri, HostLookup lookup) {
        this.lookup = lookup;
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
        var fresh = Http1Connection.to(host, port, lookup);
        open.add(fresh);
        return answer(fresh, request, patience);
    }

    private UpstreamAnswer answer(Http1Connection connection, UpstreamRequest request, Duration patience) throws IOException, TimeoutException {
        connection.waitsUntil(System.nanoTime() + patience.toNanos());
        patrol.wake();
        try {
            return connection.ask(request, this::keep);
        } catch (IOException | RuntimeException e) {
            connection.close();
            if (connection.isLate()) throw new TimeoutException();
            throw e;
        } finally {
            connection.waitsNoMore();
        }
    }

    private boolean endLate() {
        open.removeIf(Http1Connection::isClosed);
        long now = System.nanoTime();
        var waiting = false;
        for (var connection : open) waiting |= connection.waits(now);
        return waiting;
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
