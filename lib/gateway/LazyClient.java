package lib.gateway;

import java.net.http.HttpClient;
import java.util.function.Supplier;

/// A client for the few requests that are the gateway's own, made when the first is sent.
final class LazyClient implements AutoCloseable {
    private final Supplier<HttpClient> clients;
    private HttpClient client;

    LazyClient(Supplier<HttpClient> clients) {
        this.clients = clients;
    }

    synchronized HttpClient get() {
        if (client == null) client = clients.get();
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) client.shutdownNow();
    }
}
