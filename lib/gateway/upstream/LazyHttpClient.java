package lib.gateway.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import lib.gateway.exchange.RequestBody;
import lib.gateway.management.definition.BaseUrl;

/// Sends the few requests that the gateway makes for itself. The client is created with the first of them.
public final class LazyHttpClient implements AutoCloseable {
    private final ClientOnce client;

    /// The answer to a request.
    ///
    /// @param headers the headers by name, compared without case
    /// @param body the beginning of the body
    public record Answer(int status, Map<String, List<String>> headers, byte[] body) {}

    public LazyHttpClient(Supplier<HttpClient> clients) {
        this.client = new ClientOnce(clients);
    }

    public HttpClient get() {
        return client.get();
    }

    /// Sends a request with a timeout to a URL whose addresses `lookup` accepts. The JDK's client resolves names
    /// itself, so that requests without TLS use the gateway's own connections.
    ///
    /// @param body the body of the request
    /// @param limit the largest number of bytes that is read from the answer's body
    /// @throws HostLookup.Forbidden if `lookup` rejects an address of the host
    public Answer send(HttpRequest request, byte[] body, HostLookup lookup, int limit)
            throws IOException, InterruptedException {
        var client = get();
        var uri = request.uri();
        if (!BaseUrl.isSecure(uri) && Relay.isDirect(client, uri)) return inClear(request, body, lookup, limit);
        if (lookup.equals(HostLookup.GUARDED) && BaseUrl.leadsAstray(uri.getHost())) throw new HostLookup.Forbidden();
        var answer = client.send(request, BodyHandlers.ofInputStream());
        try (var content = answer.body()) {
            return new Answer(answer.statusCode(), answer.headers().map(), content.readNBytes(limit));
        }
    }

    private static Answer inClear(HttpRequest request, byte[] body, HostLookup lookup, int limit)
            throws IOException, InterruptedException {
        var headers = new ArrayList<UpstreamRequest.Header>();
        request.headers()
                .map()
                .forEach((name, values) ->
                        values.forEach(value -> headers.add(new UpstreamRequest.Header(name, value))));
        var sent = new UpstreamRequest(request.method(), request.uri(), headers, RequestBody.of(body));
        try (var upstream = new Http1Pool(CleartextUpstream.at(request.uri(), lookup));
                var answer = upstream.send(sent, request.timeout().orElseThrow())) {
            var out = new Beginning(limit);
            if (limit > 0) {
                var whole = answer.whole();
                if (whole.isPresent()) out.write(whole.get());
                else answer.passTo(out);
            }
            var named = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
            named.putAll(answer.headers());
            return new Answer(answer.status(), named, out.toByteArray());
        } catch (UncheckedIOException tooLarge) {
            throw tooLarge.getCause();
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no answer in time");
        }
    }

    /// Keeps a limited number of bytes, because an upstream may send an endless answer.
    private static final class Beginning extends ByteArrayOutputStream {
        private final int limit;

        Beginning(int limit) {
            this.limit = limit;
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            if (length > limit - count) throw new UncheckedIOException(new IOException("the answer is too large"));
            super.write(bytes, offset, length);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
