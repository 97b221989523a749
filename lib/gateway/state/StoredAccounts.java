package lib.gateway.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import lib.base.Secret;
import lib.base.Sha256;
import lib.base.UserError;
import lib.database.SqlRows;
import lib.gateway.access.Caller.Role;
import lib.gateway.state.Account.Kind;

/// The users and clients of a gateway's own issuer. Their secrets are made here, shown once, and stored as a
/// hash: 256 random bits need no slow one.
///
///     Secret key = accounts.add(Kind.USER, "ada@example.com", Role.USER);
///     accounts.signIn(Kind.USER, "ada@example.com", key.reveal())   // Optional[Account[…]]
public final class StoredAccounts {
    /// The valid names, as a regular expression.
    public static final String NAME = "[A-Za-z0-9][A-Za-z0-9._%+@-]{0,127}";

    /// The hashes of secrets and refresh tokens, see [#hash], as a regular expression.
    public static final String HASH = "[0-9a-f]{64}";

    private static final Duration PAUSE = Duration.ofMillis(20);
    /// The fact that counts the changes of access.
    private static final String ACCESS = "access";

    private final StateDatabase database;
    private final InstantSource clock;

    /// The accounts that have access: the same object until the access of one changes.
    ///
    /// @param accounts the accounts by id
    /// @param ended the ids of sign-ins that were ended
    /// @param unknown the names of accounts with a role that only a newer version knows; they have no access here
    /// @param changes the number of changes so far
    public record Access(Map<String, Account> accounts, Set<String> ended, Set<String> unknown, long changes) {
        /// Reads them, unless nothing has changed.
        ///
        /// @param facts the facts of the same moment
        /// @param before the result of the last call
        static Access read(Connection sql, Map<String, String> facts, Optional<Access> before) throws SQLException {
            var changes = Long.parseLong(facts.getOrDefault(ACCESS, "0"));
            if (before.isPresent() && before.get().changes == changes) return before.get();
            var accounts = new HashMap<String, Account>();
            var unknown = new TreeSet<String>();
            SqlRows.list(sql, "SELECT * FROM account", row -> {
                var account = account(row);
                account.ifPresent(each -> accounts.put(each.id(), each));
                return account.isPresent() || unknown.add(row.getString("name"));
            });
            var ended = SqlRows.list(sql, "SELECT id FROM signin WHERE ended = 1", row -> row.getString(1));
            return new Access(Map.copyOf(accounts), Set.copyOf(ended), Set.copyOf(unknown), changes);
        }
    }

    StoredAccounts(StateDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Adds a user or a client.
    ///
    /// @return the secret to sign in with; it cannot be shown again
    /// @throws UserError if the name is not valid or exists already
    public Secret add(Kind kind, String name, Role role) {
        if (!name.matches(NAME))
            throw UserError.usage(
                    "a name must be an email address, or letters, digits and . _ - +",
                    "use, for example, ada@example.com");
        var secret = Secret.random();
        database.write(sql -> {
            if (id(sql, kind, name).isPresent())
                throw new UserError(
                        "\"%s\" already exists".formatted(name),
                        "run rpkai gateway %s update %s".formatted(Words.of(kind), name));
            SqlRows.update(
                    sql,
                    "INSERT INTO account (id, kind, name, role, secret, created) VALUES (?, ?, ?, ?, ?, ?)",
                    UUID.randomUUID().toString(),
                    Words.of(kind),
                    name,
                    Words.of(role),
                    hash(secret.reveal()),
                    clock.instant().toString());
            return changed(sql);
        });
        return secret;
    }

    /// Gives a user or a client another role.
    ///
    /// @throws UserError if there is none of that name
    public void setRole(Kind kind, String name, Role role) {
        database.write(sql -> {
            SqlRows.update(sql, "UPDATE account SET role = ? WHERE id = ?", Words.of(role), existing(sql, kind, name));
            return changed(sql);
        });
    }

    /// Gives a user or a client another secret, and ends all their sign-ins and tokens.
    ///
    /// @throws UserError if there is none of that name
    public Secret renew(Kind kind, String name) {
        var secret = Secret.random();
        database.write(sql -> {
            var id = existing(sql, kind, name);
            // Tokens name the id, so that another id makes all of them invalid.
            SqlRows.update(
                    sql,
                    "UPDATE account SET secret = ?, id = ? WHERE id = ?",
                    hash(secret.reveal()),
                    UUID.randomUUID().toString(),
                    id);
            SqlRows.update(sql, "DELETE FROM signin WHERE account = ?", id);
            return changed(sql);
        });
        return secret;
    }

    /// Removes a user or a client, who loses all access within a second.
    ///
    /// @throws UserError if there is none of that name
    public void remove(Kind kind, String name) {
        database.write(sql -> {
            var id = existing(sql, kind, name);
            SqlRows.update(sql, "DELETE FROM signin WHERE account = ?", id);
            SqlRows.update(sql, "DELETE FROM account WHERE id = ?", id);
            return changed(sql);
        });
    }

    /// Returns all users or all clients with a role that this version knows, sorted by name.
    public List<Account> list(Kind kind) {
        return database
                .read(sql -> SqlRows.list(
                        sql, "SELECT * FROM account WHERE kind = ?", StoredAccounts::account, Words.of(kind)))
                .stream()
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Account::name))
                .toList();
    }

    /// Returns the account of that name if the secret is right. The time that it takes does not tell whether the
    /// name exists.
    public Optional<Account> signIn(Kind kind, String name, String secret) {
        return database.read(sql -> {
            var kept = SqlRows.first(
                    sql,
                    "SELECT secret FROM account WHERE kind = ? AND name = ?",
                    row -> row.getString(1),
                    Words.of(kind),
                    name);
            var same = MessageDigest.isEqual(
                    hash(secret).getBytes(StandardCharsets.US_ASCII),
                    kept.orElse(hash("")).getBytes(StandardCharsets.US_ASCII));
            return same && kept.isPresent() ? find(sql, kind, name) : Optional.<Account>empty();
        });
    }

    /// Returns the accounts that have access; the latest changes of other processes may be missing for a second.
    ///
    /// @throws StateUnavailable if PostgreSQL has not answered for longer than the limit
    public Access access() {
        return database.current().access();
    }

    /// Returns the same with all changes, for an account that is missing there: it may have been added a moment
    /// ago.
    public Access accessOfNewcomers() {
        return database.latest(PAUSE).access();
    }

    /// Counts a change of access, within the transaction that makes it.
    static Void changed(Connection sql) throws SQLException {
        Facts.increment(sql, ACCESS);
        return Facts.changed(sql);
    }

    /// Returns the account of that id.
    static Optional<Account> byId(Connection sql, String id) throws SQLException {
        return SqlRows.first(sql, "SELECT * FROM account WHERE id = ?", StoredAccounts::account, id)
                .flatMap(known -> known);
    }

    /// Returns the hash by which a random secret is stored.
    static String hash(String secret) {
        return Sha256.hex(secret);
    }

    private static Optional<Account> find(Connection sql, Kind kind, String name) throws SQLException {
        return SqlRows.first(
                        sql,
                        "SELECT * FROM account WHERE kind = ? AND name = ?",
                        StoredAccounts::account,
                        Words.of(kind),
                        name)
                .flatMap(known -> known);
    }

    private static Optional<String> id(Connection sql, Kind kind, String name) throws SQLException {
        return SqlRows.first(
                sql,
                "SELECT id FROM account WHERE kind = ? AND name = ?",
                row -> row.getString(1),
                Words.of(kind),
                name);
    }

    /// Returns the id of an account, whatever its role.
    private static String existing(Connection sql, Kind kind, String name) throws SQLException {
        return id(sql, kind, name)
                .orElseThrow(() -> new UserError(
                        "there is no %s \"%s\"".formatted(Words.of(kind), name),
                        "run rpkai gateway %s list".formatted(Words.of(kind))));
    }

    /// Returns the account in a row; empty if only a newer version knows its kind or its role.
    private static Optional<Account> account(ResultSet row) throws SQLException {
        var kind = Words.find(Kind.class, row.getString("kind"));
        var role = Words.find(Role.class, row.getString("role"));
        if (kind.isEmpty() || role.isEmpty()) return Optional.empty();
        return Optional.of(new Account(
                row.getString("id"),
                kind.get(),
                row.getString("name"),
                role.get(),
                Instant.parse(row.getString("created"))));
    }
}
