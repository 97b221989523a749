package lib.gateway.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/// Reads the private key of a certificate: PKCS #8, or the older forms of `openssl`, PKCS #1 for RSA and SEC 1 for
/// EC. Those are what PKCS #8 contains beside the name of the algorithm, which the certificate has too.
final class PrivateKeyReader {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final byte SEQUENCE = 0x30;
    private static final byte OCTETS = 0x04;
    private static final byte[] VERSION = {2, 1, 0};

    private final PemBlock block;
    private final PublicKey like;

    /// @param like the public key of the certificate
    PrivateKeyReader(PemBlock block, PublicKey like) {
        this.block = block;
        this.like = like;
    }

    /// @throws GeneralSecurityException if it is no key of the certificate's algorithm
    /// @throws IllegalArgumentException if it is not Base64
    PrivateKey read() throws GeneralSecurityException {
        var der = block.der();
        return read(block.label().equals("PRIVATE KEY") ? der : pkcs8(der, like), like.getAlgorithm());
    }

    private static PrivateKey read(byte[] pkcs8, String algorithm) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /// Returns whether it is a key, though of another algorithm.
    boolean isOfAnotherAlgorithm() {
        var algorithm = like.getAlgorithm();
        if (!block.label().equals("PRIVATE KEY")) return !block.label().equals(algorithm + " PRIVATE KEY");
        return ALGORITHMS.stream().filter(other -> !other.equals(algorithm)).anyMatch(this::isOf);
    }

    private boolean isOf(String algorithm) {
        try {
            read(block.der(), algorithm);
            return true;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /// Returns whether what the private key signs is verified by the public one.
    static boolean belongs(PrivateKey key, PublicKey to) {
        try {
            var signature = Signature.getInstance(
                    switch (to.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> to.getAlgorithm();
                    });
            var text = new byte[] {1};
            signature.initSign(key);
            signature.update(text);
            var signed = signature.sign();
            signature.initVerify(to);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] pkcs8(byte[] key, PublicKey like) {
        return element(SEQUENCE, VERSION, algorithm(like.getEncoded()), element(OCTETS, key));
    }

    /// Returns the algorithm and its parameters, which are the first element of a public key.
    private static byte[] algorithm(byte[] publicKey) {
        int begin = content(publicKey, 0);
        int content = content(publicKey, begin);
        return Arrays.copyOfRange(publicKey, begin, content + length(publicKey, begin));
    }

    /// Returns where the content of the element at `at` begins.
    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) return first;
        int length = 0;
        for (int i = at + 2; i < content(der, at); i++) length = length << 8 | der[i] & 0xff;
        return length;
    }

    private static byte[] element(byte tag, byte[]... parts) {
        int length = 0;
        for (var part : parts) length += part.length;
        // Three bytes can hold any length here.
        byte[] head = {tag, (byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
        var element = Arrays.copyOf(head, head.length + length);
        int at = head.length;
        for (var part : parts) {
            System.arraycopy(part, 0, element, at, part.length);
            at += part.length;
        }
        return element;
    }
}
