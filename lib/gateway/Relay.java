package lib.gateway;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import lib.UserError;

/// Carries a request to an upstream and its answer back, byte for byte and piece by piece: what has arrived is flushed
/// before more is awaited, and an upstream is read no faster than the client reads.
final class Relay implements AutoCloseable {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Supplier<HttpClient> clients;
    private final Duration patience;
    private HttpClient client;
    private boolean closed;

    Relay(Supplier<HttpClient> clients, Duration patience) {
        this.clients = clients;
        this.patience = patience;
    }

    /// Answers with what the upstream answers, or with a [Refusal] where it does not.
    ///
    /// @throws RuntimeException where the answer broke off halfway; the client must see that as a cut connection
    void relay(Exchange exchange, Credentials credentials, Upstream.Remote upstream) {
        HttpResponse<InputStream> answer;
        try {
            answer = send(UpstreamRequest.of(exchange, credentials, upstream), exchange.provider().name());
            refuseWrongTurn(answer, exchange);
        } catch (Refusal refusal) {
            exchange.refuse(refusal);
            return;
        }
        try (var content = answer.body()) {
            pass(answer, content, exchange.response(), exchange.metered());
        } catch (IOException cut) {
            throw new UncheckedIOException(cut);
        }
    }

    /// Ends every upstream call.
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) client.shutdownNow();
    }

    /// Made on first use: whoever tries the demo needs none, and waits for none.
    private synchronized HttpClient client() {
        if (closed) throw new IllegalStateException("the gateway is closed");
        if (client == null) client = clients.get();
        return client;
    }

    private HttpResponse<InputStream> send(HttpRequest request, String provider) {
        // Not the request's own timeout: since JDK 26 that one would also end answers that stream for long.
        var answer = reachable(provider).sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw Refusal.late(provider, "nothing within " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw new IllegalStateException("the client went away", e);
        } catch (ExecutionException e) {
            throw refusal(provider, e.getCause());
        }
    }

    private HttpClient reachable(String provider) {
        try {
            return client();
        } catch (UserError wrong) {
            // A proxy variable that cannot be used, say; its message says so and quotes nothing.
            throw Refusal.misconfigured(provider, wrong.line());
        }
    }

    private static Refusal refusal(String provider, Throwable cause) {
        // Messages of exceptions stay here: they quote what was sent.
        return switch (cause) {
            case HttpConnectTimeoutException _ -> Refusal.late(provider, "no connection to its upstream");
            case ConnectException _ -> Refusal.unreachable(provider, "no connection to its upstream");
            case SSLException _ -> Refusal.unreachable(provider, "no secure connection to its upstream");
            default -> Refusal.unreachable(provider, "its upstream ended the connection without an answer");
        };
    }

    private static void refuseWrongTurn(HttpResponse<InputStream> answer, Exchange exchange) {
        var provider = exchange.provider().name();
        // The JDK hands out the refusal of a proxy on the way as if it were the answer.
        if (answer.statusCode() == 407) leave(answer, Refusal.misconfigured(provider, "the proxy on the way to it refused "
                + "to connect (HTTP 407): write its name and password in HTTPS_PROXY"));
        if (REDIRECTS.contains(answer.statusCode()) && !exchange.wire().passesRedirects()) {
            leave(answer, Refusal.unreachable(provider, "its upstream redirects elsewhere, and credentials do not follow"));
        }
    }

    private static void leave(HttpResponse<InputStream> answer, Refusal refusal) {
        // A proxy's refusal has none at all.
        try (var _ = answer.body()) {
            throw refusal;
        } catch (IOException e) {
            throw refusal;
        }
    }

    private static void pass(HttpResponse<InputStream> answer, InputStream content, RoutingResponse response, Optional<Metered> metered)
            throws IOException {
        metered.ifPresent(looks -> looks.answers(
                answer.statusCode(), answer.headers().firstValue("content-type").orElse(""), answer.headers().firstValue("content-encoding").orElse("")));
        var hops = HopByHop.response(answer.headers().allValues("connection"));
        answer.headers().map().forEach((name, values) -> {
            if (!hops.contains(name)) response.headers().add(HeaderValues.create(HeaderNames.create(name), values));
        });
        var status = Status.create(answer.statusCode());
        if (HopByHop.hasNoBody(answer.statusCode())) {
            response.headers().remove(HeaderNames.CONTENT_LENGTH);
            response.status(status).send();
            return;
        }
        response.status(status);
        var out = response.outputStream();
        // Where a length is known this sends the head at once; otherwise Helidon has the head wait for the first byte.
        if (response.headers().contains(HeaderNames.CONTENT_LENGTH)) out.write(new byte[0]);
        var buffer = new byte[16 * 1024];
        for (int count; (count = content.read(buffer)) >= 0;) {
            out.write(buffer, 0, count);
            out.flush();
            if (metered.isPresent()) metered.get().shown(buffer, 0, count);
        }
        response.commit();
    }
}
