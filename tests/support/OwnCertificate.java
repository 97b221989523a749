package tests.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate that signed itself, for `localhost`, made with `keytool`: two PEM files, as a server takes them.
///
///     var own = OwnCertificate.in(temp);   // own.chain(), own.key()
///
/// @param keys both, under the name `own`
/// @param chain the certificate
/// @param key its private key
public record OwnCertificate(KeyStore keys, Path chain, Path key) {
    public static final String PASSWORD = "changeit";

    public static OwnCertificate in(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        return in(folder, "localhost", "EC");
    }

    /// Returns one with another name and kind of key, `EC`, `RSA` or `Ed25519`.
    public static OwnCertificate in(Path folder, String name, String algorithm)
            throws IOException, InterruptedException, GeneralSecurityException {
        Files.createDirectories(folder);
        var store = folder.resolve("own.p12");
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD,
                        "-J-XX:TieredStopAtLevel=1",
                        "-alias",
                        "own",
                        "-dname",
                        "CN=" + name,
                        "-keyalg",
                        algorithm,
                        "-validity",
                        "2",
                        "-ext",
                        "san=dns:localhost")
                .redirectErrorStream(true)
                .start();
        var said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) throw new IOException("keytool failed: " + said);
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        var chain = pem(
                folder.resolve("chain.pem"),
                "CERTIFICATE",
                keys.getCertificate("own").getEncoded());
        return new OwnCertificate(
                keys,
                chain,
                pem(
                        folder.resolve("key.pem"),
                        "PRIVATE KEY",
                        keys.getKey("own", PASSWORD.toCharArray()).getEncoded()));
    }

    /// Returns the settings of a client that trusts only this certificate.
    public SSLContext trusting() throws IOException, GeneralSecurityException {
        return trusting(Optional.empty());
    }

    /// Returns the same for a client with a certificate of its own.
    public SSLContext trusting(Optional<KeyManager> key) throws IOException, GeneralSecurityException {
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("own", keys.getCertificate("own"));
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        var context = SSLContext.getInstance("TLS");
        context.init(key.map(each -> new KeyManager[] {each}).orElse(null), managers.getTrustManagers(), null);
        return context;
    }

    private static Path pem(Path file, String what, byte[] bytes) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
                        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes)));
    }
}
