package lib.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import lib.base.UserError;

/// No answer came: why, in one line, and what to look at.
///
///     throw Unreachable.because(e, "the AI Gateway", uri, Optional.empty());
///     // cannot reach the AI Gateway at https://aigw.example: connection refused: check the URL (…)
public final class Unreachable extends UserError {
    private Unreachable(String message, String hint, IOException cause) {
        super(message, hint, cause);
    }

    /// Puts the failure of a call into words. Only the host is named: the rest may carry what must not be seen.
    ///
    /// @param proxy the proxy that was to be used, as `host:port`
    static Unreachable because(IOException e, String what, URI uri, Optional<String> proxy) {
        var at = origin(uri);
        var via = proxy.map(p -> " through the proxy " + p).orElse("");
        return switch (e) {
            case SSLException tls ->
                new Unreachable(
                        "TLS with %s at %s%s failed (%s)".formatted(what, at, via, reason(tls)),
                        "if a company proxy signs its own certificates, name its CA file in SSL_CERT_FILE",
                        e);
            case HttpConnectTimeoutException _ ->
                new Unreachable(
                        "cannot reach %s at %s%s: no connection in time".formatted(what, at, via), check(proxy), e);
            case HttpTimeoutException _ ->
                new Unreachable(
                        "%s at %s%s did not answer in time".formatted(what, at, via),
                        "try again, or check its health",
                        e);
            case IOException io
            when unresolved(io) && proxy.isEmpty() ->
                new Unreachable(
                        "cannot find the host of %s at %s".formatted(what, at),
                        "check the URL (rpkai env show) and the network",
                        e);
            case ConnectException c ->
                new Unreachable(
                        "cannot reach %s at %s%s: %s"
                                .formatted(what, at, via, unresolved(c) ? "host not found" : "connection refused"),
                        check(proxy),
                        e);
            default ->
                new Unreachable(
                        "the connection to %s at %s%s broke (%s)".formatted(what, at, via, reason(e)),
                        proxy.isPresent() ? check(proxy) : "try again",
                        e);
        };
    }

    /// The proxy wants a name and a password (HTTP 407), or others than it was given.
    static Unreachable refusedByProxy(String what, Optional<String> proxy) {
        return new Unreachable(
                "the proxy%s refused to connect to %s (HTTP 407)"
                        .formatted(proxy.map(p -> " " + p).orElse(""), what),
                "write its name and password in HTTPS_PROXY, as http://name:password@host:port",
                null);
    }

    /// Whom a call goes to, and nothing else of its address.
    static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority().replaceFirst(".*@", "");
    }

    private static String check(Optional<String> proxy) {
        return proxy.isPresent()
                ? "check HTTPS_PROXY and NO_PROXY"
                : "check the URL (rpkai env show) and that it is up";
    }

    private static boolean unresolved(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) return true;
        }
        return false;
    }

    private static String reason(IOException e) {
        // The innermost text is the one that says it: "unable to find valid certification path".
        Throwable innermost = e;
        while (innermost.getCause() != null) innermost = innermost.getCause();
        return Optional.ofNullable(innermost.getMessage())
                .orElse(innermost.getClass().getSimpleName());
    }
}
