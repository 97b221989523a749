package tests.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import tests.support.upstream.Recorded;
import tests.support.upstream.Reply;

/// The HTTP server under every fixture: loopback, a free port, a virtual thread per request, everything recorded
/// before it is answered. A handler that throws answers 500, and `close` throws what it threw.
public final class Loopback implements AutoCloseable {

    static {
        // Without it every answer on a kept connection waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final int BACKLOG = 1024;
    private static final long BEAT = TimeUnit.MILLISECONDS.toNanos(5);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Function<Recorded, Reply> answer;
    private final List<Recorded> requests = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger departures = new AtomicInteger();
    private final Signal signal = new Signal();
    private volatile boolean closed;

    public Loopback(Function<Recorded, Reply> answer) {
        this("127.0.0.1", answer);
    }

    /// @param address another address of this machine, for clients in other network namespaces
    public Loopback(String address, Function<Recorded, Reply> answer) {
        this.answer = answer;
        try {
            server = HttpServer.create(new InetSocketAddress(address, 0), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    public List<Recorded> requests() {
        return List.copyOf(requests);
    }

    public List<Recorded> await(int n, Predicate<Recorded> wanted, Duration limit) {
        signal.await(
                () -> requests.stream().filter(wanted).count() >= n,
                limit,
                () -> "waited for " + n + " requests, got " + requests);
        return requests.stream().filter(wanted).toList();
    }

    /// Waits until `n` clients in all have left before their answer was complete.
    public void awaitDepartures(int n, Duration limit) {
        signal.await(() -> departures.get() >= n, limit, () -> departures + " of " + n + " clients left");
    }

    private void handle(HttpExchange exchange) throws IOException {
        var call = new Recorded(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Recorded.multiMap(exchange.getRequestHeaders()),
                exchange.getRequestBody().readAllBytes());
        requests.add(call);
        signal.changed();
        var reply = answer(call);
        if (reply.isDropped()) {
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().putAll(reply.headers());
        try {
            send(exchange, reply);
        } catch (IOException e) {
            if (!closed) {
                departures.incrementAndGet();
                signal.changed();
            }
            throw e;
        } catch (AssertionError e) {
            failed(call, e);
            throw new Severed();
        }
    }

    private Reply answer(Recorded call) {
        try {
            return answer.apply(call);
        } catch (RuntimeException | AssertionError e) {
            return failed(call, e);
        }
    }

    private Reply failed(Recorded call, Throwable e) {
        if (!closed) {
            failures.add(e);
        }
        return Reply.of(500, "text/plain", "the fixture failed on " + call + ": " + e);
    }

    // An exception that leaves the handler makes the server close the connection; closing the stream would end
    // the body well.
    private void send(HttpExchange exchange, Reply reply) throws IOException {
        var bodiless = exchange.getRequestMethod().equals("HEAD") || (!reply.streamed() && reply.bytes().length == 0);
        exchange.sendResponseHeaders(reply.status(), bodiless ? -1 : reply.streamed() ? 0 : reply.bytes().length);
        if (bodiless) {
            exchange.close();
            return;
        }
        var out = exchange.getResponseBody();
        if (reply.streamed()) {
            out.flush();
        }
        for (var part : reply.parts()) {
            switch (part) {
                case Reply.Part.Bytes(var bytes) -> out.write(bytes);
                case Reply.Part.Held(var gate) -> gate.pass();
                case Reply.Part.Cut _ -> throw new Severed();
                case Reply.Part.UntilGone(var beat) -> {
                    while (!closed) {
                        out.write(beat);
                        out.flush();
                        LockSupport.parkNanos(BEAT);
                    }
                }
            }
            if (reply.streamed()) {
                out.flush();
            }
        }
        out.close();
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
        threads.shutdownNow();
        if (!failures.isEmpty()) {
            throw new AssertionError("a fixture's handler failed", failures.getFirst());
        }
    }

    /// A cut that the reply asked for, which no client is to blame for.
    private static final class Severed extends RuntimeException {
        Severed() {
            super("cut on purpose", null, false, false);
        }
    }
}
