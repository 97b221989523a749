package lib.gateway.state;

import java.io.IOException;
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
import lib.Host;
import lib.Secret;
import lib.UserError;

/// The key that the secrets of one state are sealed with: made with the first secret, kept in the keychain where the
/// machine has one that works, else in a file. The state remembers which, and by what to know the key again.
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
        if (fact(sql, PLACE).isPresent()) {
            try {
                return existing(sql);
            } catch (UserError gone) {
                // It is only missed where something is sealed with it.
                if (!isEmpty(sql)) throw gone;
            }
        }
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        var text = Base64.getEncoder().encodeToString(key);
        var account = UUID.randomUUID().toString();
        try {
            var keychain = Keychain.of(host, account);
            KeyPlace place = keychain.isPresent() && keychain.get().keep(text) ? keychain.get() : file();
            if (place instanceof KeyPlace.InFile) place.keep(text);
            remember(sql, PLACE, place.label());
        } catch (IOException e) {
            throw new UserError("cannot keep the key of the stored secrets in %s (%s)".formatted(folder, e.getMessage()), "check the folder's owner and mode");
        }
        remember(sql, ACCOUNT, account);
        remember(sql, MARK, mark(text));
        known = new SecretKeySpec(key, "AES");
        return known;
    }

    /// The key of the secrets that there are.
    ///
    /// @throws UserError where it is gone, or another
    synchronized SecretKey existing(Connection sql) throws SQLException {
        var mark = fact(sql, MARK).orElse("");
        if (known != null && mark.equals(mark(Base64.getEncoder().encodeToString(known.getEncoded())))) return known;
        var account = fact(sql, ACCOUNT).orElse("");
        KeyPlace place = fact(sql, PLACE).filter(Keychain.LABEL::equals).isEmpty() ? file()
                : Keychain.of(host, account).orElseThrow(() -> new UserError("the key of the stored secrets is in the keychain, and its command is not on the PATH", "install it again, or delete the secrets (rpkai secret list) and set them anew"));
        try {
            var text = place.find().orElseThrow(() -> missing(place, "is not there"));
            if (!new Secret(mark(text)).matches(mark)) throw missing(place, "is another one");
            known = new SecretKeySpec(Base64.getDecoder().decode(text), "AES");
            return known;
        } catch (IOException e) {
            throw missing(place, "cannot be read");
        }
    }

    private KeyPlace file() {
        return new KeyPlace.InFile(folder.resolve("key"));
    }

    private static UserError missing(KeyPlace place, String why) {
        return new UserError("the key of the stored secrets %s: %s".formatted(why, place.where()), "bring it back, or delete the secrets (rpkai secret list) and set them anew");
    }

    /// By which a key is known again, and which tells nothing of it.
    private static String mark(String key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(("rpkai key mark " + key).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static boolean isEmpty(Connection sql) throws SQLException {
        try (var statement = sql.createStatement(); var rows = statement.executeQuery("SELECT 1 FROM secret LIMIT 1")) {
            return !rows.next();
        }
    }

    private static Optional<String> fact(Connection sql, String name) throws SQLException {
        try (var statement = sql.prepareStatement("SELECT value FROM fact WHERE name = ?")) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }

    private static void remember(Connection sql, String name, String value) throws SQLException {
        try (var statement = sql.prepareStatement("INSERT OR REPLACE INTO fact VALUES (?, ?)")) {
            statement.setString(1, name);
            statement.setString(2, value);
            statement.executeUpdate();
        }
    }
}
