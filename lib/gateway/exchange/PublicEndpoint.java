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

/// How a gateway is reached, and what it shows beside the proxy and the management API.
///
///     PublicEndpoint.plain().at(URI.create("https://aigw.example.com"))
///
/// @param publicUrl its base URL as its callers know it, without a slash at its end; empty where that is how they
///     address it. A proxy's `X-Forwarded-` headers are not asked: anybody can send them
/// @param tls the certificate that it shows; empty where it speaks plain HTTP, or a proxy before it speaks TLS
/// @param pages what else it answers
/// @param proxies the proxies before it
public record PublicEndpoint(
        Optional<URI> publicUrl, Optional<SSLContext> tls, ExtraRoutes pages, TrustedProxies proxies) {
    private static final HeaderName FORWARDED_FOR = HeaderNames.create("x-forwarded-for");
    private static final HeaderName FORWARDED = HeaderNames.create("forwarded");

    /// One without a proxy that it trusts.
    public PublicEndpoint(Optional<URI> publicUrl, Optional<SSLContext> tls, ExtraRoutes pages) {
        this(publicUrl, tls, pages, TrustedProxies.NONE);
    }

    /// Plain HTTP and nothing else.
    public static PublicEndpoint plain() {
        return new PublicEndpoint(Optional.empty(), Optional.empty(), ExtraRoutes.NONE);
    }

    /// The same, known under that URL.
    public PublicEndpoint at(URI publicUrl) {
        return new PublicEndpoint(Optional.of(publicUrl), tls, pages, proxies);
    }

    /// The same over TLS.
    public PublicEndpoint over(SSLContext tls) {
        return new PublicEndpoint(publicUrl, Optional.of(tls), pages, proxies);
    }

    /// The same with those pages.
    public PublicEndpoint showing(ExtraRoutes pages) {
        return new PublicEndpoint(publicUrl, tls, pages, proxies);
    }

    /// The same behind those proxies.
    public PublicEndpoint trusting(TrustedProxies proxies) {
        return new PublicEndpoint(publicUrl, tls, pages, proxies);
    }

    /// Who sent a request, for limits that each sender has: an address, or a network of one sender's.
    public String sender(ServerRequest request) {
        return client(request).map(TrustedProxies::sender).orElse("");
    }

    /// The address of whoever sent a request. What others than the trusted proxies say of it is not believed.
    public Optional<InetAddress> client(ServerRequest request) {
        if (!(request.remotePeer().address() instanceof InetSocketAddress peer)) return Optional.empty();
        return Optional.of(proxies.client(
                peer.getAddress(),
                request.headers().all(FORWARDED_FOR, List::of),
                request.headers().all(FORWARDED, List::of)));
    }

    /// `http` or `https`, as it is spoken here.
    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /// The gateway's base URL for whoever sent this request: `http://localhost:8090`.
    public String baseUrl(ServerRequest request) {
        return publicUrl.map(URI::toString).orElseGet(() -> scheme() + "://" + request.authority());
    }
}
