package tests.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A load balancer that sends each request to the next of its servers, and skips those that do not listen.
///
///     try (var balancer = RoundRobin.start()) {
///         balancer.to(one);
///         balancer.to(other);
///         … balancer.url() …
///     }
public final class RoundRobin implements AutoCloseable {
    private static final List<String> HEADERS = List.of("authorization", "content-type", "origin", "sec-fetch-site");

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<URI> servers = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicReference<Loss> loss = new AtomicReference<>();

    private record Loss(String path, Consumer<URI> then) {}

    private RoundRobin(HttpServer server) {
        this.server = server;
    }

    public static RoundRobin start() throws IOException {
        var balancer = new RoundRobin(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        balancer.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        balancer.server.createContext("/", balancer::serve);
        balancer.server.start();
        return balancer;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Adds a server.
    public void to(URI server) {
        servers.add(server);
    }

    /// Loses the answer to the next request for that path, after the server has sent it.
    ///
    /// @param then gets the server
    public void loseAnswer(String path, Consumer<URI> then) {
        loss.set(new Loss(path, then));
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            for (int i = 0; i < servers.size(); i++) {
                var server = servers.get(Math.floorMod(turn.getAndIncrement(), servers.size()));
                try {
                    answer(exchange, server, forward(exchange, server, body));
                    return;
                } catch (ConnectException e) {
                    // The next one.
                }
            }
            exchange.sendResponseHeaders(503, -1);
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, URI server, byte[] body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(server.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        for (var header : HEADERS)
            exchange.getRequestHeaders()
                    .getOrDefault(header, List.of())
                    .forEach(value -> request.header(header, value));
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private void answer(HttpExchange exchange, URI server, HttpResponse<byte[]> answer) throws IOException {
        var lost = loss.get();
        if (lost != null && exchange.getRequestURI().getPath().equals(lost.path) && loss.compareAndSet(lost, null)) {
            lost.then.accept(server);
            return;
        }
        answer.headers()
                .firstValue("content-type")
                .ifPresent(type -> exchange.getResponseHeaders().set("content-type", type));
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
