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

/// Signals that a server did not answer, with the reason in one line and the next step.
///
///     throw Unreachable.because(e, "the AI Gateway", uri, Optional.empty());
///     // cannot reach the AI Gateway at https://aigw.example: connection refused: check the URL (…)
public final class Unreachable extends UserError {
    /// The reason, for code that must distinguish the cases.
    public enum Reason {
        /// Nothing listens at the address.
        CONNECTION_REFUSED,
        /// The connection was not made in time.
        NO_CONNECTION,
        /// The connection was made, and the answer did not come in time.
        NO_ANSWER,
        /// The host name has no address.
        HOST_NOT_FOUND,
        /// The certificate was signed by an authority that is not trusted.
        UNTRUSTED_CERTIFICATE,
        /// The certificate is not valid yet or has expired.
        CERTIFICATE_OUT_OF_DATE,
        /// TLS failed for another reason.
        TLS,
        /// The proxy requires a name and a password (HTTP 407), or rejects the given ones.
        PROXY_SIGN_IN,
        /// The proxy did not open a tunnel to the server.
        PROXY_TUNNEL,
        /// The server answered 401 without `WWW-Authenticate`. The JDK's client treats that as a protocol error
        /// if it has a password for a proxy.
        BARE_401,
        /// Any other failure.
        OTHER
    }

    private final Reason reason;

    private Unreachable(Reason reason, String message, Remedy remedy, IOException cause) {
        super(message, remedy, cause);
        this.reason = reason;
    }

    /// Returns the reason.
    public Reason reason() {
        return reason;
    }

    /// Converts the failure of a call to an error for users. Only the host is named: other parts of the URL may
    /// be confidential.
    ///
    /// @param proxy the proxy that was used, as `host:port`
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

    /// Returns the error for a proxy that requires a name and a password (HTTP 407), or rejects the given ones.
    static Unreachable refusedByProxy(String what, Optional<String> proxy) {
        return new Unreachable(
                Reason.PROXY_SIGN_IN,
                "the proxy%s refused to connect to %s (HTTP 407)"
                        .formatted(proxy.map(p -> " " + p).orElse(""), what),
                Remedy.advice("set its name and password in HTTPS_PROXY, as http://name:password@host:port"),
                null);
    }

    /// Returns the scheme, host and port of a URI, and nothing else of it.
    static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority().replaceFirst(".*@", "");
    }

    private static Remedy check(Optional<String> proxy) {
        return Remedy.advice(
                proxy.isPresent()
                        ? "check HTTPS_PROXY and NO_PROXY"
                        : "check the URL (rpkai env show) and that it is up");
    }

    /// Determines the reason from the types of the exceptions. Two reasons have no type of their own, and only
    /// the JDK's message identifies them.
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
        // The innermost message is the most specific: "unable to find valid certification path".
        Throwable innermost = e;
        while (innermost.getCause() != null) innermost = innermost.getCause();
        return Optional.ofNullable(innermost.getMessage())
                .orElse(innermost.getClass().getSimpleName());
    }
}
