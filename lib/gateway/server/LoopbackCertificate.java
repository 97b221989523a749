package lib.gateway.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A temporary certificate for `localhost` that this process uses with itself. The JDK reads certificates but
/// cannot create them, so its few fields are encoded here, as DER.
///
///     LoopbackCertificate.make().serving()
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.1">RFC 5280, section 4.1</a>
public record LoopbackCertificate(Certificate certificate, PrivateKey key) {
    /// The host that the certificate is for.
    public static final String HOST = "localhost";

    private static final int SEQUENCE = 0x30,
            SET = 0x31,
            INTEGER = 2,
            BITS = 3,
            OCTETS = 4,
            OBJECT = 6,
            TEXT = 0x0c,
            TIME = 0x17;
    private static final int VERSION = 0xa0, EXTENSIONS = 0xa3, DNS_NAME = 0x82;
    private static final byte[] NAME = HOST.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ECDSA_WITH_SHA256 =
            der(SEQUENCE, der(OBJECT, HexFormat.of().parseHex("2a8648ce3d040302")));
    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("550403");
    private static final byte[] ALTERNATIVE_NAME = HexFormat.of().parseHex("551d11");

    public static LoopbackCertificate make() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var keys = generator.generateKeyPair();
        var fields = fields(keys);
        var signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(keys.getPrivate());
        signer.update(fields);
        var all = der(SEQUENCE, fields, ECDSA_WITH_SHA256, der(BITS, new byte[1], signer.sign()));
        return new LoopbackCertificate(
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(all)),
                keys.getPrivate());
    }

    private static byte[] fields(KeyPair keys) {
        var name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OBJECT, COMMON_NAME), der(TEXT, NAME))));
        var always = der(SEQUENCE, time("200101000000Z"), time("491231235959Z"));
        var names = der(SEQUENCE, der(OBJECT, ALTERNATIVE_NAME), der(OCTETS, der(SEQUENCE, der(DNS_NAME, NAME))));
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, new byte[] {1}),
                ECDSA_WITH_SHA256,
                name,
                always,
                name,
                keys.getPublic().getEncoded(),
                der(EXTENSIONS, der(SEQUENCE, names)));
    }

    private static byte[] time(String text) {
        return der(TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) content.writeBytes(part);
        var all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.size() > 127) all.write(content.size() > 255 ? 0x82 : 0x81);
        if (content.size() > 255) all.write(content.size() >> 8);
        all.write(content.size());
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    /// Returns a TLS context for a server with this certificate.
    public SSLContext serving() throws GeneralSecurityException, IOException {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        var store = store();
        store.setKeyEntry("own", key, new char[0], new Certificate[] {certificate});
        managers.init(store, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /// Returns a new TLS context for a client that trusts only this certificate. It has no sessions to resume.
    public SSLContext trusting() throws GeneralSecurityException, IOException {
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        var store = store();
        store.setCertificateEntry("own", certificate);
        managers.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /// Returns the certificate as a PEM file has it, for a process that is to trust it.
    public String pem() throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                .formatted(Base64.getMimeEncoder().encodeToString(certificate.getEncoded()));
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
