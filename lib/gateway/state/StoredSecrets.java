package lib.gateway.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import lib.base.Secret;
import lib.base.UserError;
import lib.database.SqlRows;

/// The secrets that a gateway keeps, sealed. Only the gateway itself takes one out again, to send it to an
/// upstream.
///
///     secrets.set("ANTHROPIC_API_KEY", new Secret(typed));
///     secrets.list()   // [Entry[name=ANTHROPIC_API_KEY, updated=…]]
public final class StoredSecrets {
    private final StateDatabase database;
    private final SecretKeys keys;
    private final InstantSource clock;

    /// That there is one.
    ///
    /// @param updated when it was set
    public record Entry(String name, Instant updated) {}

    StoredSecrets(StateDatabase database, SecretKeys keys, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.clock = clock;
    }

    /// Keeps `value` under that name, in place of what was there; when this returns it is on the disk.
    ///
    /// @throws UserError for what is no name or fits no header
    public void set(String name, Secret value) {
        SecretName.checked(name);
        if (!value.reveal().matches("[\\x21-\\x7e]{1,65536}")) {
            throw new UserError(
                    "the value is empty or contains spaces, line breaks or other characters that "
                            + "are invalid in a key",
                    "check how it was copied");
        }
        database.write(sql -> {
            // The other sealed ones must open with it, or this one could not be told from a forged one.
            SecretKey key = keys.orNew(sql);
            return SqlRows.update(
                    sql,
                    "INSERT INTO secret (name, sealed, updated) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
                            + "sealed = excluded.sealed, updated = excluded.updated",
                    name,
                    SealedSecret.seal(key, name, value),
                    clock.instant().toString());
        });
    }

    /// Deletes it; false where there was none.
    public boolean delete(String name) {
        return database.write(sql -> SqlRows.update(sql, "DELETE FROM secret WHERE name = ?", name) > 0);
    }

    /// All there are, by name.
    public List<Entry> list() {
        return database.read(sql -> List.copyOf(SqlRows.list(
                sql,
                "SELECT name, updated FROM secret ORDER BY name",
                row -> new Entry(row.getString(1), Instant.parse(row.getString(2))))));
    }

    /// What is wrong with the key that all of them are sealed with; empty where nothing is, and where there is
    /// none of them.
    public Optional<UserError> problem() {
        if (list().isEmpty()) return Optional.empty();
        try {
            database.read(keys::existing);
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(e);
        }
    }

    /// The one of that name.
    ///
    /// @throws UserError where it does not open: the key is gone, or somebody changed what is in the file
    Optional<Secret> find(String name) {
        return database.read(sql -> {
            var sealed = sealed(sql, name);
            if (sealed.isEmpty()) return Optional.<Secret>empty();
            var opened = SealedSecret.open(keys.existing(sql), name, sealed.get());
            if (opened.isEmpty())
                throw new UserError(
                        ("the stored secret %s cannot be decrypted: it was changed or belongs to another " + "name")
                                .formatted(name),
                        "run rpkai secret set " + name);
            return opened;
        });
    }

    private static Optional<byte[]> sealed(Connection sql, String name) throws SQLException {
        return SqlRows.first(sql, "SELECT sealed FROM secret WHERE name = ?", row -> row.getBytes(1), name);
    }
}
