package lib.doctor.network;

import lib.http.Unreachable;

/// The place on the way to a server at which a call failed.
///
///     FailurePoint.of(Unreachable.Reason.CONNECTION_REFUSED, true)   // PROXY
public enum FailurePoint {
    PROXY,
    DNS,
    TLS,
    SERVER;

    /// @param proxied whether the call went through a proxy
    public static FailurePoint of(Unreachable.Reason reason, boolean proxied) {
        return switch (reason) {
            case PROXY_SIGN_IN -> PROXY;
            case TLS, UNTRUSTED_CERTIFICATE, CERTIFICATE_OUT_OF_DATE -> TLS;
            case HOST_NOT_FOUND -> proxied ? PROXY : DNS;
            case CONNECTION_REFUSED, NO_CONNECTION, PROXY_TUNNEL -> proxied ? PROXY : SERVER;
            case NO_ANSWER, BARE_401, OTHER -> SERVER;
        };
    }
}
