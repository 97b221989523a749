package lib.gateway.sealing;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import lib.base.Secret;
import lib.base.Sha256;

/// A key as text: 32 bytes in base64.
final class KeyText {
    /// How the name of a fact ends that holds the mark of a key.
    static final String MARK = "key mark";

    private static final int BYTES = 32;
    private static final int SHORTEST = 43;
    private static final int LONGEST = 44;

    private KeyText() {}

    /// Returns a new key.
    static String random() {
        var key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /// Returns the key; empty if the text is not a key.
    static Optional<SecretKey> parse(String text) {
        // Almost every text is not a key, and this is asked for each request: an exception would be slow.
        if (text.length() < SHORTEST || text.length() > LONGEST) return Optional.empty();
        try {
            var bytes = Base64.getDecoder().decode(text);
            return bytes.length == BYTES ? Optional.of(new SecretKeySpec(bytes, "AES")) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String of(SecretKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /// Returns a text by which the key is recognised. It reveals nothing about the key.
    static String mark(SecretKey key) {
        return Sha256.hex("rpkai key mark " + of(key));
    }

    static boolean hasMark(SecretKey key, String mark) {
        return new Secret(mark(key)).matches(mark);
    }
}
