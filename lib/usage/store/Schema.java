package lib.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import lib.UserError;

/// The tables. Who called what with what is said once, in `series`; `call` has the single calls, those of one moment
/// together, for weeks; `hour` and `latency` have their sums by the hour, for years. Times are milliseconds since 1970,
/// durations microseconds, costs microcents.
final class Schema {
    static final List<String> LABELS = List.of("provider", "type", "model", "caller", "agent", "session");
    /// What is counted, alike in `call` and `hour`. A call that has no price costs 0 and is unpriced.
    static final List<String> COUNTS = List.of(
            "failed", "cut", "unpriced", "input", "output", "cached_input", "cache_write_5m", "cache_write_1h", "reasoning",
            "cost_input", "cost_output", "cost_cached_input", "cost_cache_write_5m", "cost_cache_write_1h");
    private static final int VERSION = 2;
    /// Any number will do, as long as it is nobody else's: it keeps two gateways from making the tables at once.
    private static final long LOCK = 0x7270_6b61_6975_7361L;

    private Schema() {}

    /// Makes what is missing.
    static void prepare(Connection sql, Database database) throws SQLException {
        sql.setAutoCommit(false);
        try (var statement = sql.createStatement()) {
            if (database.isShared()) statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
            for (var table : tables(database)) statement.execute(table);
            try (var rows = statement.executeQuery("SELECT version FROM usage_version")) {
                var version = rows.next() ? rows.getInt(1) : 0;
                if (version > VERSION) throw new UserError("the usage store %s was written by a newer rpkai".formatted(database.place()), "run rpkai upgrade");
                if (version == 0) statement.execute("INSERT INTO usage_version VALUES (" + VERSION + ")");
                if (version == 1) statement.execute("ALTER TABLE call ADD COLUMN requests BIGINT NOT NULL DEFAULT 1");
                if (version == 1) statement.execute("UPDATE usage_version SET version = " + VERSION);
            }
            sql.commit();
        } catch (SQLException | RuntimeException e) {
            sql.rollback();
            throw e;
        } finally {
            sql.setAutoCommit(true);
        }
    }

    private static List<String> tables(Database database) {
        var labels = LABELS.stream().map(name -> name + " TEXT NOT NULL").collect(Collectors.joining(", "));
        var counts = COUNTS.stream().map(name -> name + " BIGINT NOT NULL").collect(Collectors.joining(", "));
        return List.of(
                "CREATE TABLE IF NOT EXISTS usage_version (version INTEGER NOT NULL)",
                "CREATE TABLE IF NOT EXISTS series (id %s, %s, UNIQUE (%s))".formatted(database.countedKey(), labels, String.join(", ", LABELS)),
                "CREATE TABLE IF NOT EXISTS call (time BIGINT NOT NULL, series BIGINT NOT NULL, requests BIGINT NOT NULL, %s, status INTEGER NOT NULL, latency BIGINT NOT NULL, first_byte BIGINT)".formatted(counts),
                "CREATE INDEX IF NOT EXISTS call_time ON call (time)",
                "CREATE TABLE IF NOT EXISTS hour (hour BIGINT NOT NULL, series BIGINT NOT NULL, requests BIGINT NOT NULL, %s, PRIMARY KEY (hour, series))%s".formatted(counts, database.inKeyOrder()),
                // What took that long: 0 for the whole call, 1 for the first byte of its answer.
                "CREATE TABLE IF NOT EXISTS latency (hour BIGINT NOT NULL, series BIGINT NOT NULL, what INTEGER NOT NULL, class INTEGER NOT NULL, requests BIGINT NOT NULL, PRIMARY KEY (hour, series, what, class))%s".formatted(database.inKeyOrder()),
                // The last batch of each process that writes, so that one whose commit went unheard is not written again.
                "CREATE TABLE IF NOT EXISTS writer (id TEXT PRIMARY KEY, batch BIGINT NOT NULL, time BIGINT NOT NULL)",
                "CREATE TABLE IF NOT EXISTS budget (target TEXT NOT NULL, period TEXT NOT NULL, microcents BIGINT NOT NULL, warn_percent INTEGER NOT NULL, PRIMARY KEY (target, period))");
    }
}
