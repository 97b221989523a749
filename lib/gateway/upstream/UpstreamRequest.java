package lib.gateway.upstream;

import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.exchange.CallerCredentials;
import lib.gateway.exchange.CallerHeaders;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.HopByHop;
import lib.gateway.exchange.RequestBody;

/// A request as it is sent to the upstream: the client's request without the headers that concern only the
/// gateway, and with the upstream's credentials.
///
/// @param headers the headers that the gateway sets; `Host` and the framing headers are not among them
public record UpstreamRequest(String method, URI uri, List<Header> headers, RequestBody body) {
    /// One header line.
    record Header(String name, String value) {
        @Override
        public String toString() {
            return name;
        }
    }

    /// RFC 9110, section 9.2.2.
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    /// @throws GatewayError if the client's request cannot be forwarded
    static UpstreamRequest of(Exchange exchange, CallerCredentials credentials, Upstream.Remote upstream) {
        if (exchange.target().holds(credentials.token())) {
            throw GatewayError.invalid("the gateway token belongs in a header, not in the URL");
        }
        try {
            var uri = upstream.access() instanceof UpstreamAuth.Gateway
                    ? exchange.target().below(upstream.baseUrl())
                    : exchange.wire().upstream(upstream.baseUrl(), exchange.target());
            var request = new UpstreamRequest(exchange.method(), uri, new ArrayList<>(), exchange.body());
            request.copyHeaders(exchange, credentials);
            request.addAcceptedEncoding(exchange);
            request.authorize(exchange, upstream.access());
            return request;
        } catch (IllegalArgumentException e) {
            throw cannotBeSent();
        }
    }

    /// Returns an error without the exception's message, which would quote a header.
    private static GatewayError cannotBeSent() {
        return GatewayError.invalid("the request has a URL or a header that cannot be sent upstream");
    }

    /// Returns the request for the JDK's client.
    ///
    /// @throws GatewayError if that client rejects it
    HttpRequest forJdk() {
        try {
            var builder = HttpRequest.newBuilder(uri)
                    .method(method, body.publisher())
                    // In cleartext the client would otherwise ask every upstream to upgrade to HTTP/2.
                    .version(
                            uri.getScheme().equalsIgnoreCase("https")
                                    ? HttpClient.Version.HTTP_2
                                    : HttpClient.Version.HTTP_1_1);
            for (var header : headers) builder.header(header.name, header.value);
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw cannotBeSent();
        }
    }

    /// Writes the request as HTTP/1.1. Another thread forwards a body that has not arrived yet, since the answer
    /// may begin before the body ends.
    ///
    /// @param cut the action that ends the connection if the client does not send the rest of the body
    /// @throws GatewayError if the head contains invalid characters
    Upload writeTo(OutputStream out, Runnable cut) throws IOException {
        var small = body.small();
        var head = head(small);
        if (small.isEmpty()) {
            boolean chunked = body.length().isEmpty();
            out.write(head);
            return Upload.start(body, out, chunked, cut);
        }
        var all = Arrays.copyOf(head, head.length + small.get().length);
        System.arraycopy(small.get(), 0, all, head.length, small.get().length);
        out.write(all);
        out.flush();
        return Upload.DONE;
    }

    /// Returns whether the request can be sent again after a connection failed that had been used before.
    ///
    /// @param nanos the time between the request and the failure
    boolean canBeRepeated(long nanos) {
        try {
            return (nanos < UpstreamTimeouts.STALE.toNanos() || IDEMPOTENT.contains(method))
                    && body.small().isPresent();
        } catch (IOException gone) {
            return false;
        }
    }

    private byte[] head(Optional<byte[]> small) {
        var text = new StringBuilder(512)
                .append(method)
                .append(' ')
                .append(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
        if (uri.getRawQuery() != null) text.append('?').append(uri.getRawQuery());
        text.append(" HTTP/1.1\r\nHost: ").append(uri.getRawAuthority()).append("\r\n");
        // A target must not contain a space, which would split the request line.
        if (!isAscii(text) || text.indexOf(" ", method.length() + 1) != text.indexOf(" HTTP/1.1\r\n"))
            throw cannotBeSent();
        for (var header : headers) {
            if (!Http1Head.isToken(header.name) || !isSendable(header.value)) throw cannotBeSent();
            text.append(header.name).append(": ").append(header.value).append("\r\n");
        }
        var length = small.isPresent() ? OptionalLong.of(small.get().length) : body.length();
        if (length.isEmpty()) text.append("Transfer-Encoding: chunked\r\n");
        else if (length.getAsLong() > 0 || WITH_BODY.contains(method))
            text.append("Content-Length: ").append(length.getAsLong()).append("\r\n");
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean isAscii(CharSequence text) {
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) > '~') return false;
        return true;
    }

    /// Returns whether a header value is valid. Helidon accepts some invalid headers, such as an empty name, and
    /// formats and signatures add others.
    private static boolean isSendable(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) return false;
        }
        return true;
    }

    private void set(String name, String value) {
        // CGI-style servers treat underscores as dashes: a caller's X_Api_Key would be a second key.
        headers.removeIf(header -> CallerHeaders.isSame(header.name, name));
        headers.add(new Header(name, value));
    }

    private void copyHeaders(Exchange exchange, CallerCredentials credentials) {
        var received = exchange.request().headers();
        var hops = HopByHop.request(received.all(HeaderNames.CONNECTION, List::of));
        for (var header : received) {
            for (var value : header.allValues()) {
                var canonical = CallerHeaders.canonical(header.name());
                if (hops.contains(header.name()) || hops.contains(canonical) || credentials.keepsBack(canonical, value))
                    continue;
                if (!CallerHeaders.goUpstream(header.name(), exchange.provider().passthrough())) continue;
                if (!exchange.provider().models().isEmpty() && CallerHeaders.chooseModel(header.name())) continue;
                // The gateway must read the answer too, and the JDK supports no newer encoding.
                if (isReadHere(exchange) && header.name().equalsIgnoreCase("accept-encoding")) continue;
                exchange.wire()
                        .header(header.name(), value)
                        .ifPresent(taken -> headers.add(new Header(header.name(), taken)));
            }
        }
    }

    private void addAcceptedEncoding(Exchange exchange) {
        if (!isReadHere(exchange)) return;
        var accepted = exchange.request().headers().all(HeaderNames.ACCEPT_ENCODING, List::of);
        var gzip = CallerHeaders.accepts("gzip", accepted) && !exchange.body().asksForUsage();
        if (!accepted.isEmpty()) headers.add(new Header("Accept-Encoding", gzip ? "gzip" : "identity"));
    }

    /// Returns whether the gateway reads the answer. A stream from which a chunk is removed must not be
    /// compressed.
    private static boolean isReadHere(Exchange exchange) {
        return exchange.metered().isPresent() || exchange.body().asksForUsage();
    }

    private void authorize(Exchange exchange, UpstreamAuth access) {
        switch (access) {
            case UpstreamAuth.Key(var header, var scheme, var secret) -> set(header, scheme + secret.reveal());
            // The caller's header has been copied already.
            case UpstreamAuth.Passthrough _ -> {}
            case UpstreamAuth.None _ -> {}
            case UpstreamAuth.Gateway(var token, var more) -> {
                more.forEach(this::set);
                gatewayToken(token).ifPresent(secret -> {
                    if (exchange.provider().passthrough()) set("X-Redpanda-Cloud-Token", secret.reveal());
                    else set("Authorization", "Bearer " + secret.reveal());
                });
            }
            case UpstreamAuth.Aws aws -> sign(exchange, aws);
        }
    }

    private static Optional<Secret> gatewayToken(Supplier<Optional<Secret>> token) {
        try {
            return token.get();
        } catch (UserError signedOut) {
            throw GatewayError.signedOut(signedOut.line());
        }
    }

    private void sign(Exchange exchange, UpstreamAuth.Aws aws) {
        var type = exchange.request().headers().all(HeaderNames.CONTENT_TYPE, List::of).stream()
                .findFirst()
                .orElse("application/json");
        set("Content-Type", type);
        // The other headers stay unsigned, because intermediaries may change them.
        AwsSignature.add(
                new AwsSignature.Signed(method, uri, Map.of("Content-Type", List.of(type)), body.held()),
                "bedrock",
                exchange.provider().name(),
                aws,
                this::set);
    }
}
