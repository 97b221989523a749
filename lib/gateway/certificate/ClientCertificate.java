package lib.gateway.certificate;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import lib.base.Secret;
import lib.base.UserError;

/// A certificate and its private key, from two secrets in PEM.
///
///     ClientCertificate.read(new Source("CERT", "KEY"), chain, key).keyManager()
public final class ClientCertificate {
    private final Source source;
    private final List<X509Certificate> chain;
    private final PrivateKey key;

    /// The names of the secrets that hold a certificate and its key.
    ///
    /// @param certificate the secret with the chain of certificates, the client's own first
    /// @param key the secret with the private key
    public record Source(String certificate, String key) {
        /// Returns the command that replaces both.
        public String remedy() {
            return "run rpkai secret set %s < chain.pem and rpkai secret set %s < key.pem on the gateway's machine"
                    .formatted(certificate, key);
        }

        private static String set(String secret, String file) {
            return "run rpkai secret set %s < %s on the gateway's machine".formatted(secret, file);
        }
    }

    private ClientCertificate(Source source, List<X509Certificate> chain, PrivateKey key) {
        this.source = source;
        this.chain = chain;
        this.key = key;
    }

    /// @throws UserError if one of them cannot be read, or they do not belong together; the error has nothing of
    ///     their content
    public static ClientCertificate read(Source source, Secret chain, Secret key) {
        var certificates = chain(source, PemBlock.all(chain.reveal()));
        var block = PemBlock.all(key.reveal()).stream()
                .filter(PemBlock::isPrivateKey)
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "its client key %s is not a private key in PEM".formatted(source.key),
                        Source.set(source.key, "key.pem")));
        return new ClientCertificate(source, certificates, key(source, block, certificates.getFirst()));
    }

    private static List<X509Certificate> chain(Source source, List<PemBlock> blocks) {
        try {
            var chain = new ArrayList<X509Certificate>();
            var factory = CertificateFactory.getInstance("X.509");
            for (var block : blocks)
                if (block.label().equals("CERTIFICATE"))
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
            if (!chain.isEmpty()) return List.copyOf(chain);
        } catch (CertificateException | IllegalArgumentException e) {
            // Without the cause, which may quote the text.
        }
        throw new UserError(
                "its client certificate %s is not a certificate in PEM".formatted(source.certificate),
                Source.set(source.certificate, "chain.pem"));
    }

    private static PrivateKey key(Source source, PemBlock block, X509Certificate own) {
        if (block.isEncrypted()) throw unreadable(source, "is encrypted");
        var reader = new PrivateKeyReader(block, own.getPublicKey());
        try {
            var key = reader.read();
            if (PrivateKeyReader.belongs(key, own.getPublicKey())) return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            if (!reader.isOfAnotherAlgorithm()) throw unreadable(source, "cannot be read");
        }
        throw new UserError(
                "its client key %s does not belong to the first certificate in %s"
                        .formatted(source.key, source.certificate),
                source.remedy());
    }

    private static UserError unreadable(Source source, String why) {
        return new UserError(
                "its client key %s %s".formatted(source.key, why),
                "run openssl pkey -in key.pem | rpkai secret set %s on the gateway's machine".formatted(source.key));
    }

    /// Returns the same certificate.
    ///
    /// @throws UserError if it has expired, or is not valid yet
    public ClientCertificate validAt(Instant now) {
        var own = chain.getFirst();
        if (now.isAfter(own.getNotAfter().toInstant()))
            throw new UserError(
                    "its client certificate %s expired on %s"
                            .formatted(source.certificate, day(own.getNotAfter().toInstant())),
                    source.remedy());
        if (now.isBefore(own.getNotBefore().toInstant()))
            throw new UserError(
                    "its client certificate %s is not valid before %s"
                            .formatted(
                                    source.certificate, day(own.getNotBefore().toInstant())),
                    "check the clock of the gateway's machine, or " + source.remedy());
        return this;
    }

    private static String day(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    public Source source() {
        return source;
    }

    /// Returns what shows this certificate to servers that ask for one.
    public KeyManager keyManager() {
        return new FixedKeyManager(chain, key);
    }
}
