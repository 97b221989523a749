package lib.gateway.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import lib.base.Secret;
import lib.database.SqlRows;

/// The sign-ins of a gateway's own issuer: one for each device, with a refresh token that each use replaces. A
/// token that was replaced before was copied, so its use ends the sign-in; only the latest one may be repeated
/// for a few seconds, see [RefreshRotations].
///
///     var started = signIns.start(account, "rpkai");
///     signIns.refresh(started.refreshToken().reveal(), "rpkai")   // Optional[…] with another refresh token
///
/// Several gateways may refresh one sign-in at the same moment. Each refresh is one transaction with the write
/// lock of the state: the first replaces the token, the others get the replacement.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14">RFC 9700, refresh token protection</a>
public final class StoredSignIns {
    /// How long a sign-in lasts without a refresh.
    public static final Duration IDLE = Duration.ofDays(30);

    /// How long after a refresh the token that it used returns the same new one once more.
    public static final Duration LEEWAY = RefreshRotations.LEEWAY;

    private final StateDatabase database;
    private final InstantSource clock;

    /// A sign-in after its start or after a refresh.
    ///
    /// @param id the id that its access tokens carry
    /// @param account the account that is signed in
    /// @param refreshToken the token for the next refresh
    public record SignIn(String id, Account account, Secret refreshToken) {}

    private record Row(String id, String account, String client, String hash, boolean ended, Instant until) {}

    /// A refresh token as a client sends it. The family finds the sign-in, with any of its tokens.
    private record RefreshToken(String family, Secret secret) {
        static RefreshToken parse(String text) {
            var parts = text.split("\\.", 2);
            return new RefreshToken(parts[0], new Secret(parts.length < 2 ? "" : parts[1]));
        }

        RefreshToken withSecret(Secret next) {
            return new RefreshToken(family, next);
        }

        Secret text() {
            return new Secret(family + "." + secret.reveal());
        }

        @Override
        public String toString() {
            return Secret.REDACTED;
        }
    }

    StoredSignIns(StateDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Starts a sign-in.
    ///
    /// @param client the client id that may refresh it
    public SignIn start(Account account, String client) {
        return database.write(sql -> start(sql, account, client));
    }

    /// Starts a sign-in within a transaction.
    SignIn start(Connection sql, Account account, String client) throws SQLException {
        var now = StateTime.now(sql, clock);
        SqlRows.update(sql, "DELETE FROM signin WHERE until < ?", now.toString());
        var id = UUID.randomUUID().toString();
        // No access token contains the family, so that only the owner of a refresh token can end the sign-in by it.
        var token = new RefreshToken(Secret.random().reveal(), Secret.random());
        SqlRows.update(
                sql,
                "INSERT INTO signin (id, account, client, family, secret, ended, until) VALUES (?, ?, ?, ?, ?, 0, ?)",
                id,
                account.id(),
                client,
                StoredAccounts.hash(token.family),
                StoredAccounts.hash(token.secret.reveal()),
                until(now));
        return new SignIn(id, account, token.text());
    }

    /// Uses a refresh token. Returns the sign-in with the token that replaces it; empty if the token is not
    /// valid.
    public Optional<SignIn> refresh(String refreshToken, String client) {
        var start = System.nanoTime();
        var token = RefreshToken.parse(refreshToken);
        // A guess takes no lock from anyone.
        if (database.read(sql -> find(sql, token)).isEmpty()) return Optional.empty();
        return database.write(sql -> {
            var now = StateTime.now(sql, clock);
            var found =
                    find(sql, token).filter(row -> !row.ended && row.client.equals(client) && now.isBefore(row.until));
            if (found.isEmpty()) return Optional.<SignIn>empty();
            var row = found.get();
            // The wait for the lock is not the client's: it asked before.
            var next = replacement(sql, row, token, now, now.minusNanos(System.nanoTime() - start));
            if (next.isEmpty()) {
                end(sql, row.id);
                return Optional.<SignIn>empty();
            }
            return StoredAccounts.byId(sql, row.account)
                    .map(account -> new SignIn(
                            row.id, account, token.withSecret(next.get()).text()));
        });
    }

    private Optional<Secret> replacement(Connection sql, Row row, RefreshToken token, Instant now, Instant asked)
            throws SQLException {
        if (!isCurrent(row, token.secret))
            // rpkai 0.1.0 may have replaced the token since, and records no rotation.
            return RefreshRotations.next(sql, row.id, token.secret, asked).filter(next -> isCurrent(row, next));
        var next = Secret.random();
        SqlRows.update(
                sql,
                "UPDATE signin SET secret = ?, until = ? WHERE id = ?",
                StoredAccounts.hash(next.reveal()),
                until(now),
                row.id);
        RefreshRotations.record(sql, row.id, token.secret, next, now);
        return Optional.of(next);
    }

    private static boolean isCurrent(Row row, Secret secret) {
        return new Secret(row.hash).matches(StoredAccounts.hash(secret.reveal()));
    }

    /// Ends the sign-in of a refresh token, current or replaced. Does nothing if there is none.
    public void end(String refreshToken) {
        var token = RefreshToken.parse(refreshToken);
        if (database.read(sql -> find(sql, token)).isEmpty()) return;
        database.write(sql -> {
            var found = find(sql, token);
            if (found.isPresent()) end(sql, found.get().id);
            return null;
        });
    }

    /// Ends the sign-in of that id.
    public void endById(String id) {
        if (database.read(sql -> SqlRows.number(sql, "SELECT COUNT(*) FROM signin WHERE id = ?", id)) == 0) return;
        database.write(sql -> {
            end(sql, id);
            return null;
        });
    }

    private static String until(Instant now) {
        return now.plus(IDLE).toString();
    }

    private static void end(Connection sql, String id) throws SQLException {
        // The row stays, so that its access tokens are refused until they expire.
        if (SqlRows.update(sql, "UPDATE signin SET ended = 1 WHERE id = ? AND ended = 0", id) > 0)
            StoredAccounts.changed(sql);
    }

    private static Optional<Row> find(Connection sql, RefreshToken token) throws SQLException {
        return SqlRows.first(
                sql,
                "SELECT * FROM signin WHERE family = ?",
                row -> new Row(
                        row.getString("id"),
                        row.getString("account"),
                        row.getString("client"),
                        row.getString("secret"),
                        row.getInt("ended") != 0,
                        Instant.parse(row.getString("until"))),
                StoredAccounts.hash(token.family));
    }
}
