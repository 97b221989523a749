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
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import lib.gateway.certificate.ClientTls;
import lib.gateway.certificate.UpstreamClients;
import lib.gateway.exchange.RequestBody;
import lib.gateway.management.definition.BaseUrl;

/// Sends the few requests that the gateway makes for itself. The client is created with the first of them.
public final class LazyHttpClient implements AutoCloseable {
    private final UpstreamClients clients;
    private final ClientOnce client;

    /// The answer to a request.
    ///
    /// @param headers the headers by name, compared without case
    /// @param body the beginning of the body
    public record Answer(int status, Map<String, List<String>> headers, byte[] body) {}

    public LazyHttpClient(UpstreamClients clients) {
        this.clients = clients;
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
        return send(get(), request, body, lookup, limit);
    }

    /// Sends a request to a provider, as the relay does, and reads no body. Unlike the JDK's client, the gateway's own
    /// connections hear what an upstream says about a certificate while it ends the handshake.
    ///
    /// @throws HostLookup.Forbidden if `lookup` rejects an address of the host
    public Answer send(HttpRequest request, byte[] body, HostLookup lookup, ClientTls tls)
            throws IOException, InterruptedException {
        if (tls.certificate().isEmpty()) return send(get(), request, body, lookup);
        var client = clients.create(Optional.of(tls.certificate().get().keyManager()));
        try {
            return send(client, request, body, lookup);
        } finally {
            client.shutdownNow();
        }
    }

    private static Answer send(HttpClient client, HttpRequest request, byte[] body, HostLookup lookup)
            throws IOException, InterruptedException {
        if (!BaseUrl.isSecure(request.uri())) return send(client, request, body, lookup, 0);
        try {
            return sendOver(new TlsUpstream(request.uri(), client, lookup), request, body, 0);
        } catch (TlsUpstream.NoHttp1 other) {
            return send(client, request, body, lookup, 0);
        } catch (ProxyTunnel.Refused refused) {
            if (refused.status() != 407) throw refused;
            return new Answer(407, Map.of(), new byte[0]);
        }
    }

    private static Answer send(HttpClient client, HttpRequest request, byte[] body, HostLookup lookup, int limit)
            throws IOException, InterruptedException {
        var uri = request.uri();
        if (!BaseUrl.isSecure(uri) && Relay.isDirect(client, uri))
            return sendOver(CleartextUpstream.at(uri, lookup), request, body, limit);
        if (lookup.equals(HostLookup.GUARDED) && BaseUrl.leadsAstray(uri.getHost())) throw new HostLookup.Forbidden();
        var answer = client.send(request, BodyHandlers.ofInputStream());
        try (var content = answer.body()) {
            return new Answer(answer.statusCode(), answer.headers().map(), content.readNBytes(limit));
        }
    }

    private static Answer sendOver(Http1Pool.Dialer dialer, HttpRequest request, byte[] body, int limit)
            throws IOException, InterruptedException {
        var headers = new ArrayList<UpstreamRequest.Header>();
        request.headers()
                .map()
                .forEach((name, values) ->
                        values.forEach(value -> headers.add(new UpstreamRequest.Header(name, value))));
        var sent = new UpstreamRequest(request.method(), request.uri(), headers, RequestBody.of(body));
        try (var upstream = new Http1Pool(dialer);
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
