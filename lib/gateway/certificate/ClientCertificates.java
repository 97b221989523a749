package lib.gateway.certificate;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.certificate.ClientCertificate.Source;

/// The client certificates in use. Each is read again only if one of its secrets has changed.
public final class ClientCertificates {
    private final InstantSource clock;
    private final Map<Source, Known> known = new ConcurrentHashMap<>();

    private record Known(Secret chain, Secret key, ClientCertificate certificate) {}

    public ClientCertificates(InstantSource clock) {
        this.clock = clock;
    }

    /// Returns the certificate in two secrets. It is the same object as long as they have not changed.
    ///
    /// @param secrets returns the secret of a name
    /// @throws UserError if the certificate cannot be used
    public ClientCertificate of(Source source, Function<String, Secret> secrets) {
        var chain = secrets.apply(source.certificate());
        var key = secrets.apply(source.key());
        return known.compute(
                        source,
                        (_, last) -> last != null && last.chain.equals(chain) && last.key.equals(key)
                                ? last
                                : new Known(chain, key, ClientCertificate.read(source, chain, key)))
                .certificate
                .validAt(clock.instant());
    }
}
