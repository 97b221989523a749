package lib.gateway.state;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import lib.base.Secret;
import lib.database.SqlRows;
import lib.gateway.state.StoredSignIns.SignIn;

/// The devices that wait for a user to approve them. They are in the state, so that a sign-in outlives a restart,
/// and each of its steps may reach another gateway.
///
///     var grant = grants.start("rpkai", "203.0.113.9");
///     grants.decide(grant.userCode(), Optional.of(ada));
///     grants.poll(grant.deviceCode().reveal(), "rpkai")   // Approved[…] once, Refused.EXPIRED from then on
///
/// The database has a hash of the device code only: who reads it cannot take over a sign-in. Every step reads the
/// database itself, and those that change something do so in one transaction, with the write lock of the state.
/// So of two gateways that are polled at the same moment one starts the sign-in, and the other finds no grant.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8628">RFC 8628, device authorization grant</a>
public final class StoredDeviceGrants {
    /// How long a device waits for its approval.
    public static final Duration LIFE = Duration.ofMinutes(10);
    /// How long a device pauses between two polls at first.
    public static final Duration INTERVAL = Duration.ofSeconds(2);

    /// How much too early a poll may come, since requests take different times to arrive.
    private static final Duration EARLY = Duration.ofMillis(500);

    /// No vowels, so that no words appear, and no letters that look alike.
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
    /// The largest number of grants, of all senders and of one. Anyone may start a grant. With one too many, the
    /// sender's oldest is deleted, or the oldest of the sender that has the most.
    private static final int MOST = 10_000;

    private static final int MOST_OF_ONE = 100;

    private final StateDatabase database;
    private final StoredSignIns signIns;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /// A grant that was started.
    ///
    /// @param deviceCode the secret that the device polls with
    /// @param userCode the code that the user compares and approves
    public record Grant(Secret deviceCode, String userCode) {}

    /// The outcome of a poll.
    public sealed interface Poll {}

    /// A user has approved the device. The grant is used up.
    public record Approved(SignIn signIn) implements Poll {}

    /// There is no sign-in: not yet, or never.
    public enum Refused implements Poll {
        /// No user has decided yet.
        PENDING,
        /// The same, and the device polls too often.
        SLOW_DOWN,
        /// A user has denied it, or the one who approved it has no access any more.
        DENIED,
        /// The code is unknown, too old or used up.
        EXPIRED,
        /// Another client has started it.
        WRONG_CLIENT
    }

    private enum Decision {
        OPEN,
        APPROVED,
        DENIED
    }

    /// @param now when it was read
    private record Waiting(long id, String client, Polls polls, Decision decision, String account, long now) {}

    /// @param last the time of the last poll; 0 before the first
    /// @param interval the pause before the next
    private record Polls(long last, long interval) {
        boolean isTooEarly(long now) {
            return last != 0 && now < last + interval - EARLY.toMillis();
        }
    }

    StoredDeviceGrants(StateDatabase database, StoredSignIns signIns, InstantSource clock) {
        this.database = database;
        this.signIns = signIns;
        this.clock = clock;
    }

    /// Starts a grant.
    ///
    /// @param client the id of the client that asks, which is the only one that may poll
    /// @param sender the sender of the request, see [lib.gateway.exchange.PublicEndpoint#sender]
    public Grant start(String client, String sender) {
        return database.write(sql -> {
            var now = now(sql);
            SqlRows.update(sql, "DELETE FROM device_grant WHERE until <= ?", now);
            makeRoom(sql, sender);
            var grant = new Grant(Secret.random(), newUserCode(sql));
            SqlRows.update(
                    sql,
                    "INSERT INTO device_grant (code, user_code, client, sender, until, poll_interval, polled, "
                            + "decision, account) VALUES (?, ?, ?, ?, ?, ?, 0, ?, '')",
                    StoredAccounts.hash(grant.deviceCode.reveal()),
                    letters(grant.userCode),
                    client,
                    sender,
                    now + LIFE.toMillis(),
                    INTERVAL.toMillis(),
                    Words.of(Decision.OPEN));
            return grant;
        });
    }

    private static void makeRoom(Connection sql, String sender) throws SQLException {
        if (SqlRows.number(sql, "SELECT COUNT(*) FROM device_grant WHERE sender = ?", sender) >= MOST_OF_ONE) {
            deleteOldest(sql, sender);
        } else if (SqlRows.number(sql, "SELECT COUNT(*) FROM device_grant") >= MOST) {
            var busiest = SqlRows.first(
                    sql,
                    "SELECT sender FROM device_grant GROUP BY sender ORDER BY COUNT(*) DESC LIMIT 1",
                    row -> row.getString(1));
            if (busiest.isPresent()) deleteOldest(sql, busiest.get());
        }
    }

    private static void deleteOldest(Connection sql, String sender) throws SQLException {
        SqlRows.update(
                sql, "DELETE FROM device_grant WHERE id = (SELECT MIN(id) FROM device_grant WHERE sender = ?)", sender);
    }

    private String newUserCode(Connection sql) throws SQLException {
        while (true) {
            var code = new StringBuilder();
            for (int i = 0; i < 8; i++)
                code.append(i == 4 ? "-" : "").append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            var text = code.toString();
            if (SqlRows.number(sql, "SELECT COUNT(*) FROM device_grant WHERE user_code = ?", letters(text)) == 0)
                return text;
        }
    }

    /// Returns whether a device waits with that user code, in whichever way it is typed.
    public boolean isWaiting(String userCode) {
        return database.read(sql -> SqlRows.number(
                        sql,
                        "SELECT COUNT(*) FROM device_grant WHERE user_code = ? AND decision = ? AND until > ?",
                        letters(userCode),
                        Words.of(Decision.OPEN),
                        now(sql)))
                > 0;
    }

    /// Decides about the device with that user code: it is the account's, or, without one, denied.
    ///
    /// @return whether a device was waiting; a decision is final
    public boolean decide(String userCode, Optional<Account> approvedBy) {
        return database.write(sql -> SqlRows.update(
                        sql,
                        "UPDATE device_grant SET decision = ?, account = ? WHERE user_code = ? AND decision = ? "
                                + "AND until > ?",
                        Words.of(approvedBy.isPresent() ? Decision.APPROVED : Decision.DENIED),
                        approvedBy.map(Account::id).orElse(""),
                        letters(userCode),
                        Words.of(Decision.OPEN),
                        now(sql))
                > 0);
    }

    /// Asks on behalf of the device whether it was approved, and starts its sign-in then.
    public Poll poll(String deviceCode, String client) {
        var hash = StoredAccounts.hash(deviceCode);
        // Neither a guess nor a poll that comes too early takes a lock or writes.
        var early = database.read(sql -> early(sql, hash, client));
        if (early.isPresent()) return early.get();
        return database.write(sql -> {
            var found = find(sql, hash);
            if (found.isEmpty()) return Refused.EXPIRED;
            var waiting = found.get();
            if (!waiting.client.equals(client)) return Refused.WRONG_CLIENT;
            return switch (waiting.decision) {
                case DENIED -> Refused.DENIED;
                case OPEN -> pending(sql, waiting);
                case APPROVED -> {
                    SqlRows.update(sql, "DELETE FROM device_grant WHERE id = ?", waiting.id);
                    var account = StoredAccounts.byId(sql, waiting.account);
                    yield account.isPresent()
                            ? new Approved(signIns.start(sql, account.get(), client))
                            : Refused.DENIED;
                }
            };
        });
    }

    private Optional<Poll> early(Connection sql, String hash, String client) throws SQLException {
        var found = find(sql, hash);
        if (found.isEmpty()) return Optional.of(Refused.EXPIRED);
        return found.filter(waiting -> waiting.decision == Decision.OPEN && waiting.client.equals(client))
                .filter(waiting -> waiting.polls.isTooEarly(waiting.now))
                .map(_ -> Refused.SLOW_DOWN);
    }

    private static Poll pending(Connection sql, Waiting waiting) throws SQLException {
        // Another gateway may have been polled a moment ago.
        if (waiting.polls.isTooEarly(waiting.now)) return Refused.SLOW_DOWN;
        SqlRows.update(sql, "UPDATE device_grant SET polled = ? WHERE id = ?", waiting.now, waiting.id);
        return Refused.PENDING;
    }

    private Optional<Waiting> find(Connection sql, String hash) throws SQLException {
        var now = now(sql);
        return SqlRows.first(
                sql,
                "SELECT * FROM device_grant WHERE code = ? AND until > ?",
                row -> new Waiting(
                        row.getLong("id"),
                        row.getString("client"),
                        new Polls(row.getLong("polled"), row.getLong("poll_interval")),
                        Words.constant(Decision.class, row.getString("decision")),
                        row.getString("account"),
                        now),
                hash,
                now);
    }

    private long now(Connection sql) throws SQLException {
        return StateTime.now(sql, clock).toEpochMilli();
    }

    private static String letters(String userCode) {
        return userCode.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
    }
}
