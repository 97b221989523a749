package lib.gateway.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.SecretKey;
import lib.base.PrivateFile;
import lib.base.UserError;
import lib.gateway.sealing.KeyedStore;
import lib.gateway.sealing.SealedBytes;
import lib.gateway.sealing.SealingKeys;

/// Stores the keys that the gateway's own issuer signs with: a JWK set as text.
///
///     store.update(before -> before.orElseGet(this::first));
public sealed interface SigningKeyStore {
    /// Returns the keys for requests: the same text until it changes. Asks no database.
    Optional<String> known();

    /// Returns the same for a request that needs a key which is not in it: another gateway may have just made
    /// that.
    Optional<String> refreshed();

    /// Replaces the text, which is stored when this returns. No other process replaces it in between.
    ///
    /// @param change makes the next text from the present one; returns the same one to keep it
    String update(Function<Optional<String>, String> change);

    /// Returns where the keys are, for people.
    String where();

    /// A file of this machine that only its owner may read. It is read again when another process has replaced
    /// it.
    final class InFile implements SigningKeyStore {
        private final Path file;
        private final StateDatabase database;
        private Content content = new Content(Optional.empty(), Optional.empty());

        /// @param stamp tells the file from the one that replaces it
        private record Content(Optional<Object> stamp, Optional<String> text) {}

        /// @param database the state in the same folder, whose write lock keeps other processes from writing
        InFile(Path file, StateDatabase database) {
            this.file = file;
            this.database = database;
        }

        @Override
        public synchronized Optional<String> known() {
            try {
                var stamp = stamp();
                // The stamp comes first: what is written after it is read with the next call.
                if (!content.stamp.equals(stamp))
                    content = new Content(
                            stamp, stamp.isPresent() ? Optional.of(Files.readString(file)) : Optional.empty());
                return content.text;
            } catch (IOException e) {
                throw unusable(e);
            }
        }

        private Optional<Object> stamp() throws IOException {
            try {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(
                        Arrays.asList(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size()));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        }

        @Override
        public Optional<String> refreshed() {
            return known();
        }

        @Override
        public String update(Function<Optional<String>, String> change) {
            return database.write(_ -> updateLocked(change));
        }

        /// Does the same within a write transaction.
        String updateLocked(Function<Optional<String>, String> change) {
            var before = known();
            var next = change.apply(before);
            if (!before.equals(Optional.of(next))) replace(next);
            return next;
        }

        private void replace(String next) {
            try {
                PrivateFile.write(file, next.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw unusable(e);
            }
        }

        @Override
        public String where() {
            return file.toString();
        }

        private UserError unusable(IOException e) {
            return new UserError(
                    "cannot use the issuer's signing keys in " + file,
                    "check its owner and mode, or delete it; all users then need new tokens",
                    e);
        }
    }

    /// The database, encrypted with the key of the secrets. Several gateways use it.
    final class InDatabase implements SigningKeyStore {
        private static final String FACT = "signing keys";
        private static final String WHAT = "rpkai signing keys";
        private static final Duration PAUSE = Duration.ofMillis(20);

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
            return secrets.inSnapshot(this::in);
        }

        @Override
        public Optional<String> refreshed() {
            return in(database.latest(PAUSE));
        }

        private Optional<String> in(StateSnapshot snapshot) {
            var sealed = snapshot.facts().getOrDefault(FACT, "");
            var last = opened;
            if (last.sealed.equals(sealed)) return last.text;
            if (sealed.isEmpty()) return Optional.empty();
            var text = Optional.of(open(keys.existing(snapshot.facts()), sealed, where()));
            opened = new Opened(sealed, text);
            return text;
        }

        @Override
        public String update(Function<Optional<String>, String> change) {
            keys.prepare(database.read(Facts::all));
            return database.write(sql -> update(sql, change));
        }

        /// The text as a transaction sees it.
        Optional<String> read(Connection sql) throws SQLException {
            var sealed = Facts.find(sql, FACT);
            return sealed.isEmpty()
                    ? Optional.empty()
                    : Optional.of(open(keys.existing(Facts.all(sql)), sealed.get(), where()));
        }

        /// The same within a transaction.
        String update(Connection sql, Function<Optional<String>, String> change) throws SQLException {
            var key = secrets.key(sql);
            var before = Facts.find(sql, FACT).map(text -> open(key, text, where()));
            var next = change.apply(before);
            if (before.filter(next::equals).isPresent()) return next;
            Facts.set(sql, FACT, seal(key, next));
            Facts.changed(sql);
            return next;
        }

        /// Encrypts the keys with another key, within a write transaction. Returns whether there are any.
        static boolean reseal(Connection sql, KeyedStore.Change change, String where) throws SQLException {
            var sealed = Facts.find(sql, FACT);
            if (sealed.isPresent())
                Facts.set(sql, FACT, seal(change.after(), open(change.before(), sealed.get(), where)));
            return sealed.isPresent();
        }

        private static String seal(SecretKey key, String text) {
            return Base64.getEncoder()
                    .encodeToString(SealedBytes.seal(key, WHAT, text.getBytes(StandardCharsets.UTF_8)));
        }

        private static String open(SecretKey key, String sealed, String where) {
            return SealedBytes.open(key, WHAT, Base64.getDecoder().decode(sealed))
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .orElseThrow(() -> new UserError(
                            "cannot decrypt the issuer's signing keys in " + where,
                            "restore a backup of the database"));
        }

        @Override
        public String where() {
            return database.title();
        }
    }
}
