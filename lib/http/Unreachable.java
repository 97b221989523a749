package lib.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.Optional;
import javax.net.ssl.SSLException;
import lib.base.Remedy;
import lib.base.UserError;

/// No answer came: why, in one line, and what to look at.
///
///     throw Unreachable.because(e, "the AI Gateway", uri, Optional.empty());
///     // cannot reach the AI Gateway at https://aigw.example: connection refused: check the URL (…)
public final class Unreachable extends UserError {
    /// What went wrong, for code that has to tell the cases apart.
    public enum Reason {
        /// Nothing listens at the address.
        CONNECTION_REFUSED,
        /// The connection was not made in time.
        NO_CONNECTION,
        /// The connection was made, and the answer did not come in time.
        NO_ANSWER,
        /// The name has no address.
        HOST_NOT_FOUND,
        /// The certificate was signed by an authority that is not trusted.
        UNTRUSTED_CERTIFICATE,
        /// The certificate is not valid yet, or not any more.
        CERTIFICATE_OUT_OF_DATE,
        /// TLS failed for another reason.
        TLS,
        /// The proxy wants a name and a password (HTTP 407), or others than it was given.
        PROXY_SIGN_IN,
        /// The proxy did not open a tunnel to the server.
        PROXY_TUNNEL,
        /// The server answered a bare 401, which the JDK's client takes for an error of the server's when it has a
        /// proxy's password.
        BARE_401,
        /// Any other failure.
        OTHER
    }

    private final Reason reason;

    private Unreachable(Reason reason, String message, Remedy remedy, IOException cause) {
        super(message, remedy, cause);
        this.reason = reason;
    }

    /// What went wrong.
    public Reason reason() {
        return reason;
    }

    /// Puts the failure of a call into words. Only the host is named: the rest may carry what must not be seen.
    ///
    /// @param proxy the proxy that was to be used, as `host:port`
    static Unreachable because(IOException e, String what, URI uri, Optional<String> proxy) {
        var at = origin(uri);
        var via = proxy.map(p -> " through the proxy " + p).orElse("");
        var reason = reasonOf(e);
        return switch (e) {
            case SSLException tls ->
                new Unreachable(
                        reason,
                        "TLS with %s at %s%s failed (%s)".formatted(what, at, via, innermost(tls)),
                        Remedy.advice(
                                "if a company proxy signs its own certificates, set SSL_CERT_FILE to its CA " + "file"),
                        e);
            case HttpConnectTimeoutException _ ->
                new Unreachable(
                        reason,
                        "cannot reach %s at %s%s: no connection in time".formatted(what, at, via),
                        check(proxy),
                        e);
            case HttpTimeoutException _ ->
                new Unreachable(
                        reason,
                        "%s at %s%s did not answer in time".formatted(what, at, via),
                        new Remedy.Retry(", or check its health"),
                        e);
            case IOException io
            when unresolved(io) && proxy.isEmpty() ->
                new Unreachable(
                        reason,
                        "cannot find the host of %s at %s".formatted(what, at),
                        Remedy.advice("check the URL (rpkai env show) and the network"),
                        e);
            case ConnectException c ->
                new Unreachable(
                        reason,
                        "cannot reach %s at %s%s: %s"
                                .formatted(what, at, via, unresolved(c) ? "host not found" : "connection refused"),
                        check(proxy),
                        e);
            default ->
                new Unreachable(
                        reason,
                        "the connection to %s at %s%s was lost (%s)".formatted(what, at, via, innermost(e)),
                        proxy.isPresent() ? check(proxy) : Remedy.retry(),
                        e);
        };
    }

    /// The proxy wants a name and a password (HTTP 407), or others than it was given.
    static Unreachable refusedByProxy(String what, Optional<String> proxy) {
        return new Unreachable(
                Reason.PROXY_SIGN_IN,
                "the proxy%s refused to connect to %s (HTTP 407)"
                        .formatted(proxy.map(p -> " " + p).orElse(""), what),
                Remedy.advice("set its name and password in HTTPS_PROXY, as http://name:password@host:port"),
                null);
    }

    /// Whom a call goes to, and nothing else of its address.
    static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority().replaceFirst(".*@", "");
    }

    private static Remedy check(Optional<String> proxy) {
        return Remedy.advice(
                proxy.isPresent()
                        ? "check HTTPS_PROXY and NO_PROXY"
                        : "check the URL (rpkai env show) and that it is up");
    }

    /// Tells the cases apart by the types of the exceptions. Two have none of their own: there the JDK's words are
    /// all there is.
    private static Reason reasonOf(IOException e) {
        if (has(e, SSLException.class)) return tlsReasonOf(e);
        if (unresolved(e)) return Reason.HOST_NOT_FOUND;
        if (has(e, HttpConnectTimeoutException.class)) return Reason.NO_CONNECTION;
        if (has(e, ConnectException.class)) return Reason.CONNECTION_REFUSED;
        if (has(e, HttpTimeoutException.class)) return Reason.NO_ANSWER;
        if (says(e, "Tunnel failed")) return Reason.PROXY_TUNNEL;
        return says(e, "WWW-Authenticate header missing for response code 401") ? Reason.BARE_401 : Reason.OTHER;
    }

    private static Reason tlsReasonOf(IOException e) {
        if (has(e, CertificateExpiredException.class) || has(e, CertificateNotYetValidException.class))
            return Reason.CERTIFICATE_OUT_OF_DATE;
        return has(e, CertPathBuilderException.class) || hasNoAnchor(e) ? Reason.UNTRUSTED_CERTIFICATE : Reason.TLS;
    }

    private static boolean hasNoAnchor(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathValidatorException path && path.getReason() == PKIXReason.NO_TRUST_ANCHOR)
                return true;
        }
        return false;
    }

    private static boolean unresolved(Throwable e) {
        return has(e, UnresolvedAddressException.class) || has(e, UnknownHostException.class);
    }

    private static boolean has(Throwable e, Class<? extends Exception> type) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) return true;
        }
        return false;
    }

    private static boolean says(Throwable e, String words) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).startsWith(words)) return true;
        }
        return false;
    }

    private static String innermost(IOException e) {
        // The innermost text is the one that says it: "unable to find valid certification path".
        Throwable innermost = e;
        while (innermost.getCause() != null) innermost = innermost.getCause();
        return Optional.ofNullable(innermost.getMessage())
                .orElse(innermost.getClass().getSimpleName());
    }
}
