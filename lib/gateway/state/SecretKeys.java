package lib.gateway.state;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.database.SqlRows;

/// The key that the secrets of one state are sealed with: made with the first secret, kept in the keychain where
/// the machine has one that works, else in a file. The state remembers which, and by what to know the key again.
final class SecretKeys {
    private static final String PLACE = "key place";
    private static final String ACCOUNT = "key account";
    private static final String MARK = "key mark";

    private final Path folder;
    private final Host host;
    private SecretKey known;

    SecretKeys(Path folder, Host host) {
        this.folder = folder;
        this.host = host;
    }

    /// The key, which is made where there is none. To be called within one write.
    synchronized SecretKey orNew(Connection sql) throws SQLException {
        if (Facts.find(sql, PLACE).isPresent()) {
            try {
                return existing(sql);
            } catch (UserError unusable) {
                // It is only missed where something is sealed with it, and one that is there is never replaced.
                if (!isEmpty(sql) || !isGone(sql)) throw unusable;
            }
        }
        var left = leftOver();
        if (left.isPresent())
            return remembered(sql, file(), left.get(), UUID.randomUUID().toString());
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        var text = Base64.getEncoder().encodeToString(key);
        var account = UUID.randomUUID().toString();
        try {
            var keychain = Keychain.of(host, account);
            KeyBackend place = keychain.isPresent() && keychain.get().keep(text) ? keychain.get() : file();
            if (place instanceof KeyBackend.InFile) place.keep(text);
            return remembered(sql, place, text, account);
        } catch (IOException e) {
            throw new UserError(
                    "cannot store the encryption key of the secrets in %s (%s)".formatted(folder, e.getMessage()),
                    "check the folder's owner and mode");
        }
    }

    private SecretKey remembered(Connection sql, KeyBackend place, String text, String account) throws SQLException {
        Facts.set(sql, PLACE, place.label());
        Facts.set(sql, ACCOUNT, account);
        Facts.set(sql, MARK, mark(text));
        known = new SecretKeySpec(Base64.getDecoder().decode(text), "AES");
        return known;
    }

    /// The key in the file of a state that was deleted.
    private Optional<String> leftOver() {
        try {
            var text = file().find();
            if (text.isPresent() && !isKey(text.get())) throw damaged(file());
            return text;
        } catch (IOException e) {
            throw damaged(file());
        }
    }

    private boolean isGone(Connection sql) throws SQLException {
        if (Facts.find(sql, PLACE).filter(Keychain.LABEL::equals).isPresent()) return true;
        try {
            return file().find().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isKey(String text) {
        try {
            return Base64.getDecoder().decode(text).length == 32;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// The key of the secrets that there are.
    ///
    /// @throws UserError where it is gone, or another
    synchronized SecretKey existing(Connection sql) throws SQLException {
        var mark = Facts.find(sql, MARK).orElse("");
        if (known != null && mark.equals(mark(Base64.getEncoder().encodeToString(known.getEncoded())))) return known;
        var account = Facts.find(sql, ACCOUNT).orElse("");
        KeyBackend place = Facts.find(sql, PLACE).filter(Keychain.LABEL::equals).isEmpty()
                ? file()
                : Keychain.of(host, account)
                        .orElseThrow(() -> new UserError(
                                "the encryption key of the secrets is in the keychain, but the keychain's "
                                        + "command is not on the PATH",
                                "install it again, or delete the secrets (rpkai secret list) and set them again"));
        try {
            var text = place.find().orElseThrow(() -> missing(place, "is missing"));
            if (!isKey(text)) throw damaged(place);
            if (!new Secret(mark(text)).matches(mark)) throw missing(place, "is a different key");
            known = new SecretKeySpec(Base64.getDecoder().decode(text), "AES");
            return known;
        } catch (CharacterCodingException e) {
            throw damaged(place);
        } catch (IOException e) {
            throw missing(place, "cannot be read");
        }
    }

    private KeyBackend file() {
        return new KeyBackend.InFile(folder.resolve("key"));
    }

    private static UserError missing(KeyBackend place, String why) {
        return new UserError(
                "the encryption key of the secrets %s: %s".formatted(why, place.where()),
                "restore it, or delete the secrets (rpkai secret list) and set them again");
    }

    private static UserError damaged(KeyBackend place) {
        return new UserError(
                "the encryption key of the secrets is damaged: " + place.where(),
                "restore it from a backup, or delete it and the secrets (rpkai secret list) and " + "set them again");
    }

    /// By which a key is known again, and which tells nothing of it.
    private static String mark(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(("rpkai key mark " + key).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static boolean isEmpty(Connection sql) throws SQLException {
        return SqlRows.first(sql, "SELECT 1 FROM secret LIMIT 1", _ -> true).isEmpty();
    }
}
