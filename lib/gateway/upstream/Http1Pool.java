package lib.gateway.upstream;

import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lib.base.PeriodicScan;

/// The pool of HTTP/1.1 connections to one host. The JDK's client passes each request from thread to thread. With
/// the gateway's own connections, one thread sends the request and reads the answer, which allows several times
/// as many requests per second (tests/bench/Gateway.java measures the gateway).
///
///     pool.send(request, Duration.ofMinutes(10)).passTo(out);
///
/// If connections are expensive to make, as over TLS, only a few are made at the same time; the number doubles
/// with each success, up to a limit. A waiting request takes the first connection that becomes free, so that many
/// simultaneous requests with short answers need few handshakes. A pool has at most a fixed number of connections.
/// Requests beyond it wait too, and have their turn in the order in which they came.
public final class Http1Pool implements AutoCloseable {
    private static final int MOST_IDLE = 256;
    private static final int MOST_OPEN = 1024;
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration LOOK_IDLE = Duration.ofSeconds(1);
    private static final int FIRST_DIALS = 2;
    private static final int MOST_DIALS = 32;

    /// Makes connections to the host.
    interface Dialer {
        /// @throws IOException if no connection can be made
        Http1Connection dial() throws IOException;

        /// Returns the addresses of the host; empty if they do not matter, as behind a proxy.
        Optional<HostLookup.Recent> addresses();

        /// Returns whether a connection takes much processor time, as a TLS handshake does.
        boolean isCostly();
    }

    /// A waiting request.
    ///
    /// @param turn completes with a free connection, or empty if the request may make a new one
    /// @param fresh whether the request needs a new connection
    private record Waiter(CompletableFuture<Optional<Http1Connection>> turn, boolean fresh) {}

    /// All open connections. They are checked periodically: those with late answers are closed, and closed ones
    /// are removed. A socket's own timeout would set and clear an alarm for each read, which costs more than
    /// everything else about a small answer.
    private final Set<Http1Connection> open = ConcurrentHashMap.newKeySet();
    private final PeriodicScan patrol = new PeriodicScan("late answers", LOOK, this::endLate);
    private final PeriodicScan idleScan = new PeriodicScan("idle connections", LOOK_IDLE, this::endIdle);
    private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private final Dialer dialer;
    private final int mostOpen;
    private int dialing;
    /// The number of connections that are open or being made.
    private int places;
    private int mostDials;
    /// Whether a connection is being made ahead of the first request. Requests wait for it.
    private boolean preparing;
    private volatile boolean closed;

    public Http1Pool(Dialer dialer) {
        this(dialer, MOST_OPEN);
    }

    /// @param mostOpen the largest number of connections
    public Http1Pool(Dialer dialer, int mostOpen) {
        this.dialer = dialer;
        this.mostOpen = mostOpen;
        mostDials = dialer.isCostly() ? FIRST_DIALS : Integer.MAX_VALUE;
    }

    /// @throws TimeoutException if no answer has begun within `patience`
    /// @throws IOException if there is no answer
    public UpstreamAnswer send(UpstreamRequest request, Duration patience)
            throws IOException, TimeoutException, InterruptedException {
        // No connection is kept waiting for a client that is slow.
        request.body().small();
        var waiting = turn(false);
        if (waiting.isPresent()) {
            long start = System.nanoTime();
            try {
                return answer(waiting.get(), request, patience);
            } catch (IOException e) {
                // Most likely the upstream closed the connection just as the request was sent. nginx assumes the
                // same and tries once more.
                if (waiting.get().hasReceived()
                        || !request.canBeRepeated(System.nanoTime() - start)
                        || Thread.currentThread().isInterrupted()) throw e;
            }
            // The other idle connections are as old and may be closed too, so that a new one is made.
            turn(true);
        }
        return answer(dialled(), request, patience);
    }

    /// Makes a connection ahead of the first request, if connections are expensive to make. A failure is not
    /// reported: the first request tries again.
    void prepare() {
        synchronized (this) {
            if (!dialer.isCostly() || closed || dialing > 0 || !open.isEmpty()) return;
            dialing++;
            places++;
            preparing = true;
        }
        try {
            var connection = dialled();
            connection.rest();
            keep(connection);
        } catch (IOException | RuntimeException e) {
            // See above.
        } finally {
            synchronized (this) {
                preparing = false;
                pass();
            }
        }
    }

    /// Waits for a turn, and returns a free connection; empty if the caller may make a new one.
    private Optional<Http1Connection> turn(boolean fresh) throws IOException, InterruptedException {
        while (true) {
            var turn = next(fresh);
            if (turn.isEmpty() || isCurrent(turn.get()) && turn.get().isGood()) return turn;
            turn.get().close();
        }
    }

    private boolean isCurrent(Http1Connection connection) {
        return dialer.addresses().map(known -> known.has(connection.address())).orElse(true);
    }

    private Optional<Http1Connection> next(boolean fresh) throws IOException, InterruptedException {
        Waiter waiter;
        synchronized (this) {
            if (waiters.isEmpty()) {
                var free = fresh ? null : idle.pollFirst();
                if (free != null) return Optional.of(free);
                if (isFullOfIdle(fresh)) idle.removeLast().close();
                if (takesPlace()) return Optional.empty();
            }
            waiter = new Waiter(new CompletableFuture<>(), fresh);
            waiters.add(waiter);
        }
        try {
            return waiter.turn.get(UpstreamTimeouts.TURN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException e) {
            leave(waiter);
            if (e instanceof InterruptedException interrupted) throw interrupted;
            throw new HttpConnectTimeoutException("no connection in time");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a turn is given or not", e);
        }
    }

    /// Returns whether an idle connection must be closed to make a new one.
    private boolean isFullOfIdle(boolean fresh) {
        return fresh && mayDial() && places >= mostOpen && !idle.isEmpty();
    }

    /// Takes the place of a new connection, if one may be made.
    private boolean takesPlace() {
        if (!mayDial() || places >= mostOpen) return false;
        dialing++;
        places++;
        return true;
    }

    /// Gives up the place of a connection that was closed or not made.
    private synchronized void leavePlace() {
        places--;
        pass();
    }

    /// Ends the wait of a request. If it was given a turn at the same moment, the turn is passed on.
    private synchronized void leave(Waiter waiter) {
        if (waiters.remove(waiter)) return;
        waiter.turn.join().ifPresentOrElse(idle::addFirst, () -> {
            dialing--;
            places--;
        });
        pass();
    }

    /// Gives free turns to waiting requests.
    private void pass() {
        while (!waiters.isEmpty()) {
            var fresh = waiters.getFirst().fresh;
            if (!fresh && !idle.isEmpty()) {
                waiters.removeFirst().turn.complete(Optional.of(idle.pollFirst()));
            } else if (isFullOfIdle(fresh)) {
                // This gives the place to the waiting request.
                idle.removeLast().close();
            } else if (takesPlace()) {
                waiters.removeFirst().turn.complete(Optional.empty());
            } else {
                return;
            }
        }
    }

    private boolean mayDial() {
        return !preparing && dialing < mostDials;
    }

    private Http1Connection dialled() throws IOException {
        var succeeded = false;
        try {
            var connection = dialer.dial();
            connection.whenClosed(() -> {
                open.remove(connection);
                leavePlace();
            });
            open.add(connection);
            idleScan.wake();
            succeeded = true;
            if (closed) {
                connection.close();
                throw new IOException("the pool is closed");
            }
            return connection;
        } finally {
            synchronized (this) {
                dialing--;
                if (succeeded && mostDials < MOST_DIALS) mostDials *= 2;
                if (!succeeded) places--;
                pass();
            }
        }
    }

    private UpstreamAnswer answer(Http1Connection connection, UpstreamRequest request, Duration patience)
            throws IOException, TimeoutException {
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
        long now = System.nanoTime();
        var waiting = false;
        for (var connection : open) waiting |= connection.waits(now);
        return waiting;
    }

    private synchronized void keep(Http1Connection connection) {
        idle.addFirst(connection);
        pass();
        endOld();
    }

    private void endOld() {
        while (!idle.isEmpty()
                && (closed || idle.size() > MOST_IDLE || idle.getLast().idleNanos() > UpstreamTimeouts.IDLE.toNanos()))
            idle.removeLast().close();
    }

    /// Closes connections that were idle for too long, that the upstream has closed, or whose address the host has
    /// no more. Otherwise they would stay open until the next request.
    private boolean endIdle() {
        dialer.addresses().ifPresent(known -> known.refresh(System.nanoTime()));
        synchronized (this) {
            endOld();
            for (var connection : List.copyOf(idle)) {
                if (isCurrent(connection) && connection.isGood() || !idle.remove(connection)) continue;
                connection.close();
            }
            return !closed && !open.isEmpty();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.clear();
        open.forEach(Http1Connection::close);
    }
}
