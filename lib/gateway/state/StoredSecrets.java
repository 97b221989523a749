package lib.gateway.state;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.SecretKey;
import lib.base.Secret;
import lib.base.UserError;
import lib.database.SqlRows;
import lib.gateway.sealing.KeyedStore;
import lib.gateway.sealing.SealedBytes;
import lib.gateway.sealing.SealingKeyChange;
import lib.gateway.sealing.SealingKeys;
import lib.gateway.secret.SecretName;

/// The secrets that a gateway stores, encrypted. Only the gateway itself decrypts one, to send it to an upstream.
///
///     secrets.set("ANTHROPIC_API_KEY", new Secret(typed));
///     secrets.list()   // [Entry[name=ANTHROPIC_API_KEY, updated=…]]
public final class StoredSecrets {
    /// How often a request looks at a newer state, if keys are replaced faster than it finds them.
    private static final int LOOKS = 10;

    private final StateDatabase database;
    private final SealingKeys keys;
    private final InstantSource clock;

    /// A stored secret, without its value.
    ///
    /// @param updated when it was set
    public record Entry(String name, Instant updated) {}

    /// The result of a change of keys.
    ///
    /// @param secrets how many secrets are encrypted with the new key
    /// @param signingKeys whether the issuer's signing keys are, too
    /// @param key where the new key is, for people
    public record Resealed(int secrets, boolean signingKeys, String key) {}

    StoredSecrets(StateDatabase database, SealingKeys keys, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.clock = clock;
    }

    /// Stores `value` under that name and replaces an earlier value. It is on the disk when this returns.
    ///
    /// @throws UserError if the name is not valid, or the value is not valid
    public void set(String name, Secret value) {
        SecretName.storable(name);
        checked(value);
        keys.prepare(database.read(Facts::all));
        database.write(sql -> {
            // The same key as for the other secrets, or a forged one could not be told from this one.
            var key = key(sql);
            SqlRows.update(
                    sql,
                    "INSERT INTO secret (name, sealed, updated) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
                            + "sealed = excluded.sealed, updated = excluded.updated",
                    name,
                    SealedBytes.seal(key, purpose(name), value.reveal().getBytes(StandardCharsets.UTF_8)),
                    clock.instant().toString());
            return Facts.changed(sql);
        });
    }

    /// Returns the same value.
    ///
    /// @throws UserError if it fits no header and is not PEM
    public static Secret checked(Secret value) {
        if (isValid(value)) return value;
        if (value.reveal().isEmpty()) throw new UserError("the value is empty", "check its source");
        throw new UserError(
                "the value is neither a key, which has no spaces or line breaks, nor a certificate or key in PEM",
                "check how it was copied");
    }

    /// Returns whether a text can be a secret's value: what a header can carry, or PEM.
    public static boolean isValid(Secret value) {
        var text = value.reveal();
        return text.matches("[\\x21-\\x7e]{1,65536}")
                || text.contains("-----BEGIN ") && text.matches("[\\x20-\\x7e\r\n\t]{1,65536}");
    }

    /// Deletes a secret. Returns whether there was one.
    public boolean delete(String name) {
        return database.write(sql -> {
            var deleted = SqlRows.update(sql, "DELETE FROM secret WHERE name = ?", name) > 0;
            if (deleted) Facts.changed(sql);
            return deleted;
        });
    }

    /// Returns all secrets, by name.
    public List<Entry> list() {
        return database
                .read(sql -> SqlRows.list(
                        sql,
                        "SELECT name, updated FROM secret",
                        row -> new Entry(row.getString(1), Instant.parse(row.getString(2)))))
                .stream()
                // Not by the database: PostgreSQL sorts by the rules of the server's language.
                .sorted(Comparator.comparing(Entry::name))
                .toList();
    }

    /// Replaces the key, and encrypts every secret and the issuer's signing keys with the new one in one
    /// transaction. Gateways on this state continue: each finds the new key as it reads the transaction.
    ///
    /// @param change what else is to change
    /// @return empty if there is no key yet
    /// @throws UserError if something cannot be decrypted; then everything is as before
    public Optional<Resealed> replaceKey(SealingKeyChange change) {
        var reseal = new Reseal();
        return keys.replace(reseal, change).map(key -> new Resealed(reseal.secrets, reseal.signingKeys, key));
    }

    private final class Reseal implements KeyedStore {
        private int secrets;
        private boolean signingKeys;

        @Override
        public Map<String, String> facts() {
            return database.read(Facts::all);
        }

        @Override
        public void reseal(Function<Map<String, String>, Change> changes) {
            database.write(sql -> {
                var change = changes.apply(Facts.all(sql));
                var sealed = SqlRows.list(
                        sql, "SELECT name, sealed FROM secret", row -> Map.entry(row.getString(1), row.getBytes(2)));
                for (var each : sealed) {
                    var purpose = purpose(each.getKey());
                    var value = SealedBytes.open(change.before(), purpose, each.getValue())
                            .orElseThrow(() -> damaged(each.getKey()));
                    SqlRows.update(
                            sql,
                            "UPDATE secret SET sealed = ? WHERE name = ?",
                            SealedBytes.seal(change.after(), purpose, value),
                            each.getKey());
                }
                secrets = sealed.size();
                signingKeys = SigningKeyStore.InDatabase.reseal(sql, change, database.title());
                remember(sql, change.facts());
                return Facts.changed(sql);
            });
        }
    }

    private static void remember(Connection sql, Map<String, String> facts) throws SQLException {
        for (var fact : facts.entrySet()) {
            if (fact.getValue().isEmpty()) Facts.delete(sql, fact.getKey());
            else Facts.set(sql, fact.getKey(), fact.getValue());
        }
    }

    /// Returns what is wrong with the key of the secrets; empty if nothing is wrong, or if there are no secrets.
    public Optional<UserError> problem() {
        if (list().isEmpty()) return Optional.empty();
        try {
            database.latest();
            return inSnapshot(snapshot -> {
                keys.existing(snapshot.facts());
                return Optional.empty();
            });
        } catch (UserError e) {
            return Optional.of(e);
        }
    }

    /// Returns what `use` makes of the snapshot that requests use. If that fails, the key may have been replaced
    /// after the snapshot was read: then `use` gets the next one.
    <T> T inSnapshot(Function<StateSnapshot, T> use) {
        var snapshot = database.snapshot();
        for (int looks = 1; ; looks++) {
            try {
                return use.apply(snapshot);
            } catch (UserError e) {
                var next = database.latest(Duration.ZERO);
                if (next.moment().equals(snapshot.moment()) || looks == LOOKS) throw e;
                snapshot = next;
            }
        }
    }

    /// Returns whether a text is the key of the secrets, or the one that the key is encrypted with.
    boolean isKey(String text) {
        return SealingKeys.isKey(text, database.snapshot().facts());
    }

    /// Decrypts a secret.
    ///
    /// @param facts from the same snapshot as `sealed`
    /// @throws UserError if the key is missing, or the database was tampered with
    Secret open(String name, byte[] sealed, Map<String, String> facts) {
        return opened(keys.existing(facts), name, sealed);
    }

    static Secret opened(SecretKey key, String name, byte[] sealed) {
        return SealedBytes.open(key, purpose(name), sealed)
                .map(bytes -> new Secret(new String(bytes, StandardCharsets.UTF_8)))
                .orElseThrow(() -> damaged(name));
    }

    private static UserError damaged(String name) {
        return new UserError(
                "the stored secret %s cannot be decrypted: it was changed or belongs to another name".formatted(name),
                "run rpkai secret set " + name);
    }

    /// Returns the key, and makes it if there is none. For use within a write transaction.
    SecretKey key(Connection sql) throws SQLException {
        var made = keys.orNew(
                Facts.all(sql),
                SqlRows.first(sql, "SELECT 1 FROM secret LIMIT 1", _ -> true).isPresent());
        remember(sql, made.facts());
        return made.key();
    }

    /// Returns the purpose that a secret is encrypted for.
    static String purpose(String name) {
        return "rpkai secret " + name;
    }
}
