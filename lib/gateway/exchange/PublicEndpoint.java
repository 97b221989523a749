package lib.gateway.exchange;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Describes how clients reach a gateway, and what it serves beside the proxy and the management API.
///
///     PublicEndpoint.plain().at(URI.create("https://aigw.example.com"))
///
/// @param publicUrl the base URL as callers know it, without a trailing slash; if empty, the URL that the caller
///     used. A proxy's `X-Forwarded-` headers are ignored here, because anyone can send them
/// @param tls the TLS context with the certificate; empty if the gateway serves plain HTTP or a proxy in front of
///     it terminates TLS
/// @param pages the additional routes
/// @param proxies the trusted proxies in front of the gateway
public record PublicEndpoint(
        Optional<URI> publicUrl, Optional<SSLContext> tls, ExtraRoutes pages, TrustedProxies proxies) {
    private static final HeaderName FORWARDED_FOR = HeaderNames.create("x-forwarded-for");
    private static final HeaderName FORWARDED = HeaderNames.create("forwarded");

    /// Creates an endpoint without trusted proxies.
    public PublicEndpoint(Optional<URI> publicUrl, Optional<SSLContext> tls, ExtraRoutes pages) {
        this(publicUrl, tls, pages, TrustedProxies.NONE);
    }

    /// Returns an endpoint that serves plain HTTP and no additional routes.
    public static PublicEndpoint plain() {
        return new PublicEndpoint(Optional.empty(), Optional.empty(), ExtraRoutes.NONE);
    }

    /// Returns a copy with that public URL.
    public PublicEndpoint at(URI publicUrl) {
        return new PublicEndpoint(Optional.of(publicUrl), tls, pages, proxies);
    }

    /// Returns a copy that serves TLS.
    public PublicEndpoint over(SSLContext tls) {
        return new PublicEndpoint(publicUrl, Optional.of(tls), pages, proxies);
    }

    /// Returns a copy with those additional routes.
    public PublicEndpoint showing(ExtraRoutes pages) {
        return new PublicEndpoint(publicUrl, tls, pages, proxies);
    }

    /// Returns a copy that trusts those proxies.
    public PublicEndpoint trusting(TrustedProxies proxies) {
        return new PublicEndpoint(publicUrl, tls, pages, proxies);
    }

    /// Returns the sender of a request for per-sender limits: an address, or the network that belongs to one
    /// sender.
    public String sender(ServerRequest request) {
        return client(request).map(TrustedProxies::sender).orElse("");
    }

    /// Returns the client address of a request. Only information from trusted proxies is used.
    public Optional<InetAddress> client(ServerRequest request) {
        if (!(request.remotePeer().address() instanceof InetSocketAddress peer)) return Optional.empty();
        return Optional.of(proxies.client(
                peer.getAddress(),
                request.headers().all(FORWARDED_FOR, List::of),
                request.headers().all(FORWARDED, List::of)));
    }

    /// Returns the scheme that the gateway itself serves: `http` or `https`.
    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /// Returns the gateway's base URL as this client knows it: `http://localhost:8090`.
    public String baseUrl(ServerRequest request) {
        return publicUrl.map(URI::toString).orElseGet(() -> scheme() + "://" + request.authority());
    }
}
