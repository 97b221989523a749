package lib.gateway.state;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import lib.base.Secret;
import lib.base.UserError;
import lib.database.SqlRows;
import lib.gateway.sealing.SealedBytes;
import lib.gateway.sealing.SealingKeys;

/// The secrets that a gateway keeps, sealed. Only the gateway itself takes one out again, to send it to an
/// upstream.
///
///     secrets.set("ANTHROPIC_API_KEY", new Secret(typed));
///     secrets.list()   // [Entry[name=ANTHROPIC_API_KEY, updated=…]]
public final class StoredSecrets {
    private final StateDatabase database;
    private final SealingKeys keys;
    private final InstantSource clock;

    /// That there is one.
    ///
    /// @param updated when it was set
    public record Entry(String name, Instant updated) {}

    StoredSecrets(StateDatabase database, SealingKeys keys, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.clock = clock;
    }

    /// Keeps `value` under that name, in place of what was there; when this returns it is on the disk.
    ///
    /// @throws UserError for what is no name or fits no header
    public void set(String name, Secret value) {
        SecretName.checked(name);
        if (!isValid(value)) {
            throw new UserError(
                    "the value is empty or contains spaces, line breaks or other characters that "
                            + "are invalid in a key",
                    "check how it was copied");
        }
        keys.prepare();
        database.write(sql -> {
            // The other sealed ones must open with it, or this one could not be told from a forged one.
            var key = key(sql);
            SqlRows.update(
                    sql,
                    "INSERT INTO secret (name, sealed, updated) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
                            + "sealed = excluded.sealed, updated = excluded.updated",
                    name,
                    SealedBytes.seal(key, what(name), value.reveal().getBytes(StandardCharsets.UTF_8)),
                    clock.instant().toString());
            return Facts.changed(sql);
        });
    }

    /// Whether it can be a secret's value, which a header can carry.
    public static boolean isValid(Secret value) {
        return value.reveal().matches("[\\x21-\\x7e]{1,65536}");
    }

    /// Deletes it; false where there was none.
    public boolean delete(String name) {
        return database.write(sql -> {
            var deleted = SqlRows.update(sql, "DELETE FROM secret WHERE name = ?", name) > 0;
            if (deleted) Facts.changed(sql);
            return deleted;
        });
    }

    /// All there are, by name.
    public List<Entry> list() {
        return database
                .read(sql -> SqlRows.list(
                        sql,
                        "SELECT name, updated FROM secret",
                        row -> new Entry(row.getString(1), Instant.parse(row.getString(2)))))
                .stream()
                // Not by the database: PostgreSQL sorts as the server's language does.
                .sorted(Comparator.comparing(Entry::name))
                .toList();
    }

    /// What is wrong with the key that all of them are sealed with; empty where nothing is, and where there is
    /// none of them.
    public Optional<UserError> problem() {
        if (list().isEmpty()) return Optional.empty();
        try {
            keys.existing(database.latest().facts());
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(e);
        }
    }

    /// The one of that name, as requests know it; without a look at the database.
    Optional<byte[]> sealed(String name) {
        return Optional.ofNullable(database.snapshot().secrets().get(name));
    }

    /// Opens one.
    ///
    /// @throws UserError where it does not open: the key is gone, or somebody changed what is in the database
    Secret opened(String name, byte[] sealed) {
        return opened(keys.existing(database.snapshot().facts()), name, sealed);
    }

    static Secret opened(SecretKey key, String name, byte[] sealed) {
        return SealedBytes.open(key, what(name), sealed)
                .map(bytes -> new Secret(new String(bytes, StandardCharsets.UTF_8)))
                .orElseThrow(() -> new UserError(
                        "the stored secret %s cannot be decrypted: it was changed or belongs to another name"
                                .formatted(name),
                        "run rpkai secret set " + name));
    }

    /// The key, which is made where there is none. To be called within one write.
    SecretKey key(Connection sql) throws SQLException {
        var made = keys.orNew(
                Facts.all(sql),
                SqlRows.first(sql, "SELECT 1 FROM secret LIMIT 1", _ -> true).isPresent());
        for (var fact : made.facts().entrySet()) Facts.set(sql, fact.getKey(), fact.getValue());
        return made.key();
    }

    /// The name that a secret is sealed with.
    static String what(String name) {
        return "rpkai secret " + name;
    }
}
