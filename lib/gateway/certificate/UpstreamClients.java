package lib.gateway.certificate;

import java.net.http.HttpClient;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import lib.base.UserError;

/// Makes the HTTP clients for upstreams.
///
///     clients.create(Optional.of(certificate.keyManager()))
@FunctionalInterface
public interface UpstreamClients {
    /// @param key the certificate that the client shows to servers that ask for one
    /// @throws UserError if the machine's settings for proxies or trust cannot be used
    HttpClient create(Optional<KeyManager> key);
}
