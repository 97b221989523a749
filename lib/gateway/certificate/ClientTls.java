package lib.gateway.certificate;

import java.util.Optional;
import java.util.Set;

/// How the gateway identifies itself to an upstream over TLS.
///
/// @param certificate the certificate; empty for upstreams that demand none
/// @param remedy the next step if the upstream demands another one, such as `run rpkai llm update …`; may be empty
public record ClientTls(Optional<ClientCertificate> certificate, String remedy) {
    /// No certificate, and no way to configure one.
    public static final ClientTls NONE = new ClientTls(Optional.empty(), "");

    /// The JDK says in the message of its exception what the other side reported, and nowhere else.
    private static final String RECEIVED = "Received fatal alert: ";

    /// OpenSSL reports a missing certificate by this alert before TLS 1.3. It has other meanings, too.
    private static final String GENERAL = "handshake_failure";

    private static final Set<String> ALERTS = Set.of(
            "access_denied",
            "bad_certificate",
            "certificate_expired",
            "certificate_required",
            "certificate_revoked",
            "certificate_unknown",
            "unknown_ca",
            "unsupported_certificate");

    /// Returns why an upstream ended a connection, if the reason is the certificate or its absence.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-6.2">RFC 8446, alerts</a>
    public Optional<String> explain(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var message = String.valueOf(cause.getMessage());
            int alert = message.indexOf(RECEIVED);
            if (alert >= 0) return reason(message.substring(alert + RECEIVED.length()));
        }
        return Optional.empty();
    }

    private Optional<String> reason(String alert) {
        if (!ALERTS.contains(alert) && !alert.equals(GENERAL)) return Optional.empty();
        var reason = certificate.isPresent()
                ? "its upstream refused the client certificate (%s)".formatted(alert)
                : alert.equals(GENERAL)
                        ? "its upstream refused a secure connection, and may demand a client certificate"
                        : "its upstream demands a client certificate";
        return Optional.of(remedy.isEmpty() ? reason : reason + ": " + remedy);
    }
}
