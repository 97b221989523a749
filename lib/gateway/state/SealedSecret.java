package lib.gateway.state;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import lib.base.Secret;

/// A secret as it lies on the disk: AES-256-GCM, a nonce of its own before it. Its name is sealed in with it, so
/// that it does not open under another's.
///
///     SealedSecret.open(key, name, SealedSecret.seal(key, name, secret))   // Optional[<redacted>]
///
/// @see <a href="https://csrc.nist.gov/pubs/sp/800/38/d/final">NIST SP 800-38D</a>
final class SealedSecret {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SealedSecret() {}

    static byte[] seal(SecretKey key, String name, Secret secret) {
        var nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            var text = cipher(Cipher.ENCRYPT_MODE, key, nonce, name)
                    .doFinal(secret.reveal().getBytes(StandardCharsets.UTF_8));
            var sealed = Arrays.copyOf(nonce, NONCE + text.length);
            System.arraycopy(text, 0, sealed, NONCE, text.length);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /// The secret; empty where these bytes were not sealed with that key under that name.
    static Optional<Secret> open(SecretKey key, String name, byte[] sealed) {
        if (sealed.length < NONCE) return Optional.empty();
        try {
            var text = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE), name)
                    .doFinal(sealed, NONCE, sealed.length - NONCE);
            return Optional.of(new Secret(new String(text, StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String name) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(("rpkai secret " + name).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
