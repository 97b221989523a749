package lib.gateway.server;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.pki.PemKeys;
import io.helidon.common.pki.PkiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import lib.base.UserError;

/// Reads the gateway's certificate from the two files that every certificate authority provides.
///
///     PublicEndpoint.plain().over(TlsCertificate.read(Path.of("fullchain.pem"), Path.of("privkey.pem")))
public final class TlsCertificate {
    /// The most TLS sessions that are kept for clients without support for tickets.
    private static final int SESSIONS = 1024;

    private TlsCertificate() {}

    /// Reads a chain of certificates, the server's own first, and its private key (PKCS #8, or PKCS #1 for RSA).
    ///
    /// @throws UserError if a file is missing or has other content, or if the two do not belong together
    public static SSLContext read(Path chain, Path key) {
        try {
            var pem = Keys.builder()
                    .pem(PemKeys.builder()
                            .certChain(resource(chain))
                            .key(resource(key))
                            .build())
                    .build();
            var privateKey = pem.privateKey().orElseThrow();
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("server", privateKey, new char[0], pem.certChain().toArray(X509Certificate[]::new));
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            // Clients keep their sessions themselves, in tickets. The usual 20,480 would take tens of megabytes.
            context.getServerSessionContext().setSessionCacheSize(SESSIONS);
            return context;
        } catch (GeneralSecurityException | IOException | PkiException e) {
            throw new UserError(
                    "%s and %s are not a certificate chain and its private key in PEM".formatted(chain, key),
                    "convert the key with openssl pkcs8 -topk8 -nocrypt",
                    e);
        }
    }

    private static Resource resource(Path file) {
        // Helidon reports a missing file as "invalid".
        if (!Files.isReadable(file)) throw new UserError("cannot read " + file, "check its name, owner and mode");
        return Resource.create(file);
    }
}
