package lib.gateway;

import io.helidon.http.HeaderNames;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lib.Secret;
import lib.UserError;

/// A request as the upstream gets it: the client's own, less what is between the client and the gateway, plus what gets
/// it in.
final class UpstreamRequest {
    private UpstreamRequest() {}

    /// @throws Refusal where the client's request cannot be sent on
    static HttpRequest of(Exchange exchange, Credentials credentials, Upstream.Remote upstream) {
        if (exchange.target().holds(credentials.token())) {
            throw Refusal.invalid("the gateway token belongs in a header, not in the URL");
        }
        try {
            var uri = upstream.access() instanceof Access.Gateway
                    ? exchange.target().below(upstream.baseUrl()) : exchange.wire().upstream(upstream.baseUrl(), exchange.target());
            var builder = HttpRequest.newBuilder(uri)
                    .method(exchange.method(), exchange.body().publisher())
                    // Over cleartext the client would otherwise ask every upstream to upgrade to HTTP/2.
                    .version(uri.getScheme().equalsIgnoreCase("https")
                            ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
            copyHeaders(exchange, credentials, builder);
            authorize(exchange, upstream.access(), uri, builder);
            return builder.build();
        } catch (IllegalArgumentException e) {
            // Without its message, which would quote a header.
            throw Refusal.invalid("the request has a URL or a header that cannot be sent on");
        }
    }

    private static void copyHeaders(Exchange exchange, Credentials credentials, HttpRequest.Builder builder) {
        var headers = exchange.request().headers();
        var hops = HopByHop.request(headers.all(HeaderNames.CONNECTION, List::of));
        for (var header : headers) {
            for (var value : header.allValues()) {
                if (hops.contains(header.name()) || credentials.keepsBack(header.name(), value)) continue;
                if (exchange.metered().isPresent() && header.name().equalsIgnoreCase("accept-encoding")) {
                    // What passes has to be read here too, and the JDK unpacks nothing newer.
                    builder.header(header.name(), value.contains("gzip") ? "gzip" : "identity");
                    continue;
                }
                exchange.wire().header(header.name(), value).ifPresent(taken -> builder.header(header.name(), taken));
            }
        }
    }

    private static void authorize(Exchange exchange, Access access, URI uri, HttpRequest.Builder builder) {
        switch (access) {
            case Access.Key(var header, var scheme, var secret) -> builder.setHeader(header, scheme + secret.reveal());
            // Its header has been copied.
            case Access.Passthrough _ -> { }
            case Access.None _ -> { }
            case Access.Gateway(var token) -> gatewayToken(token).ifPresent(secret -> {
                if (exchange.provider().passthrough()) builder.setHeader("X-Redpanda-Cloud-Token", secret.reveal());
                else builder.setHeader("Authorization", "Bearer " + secret.reveal());
            });
            case Access.Aws aws -> sign(exchange, aws, uri, builder);
        }
    }

    private static Optional<Secret> gatewayToken(Supplier<Optional<Secret>> token) {
        try {
            return token.get();
        } catch (UserError signedOut) {
            throw Refusal.signedOut(signedOut.line());
        }
    }

    private static void sign(Exchange exchange, Access.Aws aws, URI uri, HttpRequest.Builder builder) {
        var type = exchange.request().headers().all(HeaderNames.CONTENT_TYPE, List::of).stream().findFirst()
                .orElse("application/json");
        builder.setHeader("Content-Type", type);
        // The other headers stay unsigned: what stands between may change them.
        AwsSignature.add(
                new AwsSignature.Signed(
                        exchange.method(), uri, Map.of("Content-Type", List.of(type)), exchange.body().held()),
                "bedrock", exchange.provider().name(), aws, builder::setHeader);
    }
}
