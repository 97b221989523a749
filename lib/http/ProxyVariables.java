package lib.http;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import lib.base.Host;
import lib.base.UserError;

/// Chooses the proxy from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case, as
/// curl and Go do. If none is set, the JVM's own settings (`-Dhttps.proxyHost` and others) apply. Connections to
/// this machine never use a proxy.
///
///     ProxyVariables.of(host).proxyFor(URI.create("https://aigw.example"))   // Optional[proxy.corp:3128]
public final class ProxyVariables {
    private final Optional<URI> https;
    private final Optional<URI> http;
    private final List<String> exceptions;

    private ProxyVariables(Optional<URI> https, Optional<URI> http, List<String> exceptions) {
        this.https = https;
        this.http = http;
        this.exceptions = exceptions;
    }

    /// Reads the variables.
    ///
    /// @throws UserError if a variable is not the URL of an HTTP proxy
    public static ProxyVariables of(Host host) {
        var all = either(host, "ALL_PROXY");
        return new ProxyVariables(
                either(host, "HTTPS_PROXY").or(() -> all).map(ProxyVariables::parse),
                either(host, "HTTP_PROXY").or(() -> all).map(ProxyVariables::parse),
                Arrays.stream(either(host, "NO_PROXY").orElse("").split(","))
                        .map(e -> e.strip().toLowerCase(Locale.ROOT))
                        .filter(e -> !e.isEmpty())
                        .toList());
    }

    /// Returns `host:port` of the proxy for a URI; empty for a direct connection. The result never contains the
    /// password.
    public Optional<String> proxyFor(URI uri) {
        return chosen(uri).map(proxy -> proxy.getHost() + ":" + port(proxy));
    }

    ProxySelector selector() {
        if (https.isEmpty() && http.isEmpty())
            return Optional.ofNullable(ProxySelector.getDefault()).orElse(HttpClient.Builder.NO_PROXY);
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(chosen(uri)
                        .map(proxy -> new Proxy(
                                Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port(proxy))))
                        .orElse(Proxy.NO_PROXY));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {}
        };
    }

    /// Returns an authenticator with the name and password from a proxy's URL, for that proxy only.
    Optional<Authenticator> authenticator() {
        var withPassword = Stream.of(https, http)
                .flatMap(Optional::stream)
                .filter(proxy ->
                        proxy.getUserInfo() != null && proxy.getUserInfo().contains(":"))
                .toList();
        if (withPassword.isEmpty()) return Optional.empty();
        return Optional.of(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                if (getRequestorType() != RequestorType.PROXY) return null;
                return withPassword.stream()
                        .filter(proxy ->
                                proxy.getHost().equals(getRequestingHost()) && port(proxy) == getRequestingPort())
                        .map(URI::getUserInfo)
                        .findFirst()
                        .map(info -> new PasswordAuthentication(
                                info.substring(0, info.indexOf(':')),
                                info.substring(info.indexOf(':') + 1).toCharArray()))
                        .orElse(null);
            }
        });
    }

    private Optional<URI> chosen(URI uri) {
        var host = Optional.ofNullable(uri.getHost()).orElse("").toLowerCase(Locale.ROOT);
        if (isLoopback(host) || exceptions.stream().anyMatch(e -> excepts(e, host, port(uri)))) return Optional.empty();
        return "http".equalsIgnoreCase(uri.getScheme()) ? http : https;
    }

    /// Returns whether a host name or address is this machine.
    public static boolean isLoopback(String host) {
        return host.equals("127.0.0.1")
                || host.equals("localhost")
                || host.endsWith(".localhost")
                || host.matches("127(\\.\\d+){3}")
                || host.equals("[::1]")
                || host.equals("::1");
    }

    private static boolean excepts(String exception, String host, int port) {
        if (exception.equals("*")) return true;
        var colon = exception.lastIndexOf(':');
        if (colon > 0 && exception.indexOf(':') == colon) {
            if (!exception.substring(colon + 1).equals(String.valueOf(port))) return false;
            exception = exception.substring(0, colon);
        }
        if (exception.indexOf('/') > 0) return isWithin(exception, host);
        var domain = exception.replaceFirst("^\\*?\\.", "");
        return host.equals(domain) || host.endsWith("." + domain);
    }

    /// Returns whether an IPv4 address is in a network such as `10.0.0.0/8`.
    private static boolean isWithin(String network, String host) {
        var slash = network.indexOf('/');
        var address = ipv4(host);
        var base = ipv4(network.substring(0, slash));
        var length = network.substring(slash + 1);
        if (address.isEmpty() || base.isEmpty() || !length.matches("\\d{1,2}") || Integer.parseInt(length) > 32)
            return false;
        var shift = 32 - Integer.parseInt(length);
        return address.get() >>> shift == base.get() >>> shift;
    }

    private static Optional<Long> ipv4(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) return Optional.empty();
        return Optional.of(
                Arrays.stream(text.split("\\.")).map(Long::valueOf).reduce(0L, (all, part) -> all << 8 | part));
    }

    private static URI parse(String text) {
        try {
            var uri = new URI(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() != null && uri.getScheme().startsWith("http")) return uri;
        } catch (URISyntaxException e) {
            // The text of the exception may contain a password, so that the message below does not repeat it.
        }
        throw new UserError(
                "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY is not the URL of an HTTP proxy", "use http://host:port");
    }

    private static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static Optional<String> either(Host host, String name) {
        return host.variable(name.toLowerCase(Locale.ROOT)).or(() -> host.variable(name));
    }
}
