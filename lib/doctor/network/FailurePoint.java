package lib.doctor.network;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import lib.http.Unreachable;

/// Where on the way to a server a call got stuck.
///
///     FailurePoint.of(unreachable, true)   // PROXY
public enum FailurePoint {
    PROXY,
    DNS,
    TLS,
    SERVER;

    /// @param proxied whether the call went through a proxy
    public static FailurePoint of(Unreachable e, boolean proxied) {
        // Refused by the proxy in so many words (HTTP 407): there is no exception behind it.
        if (e.getCause() == null) return PROXY;
        if (has(e, SSLException.class)) return TLS;
        var unresolved = has(e, UnknownHostException.class) || has(e, UnresolvedAddressException.class);
        if (proxied
                && (unresolved
                        || has(e, ConnectException.class)
                        || has(e, HttpConnectTimeoutException.class)
                        || refusedTunnel(e))) return PROXY;
        return unresolved ? DNS : SERVER;
    }

    private static boolean has(Throwable e, Class<?> type) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) return true;
        }
        return false;
    }

    private static boolean refusedTunnel(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).startsWith("Tunnel failed")) return true;
        }
        return false;
    }
}
