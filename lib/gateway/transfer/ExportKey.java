package lib.gateway.transfer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import lib.base.UserError;
import lib.gateway.sealing.SealedBytes;
import lib.gateway.state.StateTransfer;

/// The key of one export. It is random, and the file holds it, encrypted with the export key that the user has. It
/// encrypts the secrets of the file, and authenticates all of it.
///
///     var key = ExportKey.random();
///     ExportKey.open(exportKey, id, key.sealed(exportKey, id))   // Optional[…] with the same key
final class ExportKey implements StateTransfer.Sealer {
    private static final int BYTES = 32;
    private static final String PURPOSE = "rpkai export ";

    private final byte[] bytes;
    private final SecretKey key;

    private ExportKey(byte[] bytes) {
        this.bytes = bytes.clone();
        this.key = new SecretKeySpec(bytes, "AES");
    }

    static ExportKey random() {
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new ExportKey(bytes);
    }

    /// Returns the key as the file has it.
    ///
    /// @param outer the user's key
    /// @param export the id of the export
    byte[] sealed(SecretKey outer, String export) {
        return SealedBytes.seal(outer, PURPOSE + "key of " + export, bytes);
    }

    /// Returns the key of a file; empty if the user's key is a different one.
    static Optional<ExportKey> open(SecretKey outer, String export, byte[] sealed) {
        return SealedBytes.open(outer, PURPOSE + "key of " + export, sealed)
                .filter(bytes -> bytes.length == BYTES)
                .map(ExportKey::new);
    }

    @Override
    public byte[] seal(String what, byte[] clear) {
        return SealedBytes.seal(key, PURPOSE + what, clear);
    }

    @Override
    public byte[] open(String what, byte[] sealed) {
        return SealedBytes.open(key, PURPOSE + what, sealed)
                .orElseThrow(() -> new UserError(
                        "the %s of the export cannot be decrypted".formatted(what),
                        "export again with rpkai gateway export"));
    }

    /// Returns a new computation of the code that authenticates the file.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104, HMAC</a>
    Mac mac() {
        try {
            var derive = Mac.getInstance("HmacSHA256");
            derive.init(new SecretKeySpec(bytes, "HmacSHA256"));
            var own = derive.doFinal((PURPOSE + "authentication").getBytes(StandardCharsets.UTF_8));
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(own, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
