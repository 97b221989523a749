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

/// A client for the few requests that are the gateway's own, made when the first is sent.
public final class LazyHttpClient implements AutoCloseable {
    private final ClientOnce client;

    /// What was answered.
    ///
    /// @param headers by name, without case
    /// @param body its beginning
    public record Answer(int status, Map<String, List<String>> headers, byte[] body) {}

    public LazyHttpClient(Supplier<HttpClient> clients) {
        this.client = new ClientOnce(clients);
    }

    HttpClient get() {
        return client.get();
    }

    /// Sends a request that has a timeout to a URL that is connected to only where `lookup` lets it. The JDK's
    /// client looks names up itself, so that without TLS the request goes over a connection of our own.
    ///
    /// @param body what the request carries
    /// @param limit how many bytes of the answer's body are read
    /// @throws HostLookup.Forbidden where the URL leads where it must not
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

    /// Keeps so many bytes and no more: what is asked may answer for ever.
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
