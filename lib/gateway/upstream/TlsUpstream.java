package lib.gateway.upstream;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import lib.gateway.upstream.tls.BufferedSocket;

/// Connects to a host over TLS with HTTP/1.1. It uses the trust, the proxies and the proxy passwords of a JDK
/// client.
///
///     new Http1Pool(new TlsUpstream(URI.create("https://api.anthropic.com"), client, HostLookup.ANYWHERE))
///
/// The JDK's own client reads no answer before it has sent the request, and therefore loses an early answer.
public final class TlsUpstream implements Http1Pool.Dialer {
    private static final String[] PROTOCOLS = {"http/1.1"};

    private final URI uri;
    private final String host;
    private final int port;
    private final HttpClient like;
    private final HostLookup.Recent known;
    private final boolean isDirect;
    /// Whether the host is known to support only HTTP/2. Threads that wait for a connection then fail at once,
    /// without a handshake each.
    private volatile boolean noHttp1;

    /// Signals that a host supports only HTTP/2.
    static final class NoHttp1 extends SSLException {
        NoHttp1() {
            super("the host does not speak HTTP/1.1");
        }
    }

    /// @param like the client whose trust, proxies and passwords are used
    /// @param lookup the lookup of the host's addresses; the addresses of a proxy are resolved by the machine
    public TlsUpstream(URI uri, HttpClient like, HostLookup lookup) {
        this.uri = uri;
        this.host = uri.getHost().startsWith("[")
                ? uri.getHost().substring(1, uri.getHost().length() - 1)
                : uri.getHost();
        this.known = new HostLookup.Recent(host, lookup);
        this.port = uri.getPort() < 0 ? 443 : uri.getPort();
        this.like = like;
        this.isDirect = proxies().stream().noneMatch(TlsUpstream::isUsed);
    }

    /// @throws NoHttp1 if the host supports only HTTP/2
    @Override
    public Http1Connection dial() throws IOException {
        if (noHttp1) throw new NoHttp1();
        var raw = socket();
        try {
            var below = new BufferedSocket(raw, UpstreamTimeouts.CONNECT);
            var tls = secured(below);
            tls.startHandshake();
            below.endHandshake();
            return Http1Connection.on(below, tls);
        } catch (SocketTimeoutException e) {
            raw.close();
            throw new HttpConnectTimeoutException("no handshake in time");
        } catch (SSLException e) {
            raw.close();
            if (!String.valueOf(e.getMessage()).contains("no_application_protocol")) throw e;
            noHttp1 = true;
            throw new NoHttp1();
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    private SSLSocket secured(Socket below) throws IOException {
        var tls = (SSLSocket) like.sslContext().getSocketFactory().createSocket(below, host, port, true);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(PROTOCOLS);
        tls.setSSLParameters(parameters);
        return tls;
    }

    private Socket socket() throws IOException {
        for (var proxy : proxies()) if (isUsed(proxy)) return ProxyTunnel.to(host, port, proxy, like.authenticator());
        return Http1Connection.connected(host, port, known);
    }

    private List<Proxy> proxies() {
        return like.proxy().orElseGet(ProxySelector::getDefault).select(uri);
    }

    private static boolean isUsed(Proxy proxy) {
        return proxy.type() == Proxy.Type.HTTP;
    }

    @Override
    public Optional<HostLookup.Recent> addresses() {
        return isDirect ? Optional.of(known) : Optional.empty();
    }

    @Override
    public boolean isCostly() {
        return true;
    }
}
