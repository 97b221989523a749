package lib.gateway.upstream;

import java.net.http.HttpClient;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import lib.gateway.certificate.UpstreamClients;

/// The client without a certificate. It is created once, on first use. The first thread creates it. Other threads wait
/// for a future and
/// hold no lock meanwhile: creating a client reads certificates and takes a second in a fresh process.
///
///     var client = new ClientOnce(_ -> HttpClient.newHttpClient());
///     client.get();
///     client.close();
final class ClientOnce implements AutoCloseable {
    private final UpstreamClients clients;
    /// Empty until the client is needed, and again after creating it failed.
    private final AtomicReference<CompletableFuture<HttpClient>> made = new AtomicReference<>();

    ClientOnce(UpstreamClients clients) {
        this.clients = clients;
    }

    /// @throws IllegalStateException after [#close]
    /// @throws RuntimeException if creating it fails; the next call tries again
    HttpClient get() {
        var mine = new CompletableFuture<HttpClient>();
        var first = made.compareAndExchange(null, mine);
        return first == null ? make(mine) : joined(first);
    }

    private HttpClient make(CompletableFuture<HttpClient> mine) {
        try {
            var client = clients.create(Optional.empty());
            // The client may have been closed meanwhile.
            if (!mine.complete(client)) client.shutdownNow();
        } catch (RuntimeException | Error e) {
            made.compareAndSet(mine, null);
            mine.completeExceptionally(e);
        }
        return joined(mine);
    }

    private static HttpClient joined(CompletableFuture<HttpClient> made) {
        try {
            return made.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw e;
            }
        }
    }

    /// Ends every call of the client. Does not wait for a client that is being created.
    @Override
    public void close() {
        var closed = CompletableFuture.<HttpClient>failedFuture(new IllegalStateException("the gateway is closed"));
        var before = made.getAndSet(closed);
        if (before == null) return;
        before.completeExceptionally(closed.exceptionNow());
        if (before.state() == Future.State.SUCCESS) before.join().shutdownNow();
    }
}
