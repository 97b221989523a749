package lib.usage.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.database.SqlRows;

/// Keeps the sums of what was spent in the current periods: those in the database, and the calls that are not
/// written to it yet. It is not thread-safe.
final class SpendLedger {
    /// The account to which every call is added.
    static final String ALL = "";
    private static final String COSTS = "SUM(cost_input + cost_output + cost_cached_input + cost_cache_write_5m + "
            + "cost_cache_write_1h), SUM(assumed_cost), SUM(unpriced), SUM(unmeasured)";

    /// A user, an agent or everyone, in one period.
    record Account(Period period, Instant begin, String whose) {}

    /// One user's calls with one agent in one hour. Every period begins and ends at a full hour, so an hour never
    /// belongs to two.
    private record Share(Instant hour, String user, String agent) {
        static Share of(Instant time, String user, String agent) {
            return new Share(time.truncatedTo(ChronoUnit.HOURS), user, agent);
        }

        List<String> whose() {
            return List.of(ALL, SpendLedger.user(user), SpendLedger.agent(agent));
        }
    }

    private Map<Account, SpentAmount> written = new HashMap<>();
    private final Map<Share, SpentAmount> onTheirWay = new HashMap<>();

    static String user(String name) {
        return "user:" + name;
    }

    static String agent(String name) {
        return "agent:" + name;
    }

    /// Returns what an account spent in the period that contains `now`.
    SpentAmount spent(Period period, String whose, Instant now) {
        var account = new Account(period, period.begin(now), whose);
        return onTheirWay.entrySet().stream()
                .filter(share -> share.getKey().whose().contains(whose)
                        && period.begin(share.getKey().hour()).equals(account.begin))
                .map(Map.Entry::getValue)
                .reduce(written.getOrDefault(account, SpentAmount.NOTHING), SpentAmount::plus);
    }

    void accepted(Instant time, String user, String agent, SpentAmount spent) {
        onTheirWay.merge(Share.of(time, user, agent), spent, SpendLedger::unlessEven);
    }

    void written(Instant time, String user, String agent, SpentAmount spent) {
        var share = Share.of(time, user, agent);
        onTheirWay.merge(share, SpentAmount.NOTHING.minus(spent), SpendLedger::unlessEven);
        for (var period : Period.values()) {
            for (var whose : share.whose())
                written.merge(new Account(period, period.begin(time), whose), spent, SpentAmount::plus);
        }
    }

    /// Adds two amounts; null if they cancel each other out, so that the map loses the entry.
    private static SpentAmount unlessEven(SpentAmount before, SpentAmount more) {
        var both = before.plus(more);
        return both.isNothing() ? null : both;
    }

    /// Replaces the sums of the calls in the database by those that [#read] found.
    void replace(Map<Account, SpentAmount> read) {
        written = read;
    }

    /// Reads from the database what all processes have spent in the current periods.
    static Map<Account, SpentAmount> read(Connection sql, Instant now) throws SQLException {
        var read = new HashMap<Account, SpentAmount>();
        for (var period : Period.values()) {
            var begin = period.begin(now);
            SqlRows.list(
                    sql,
                    ("SELECT series.caller, series.agent, %s FROM hour JOIN series ON series.id = hour.series WHERE "
                                    + "hour.hour >= ? GROUP BY series.caller, series.agent")
                            .formatted(COSTS),
                    row -> {
                        var spent = new SpentAmount(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6));
                        for (var whose : List.of(ALL, user(row.getString(1)), agent(row.getString(2))))
                            read.merge(new Account(period, begin, whose), spent, SpentAmount::plus);
                        return spent;
                    },
                    begin.toEpochMilli());
        }
        return read;
    }
}
