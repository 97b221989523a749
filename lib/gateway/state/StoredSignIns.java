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

/// The sign-ins that a gateway's own issuer keeps up: one for each device, with a refresh token that is another
/// one after each use. One that is used twice was copied: it ends the sign-in.
///
///     var started = signIns.start(account, "rpkai");
///     signIns.refresh(started.refreshToken().reveal(), "rpkai")   // Optional[…] with another refresh token
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14">RFC 9700, refresh token protection</a>
public final class StoredSignIns {
    /// How long a device may be away.
    public static final Duration IDLE = Duration.ofDays(30);

    private final StateDatabase database;
    private final InstantSource clock;

    /// A sign-in as it is after its start, or a refresh.
    ///
    /// @param id what its access tokens call it
    /// @param account whose it is
    public record SignIn(String id, Account account, Secret refreshToken) {}

    private record Row(String id, String account, String client, String hash, boolean ended, Instant until) {}

    StoredSignIns(StateDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Starts one; on the disk when this returns.
    ///
    /// @param client the client id that may refresh it
    public SignIn start(Account account, String client) {
        return database.write(sql -> {
            SqlRows.update(
                    sql, "DELETE FROM signin WHERE until < ?", clock.instant().toString());
            var id = UUID.randomUUID().toString();
            // The first half finds the sign-in, old or new: it is in no access token, so that only who once had a
            // refresh token can end the sign-in with it.
            var family = Secret.random().reveal();
            var secret = Secret.random().reveal();
            SqlRows.update(
                    sql,
                    "INSERT INTO signin (id, account, client, family, secret, ended, until) "
                            + "VALUES (?, ?, ?, ?, ?, 0, ?)",
                    id,
                    account.id(),
                    client,
                    StoredAccounts.hash(family),
                    StoredAccounts.hash(secret),
                    until());
            return new SignIn(id, account, new Secret(family + "." + secret));
        });
    }

    /// Spends a refresh token; empty where it is not good, be it that it was used before.
    public Optional<SignIn> refresh(String refreshToken, String client) {
        var family = refreshToken.split("\\.", 2)[0];
        var secret = refreshToken.substring(Math.min(refreshToken.length(), family.length() + 1));
        return database.write(sql -> {
            var found = find(sql, family)
                    .filter(row -> !row.ended
                            && row.client.equals(client)
                            && clock.instant().isBefore(row.until));
            if (found.isEmpty()) return Optional.<SignIn>empty();
            var row = found.get();
            if (!new Secret(row.hash).matches(StoredAccounts.hash(secret))) {
                end(sql, row.id);
                return Optional.<SignIn>empty();
            }
            var next = Secret.random().reveal();
            SqlRows.update(
                    sql,
                    "UPDATE signin SET secret = ?, until = ? WHERE id = ?",
                    StoredAccounts.hash(next),
                    until(),
                    row.id);
            return StoredAccounts.byId(sql, row.account)
                    .map(account -> new SignIn(row.id, account, new Secret(family + "." + next)));
        });
    }

    /// Ends the sign-in of that refresh token, where it has one.
    public void end(String refreshToken) {
        database.write(sql -> {
            var found = find(sql, refreshToken.split("\\.", 2)[0]);
            if (found.isPresent()) end(sql, found.get().id);
            return null;
        });
    }

    /// Ends the sign-in of that id.
    public void endById(String id) {
        database.write(sql -> {
            end(sql, id);
            return null;
        });
    }

    private String until() {
        return clock.instant().plus(IDLE).toString();
    }

    private static void end(Connection sql, String id) throws SQLException {
        // The row stays for a while: its access tokens do, too.
        if (SqlRows.update(sql, "UPDATE signin SET ended = 1 WHERE id = ? AND ended = 0", id) > 0)
            StoredAccounts.changed(sql);
    }

    private static Optional<Row> find(Connection sql, String family) throws SQLException {
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
                StoredAccounts.hash(family));
    }
}
