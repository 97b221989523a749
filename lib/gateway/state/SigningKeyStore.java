package lib.gateway.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.SecretKey;
import lib.base.PrivateFile;
import lib.base.UserError;
import lib.gateway.sealing.SealedBytes;
import lib.gateway.sealing.SealingKeys;

/// Where the keys are that the gateway's own issuer signs with: a JWK set as text.
///
///     store.update(before -> before.orElseGet(this::first));
public sealed interface SigningKeyStore {
    /// What requests go by; the same text until it changes.
    Optional<String> known();

    /// The same for a request that needs a key which is not in it: another gateway may have made it a moment ago.
    Optional<String> refreshed();

    /// Replaces the text; stored when this returns. No other process replaces it in between.
    ///
    /// @param change what comes after what there is; the same text to leave it as it is
    String update(Function<Optional<String>, String> change);

    /// Where it is, for people.
    String where();

    /// A file of this machine, for its owner only. One gateway uses it.
    final class InFile implements SigningKeyStore {
        private final Path file;
        private Optional<String> text;

        InFile(Path file) {
            this.file = file;
        }

        @Override
        public synchronized Optional<String> known() {
            if (text == null) text = read();
            return text;
        }

        @Override
        public Optional<String> refreshed() {
            return known();
        }

        private Optional<String> read() {
            try {
                return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
            } catch (IOException e) {
                throw unusable(e);
            }
        }

        @Override
        public synchronized String update(Function<Optional<String>, String> change) {
            var next = change.apply(known());
            if (known().filter(next::equals).isPresent()) return next;
            try {
                PrivateFile.write(file, next.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw unusable(e);
            }
            text = Optional.of(next);
            return next;
        }

        @Override
        public String where() {
            return file.toString();
        }

        private UserError unusable(IOException e) {
            return new UserError(
                    "cannot use the issuer's signing keys in " + file,
                    "check its owner and mode, or delete it: then all users need new tokens",
                    e);
        }
    }

    /// The database, sealed with the key of the secrets. Several gateways use it.
    final class InDatabase implements SigningKeyStore {
        private static final String FACT = "signing keys";
        private static final String WHAT = "rpkai signing keys";
        private static final Duration MOMENT = Duration.ofMillis(20);

        private final StateDatabase database;
        private final StoredSecrets secrets;
        private final SealingKeys keys;
        private volatile Opened opened = new Opened("", Optional.empty());

        private record Opened(String sealed, Optional<String> text) {}

        InDatabase(StateDatabase database, StoredSecrets secrets, SealingKeys keys) {
            this.database = database;
            this.secrets = secrets;
            this.keys = keys;
        }

        @Override
        public Optional<String> known() {
            return in(database.snapshot());
        }

        @Override
        public Optional<String> refreshed() {
            return in(database.notOlderThan(MOMENT));
        }

        private Optional<String> in(StateSnapshot snapshot) {
            var sealed = snapshot.facts().getOrDefault(FACT, "");
            var last = opened;
            if (last.sealed.equals(sealed)) return last.text;
            var text = Optional.of(open(keys.existing(snapshot.facts()), sealed));
            opened = new Opened(sealed, text);
            return text;
        }

        @Override
        public String update(Function<Optional<String>, String> change) {
            keys.prepare();
            return database.write(sql -> update(sql, change));
        }

        /// The text as a transaction sees it.
        Optional<String> read(Connection sql) throws SQLException {
            var sealed = Facts.find(sql, FACT);
            return sealed.isEmpty() ? Optional.empty() : Optional.of(open(keys.existing(Facts.all(sql)), sealed.get()));
        }

        /// The same within a transaction.
        String update(Connection sql, Function<Optional<String>, String> change) throws SQLException {
            var key = secrets.key(sql);
            var before = Facts.find(sql, FACT).map(text -> open(key, text));
            var next = change.apply(before);
            if (before.filter(next::equals).isPresent()) return next;
            var sealed = SealedBytes.seal(key, WHAT, next.getBytes(StandardCharsets.UTF_8));
            Facts.set(sql, FACT, Base64.getEncoder().encodeToString(sealed));
            Facts.changed(sql);
            return next;
        }

        private String open(SecretKey key, String sealed) {
            return SealedBytes.open(key, WHAT, Base64.getDecoder().decode(sealed))
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .orElseThrow(() -> new UserError(
                            "cannot decrypt the issuer's signing keys in " + where(),
                            "restore a backup of the database"));
        }

        @Override
        public String where() {
            return database.title();
        }
    }
}
