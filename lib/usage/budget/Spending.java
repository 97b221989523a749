package lib.usage.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.usage.Call;

/// What was spent in the periods that are running: what the database knows, and what is on its way there. Not for several
/// threads.
final class Spending {
    /// The one under which everybody's is counted.
    static final String ALL = "";
    private static final String COST = "SUM(cost_input + cost_output + cost_cached_input + cost_cache_write_5m + cost_cache_write_1h)";

    /// Whose, and since when.
    record Account(Period period, Instant begin, String whose) {}

    private Map<Account, Long> written = new HashMap<>();
    private final Map<Account, Long> onTheirWay = new HashMap<>();

    static String user(String name) {
        return "user:" + name;
    }

    static String agent(String name) {
        return "agent:" + name;
    }

    /// What was spent in the period that runs at `now`.
    long spent(Period period, String whose, Instant now) {
        var account = new Account(period, period.begin(now), whose);
        return written.getOrDefault(account, 0L) + onTheirWay.getOrDefault(account, 0L);
    }

    void accepted(Call call, long cost) {
        add(onTheirWay, call, cost);
    }

    void written(Call call, long cost) {
        add(onTheirWay, call, -cost);
        add(written, call, cost);
    }

    private static void add(Map<Account, Long> accounts, Call call, long cost) {
        if (cost == 0) return;
        for (var period : Period.values()) {
            for (var whose : List.of(ALL, user(call.caller()), agent(call.agent()))) {
                // An account that is even again needs no room.
                accounts.merge(new Account(period, period.begin(call.time()), whose), cost, (before, more) -> before + more == 0 ? null : Long.valueOf(before + more));
            }
        }
    }

    /// Takes what was [#read] for what is written.
    void replace(Map<Account, Long> read) {
        written = read;
    }

    /// What the database has by now, of every process that writes to it.
    static Map<Account, Long> read(Connection sql, Instant now) throws SQLException {
        var read = new HashMap<Account, Long>();
        for (var period : Period.values()) {
            var begin = period.begin(now);
            try (var query = sql.prepareStatement("SELECT series.caller, series.agent, %s FROM hour JOIN series ON series.id = hour.series WHERE hour.hour >= ? GROUP BY series.caller, series.agent".formatted(COST))) {
                query.setLong(1, begin.toEpochMilli());
                try (var rows = query.executeQuery()) {
                    while (rows.next()) {
                        for (var whose : List.of(ALL, user(rows.getString(1)), agent(rows.getString(2)))) read.merge(new Account(period, begin, whose), rows.getLong(3), Long::sum);
                    }
                }
            }
        }
        return read;
    }
}
