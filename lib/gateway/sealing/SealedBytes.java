package lib.gateway.sealing;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Encrypted bytes in a database: AES-256-GCM, preceded by a nonce. Their purpose is authenticated with them, so that
/// they do not open for another purpose.
///
///     SealedBytes.open(key, "rpkai secret A", SealedBytes.seal(key, "rpkai secret A", bytes))   // Optional[bytes]
///
/// @see <a href="https://csrc.nist.gov/pubs/sp/800/38/d/final">NIST SP 800-38D</a>
public final class SealedBytes {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SealedBytes() {}

    /// Encrypts bytes.
    ///
    /// @param what their purpose, such as the name of a secret
    public static byte[] seal(SecretKey key, String what, byte[] bytes) {
        var nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            var text = cipher(Cipher.ENCRYPT_MODE, key, nonce, what).doFinal(bytes);
            var sealed = Arrays.copyOf(nonce, NONCE + text.length);
            System.arraycopy(text, 0, sealed, NONCE, text.length);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /// Returns the bytes; empty if they were not encrypted with that key for that purpose.
    public static Optional<byte[]> open(SecretKey key, String what, byte[] sealed) {
        if (sealed.length < NONCE) return Optional.empty();
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE), what)
                    .doFinal(sealed, NONCE, sealed.length - NONCE));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String what) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(what.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return cipher;
    }
}
