package tests.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import lib.database.Database;

/// Repeats what rpkai 0.1.0 does with a usage store, statement for statement: how it opens one, writes a call,
/// sets a
/// budget, forgets, and sums up. The statements are those of its release, so that a store is proven to stay
/// usable for it.
final class FirstRelease {
    private static final String LABELS = "provider, type, model, caller, agent, session";
    private static final String COUNTS =
            "failed, cut, unpriced, input, output, cached_input, cache_write_5m, cache_write_1h, "
                    + "reasoning, cost_input, cost_output, cost_cached_input, cost_cache_write_5m, "
                    + "cost_cache_write_1h";
    private static final int VERSION = 2;

    private FirstRelease() {}

    /// Opens a store, and creates its tables if there are none.
    static void open(Connection sql, Database database) throws SQLException {
        sql.setAutoCommit(false);
        try (var statement = sql.createStatement()) {
            tables(statement, database, "requests BIGINT NOT NULL, ");
            int version;
            try (var rows = statement.executeQuery("SELECT version FROM usage_version")) {
                version = rows.next() ? rows.getInt(1) : 0;
            }
            if (version > VERSION) throw new IllegalStateException("the usage store was written by a newer rpkai");
            if (version == 0) statement.execute("INSERT INTO usage_version VALUES (" + VERSION + ")");
            if (version == 1) statement.execute("ALTER TABLE call ADD COLUMN requests BIGINT NOT NULL DEFAULT 1");
            if (version == 1) statement.execute("UPDATE usage_version SET version = " + VERSION);
            sql.commit();
        } finally {
            sql.setAutoCommit(true);
        }
    }

    /// Makes a store as the first version of the tables was.
    static void makeVersionOne(Connection sql, Database database) throws SQLException {
        try (var statement = sql.createStatement()) {
            tables(statement, database, "");
            statement.execute("INSERT INTO usage_version VALUES (1)");
        }
    }

    private static void tables(Statement statement, Database database, String requests) throws SQLException {
        var labels = LABELS.replace(",", " TEXT NOT NULL,") + " TEXT NOT NULL";
        var counts = COUNTS.replace(",", " BIGINT NOT NULL,") + " BIGINT NOT NULL";
        for (var table : new String[] {
            "CREATE TABLE IF NOT EXISTS usage_version (version INTEGER NOT NULL)",
            "CREATE TABLE IF NOT EXISTS series (id %s, %s, UNIQUE (%s))"
                    .formatted(database.dialect().countedKey(), labels, LABELS),
            ("CREATE TABLE IF NOT EXISTS call (time BIGINT NOT NULL, series BIGINT NOT NULL, %s%s, status "
                            + "INTEGER NOT NULL, latency BIGINT NOT NULL, first_byte BIGINT)")
                    .formatted(requests, counts),
            "CREATE INDEX IF NOT EXISTS call_time ON call (time)",
            ("CREATE TABLE IF NOT EXISTS hour (hour BIGINT NOT NULL, series BIGINT NOT NULL, requests "
                            + "BIGINT NOT NULL, %s, PRIMARY KEY (hour, series))%s")
                    .formatted(counts, database.dialect().inKeyOrder()),
            ("CREATE TABLE IF NOT EXISTS latency (hour BIGINT NOT NULL, series BIGINT NOT NULL, what "
                            + "INTEGER NOT NULL, class INTEGER NOT NULL, requests BIGINT NOT NULL, PRIMARY KEY (hour, "
                            + "series, what, class))%s")
                    .formatted(database.dialect().inKeyOrder()),
            "CREATE TABLE IF NOT EXISTS writer (id TEXT PRIMARY KEY, batch BIGINT NOT NULL, time BIGINT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS budget (target TEXT NOT NULL, period TEXT NOT NULL, microcents "
                    + "BIGINT NOT NULL, warn_percent INTEGER NOT NULL, PRIMARY KEY (target, period))"
        }) {
            statement.execute(table);
        }
    }

    /// Writes a call of `model` at that time that had 10 tokens of input and cost 40 microcents.
    static void write(Connection sql, long time, String model) throws SQLException {
        writeOnly(sql, time, model, "time, series, requests, ", "?, ?, 1, ");
    }

    /// The same by the first version of the tables, which had no number of requests.
    static void writeAsVersionOne(Connection sql, long time, String model) throws SQLException {
        writeOnly(sql, time, model, "time, series, ", "?, ?, ");
    }

    private static void writeOnly(Connection sql, long time, String model, String columns, String values)
            throws SQLException {
        try (var mark = sql.prepareStatement(
                "INSERT INTO writer (id, batch, time) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                        + "batch = excluded.batch, time = excluded.time WHERE writer.batch < excluded.batch")) {
            mark.setString(1, "0.1.0-" + time);
            mark.setLong(2, 1);
            mark.setLong(3, time);
            mark.executeUpdate();
        }
        var labels = new String[] {"anthropic", "anthropic", model, "ada", "claude-code", "s"};
        try (var add = sql.prepareStatement(
                "INSERT INTO series (%s) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING".formatted(LABELS))) {
            for (int i = 0; i < labels.length; i++) add.setString(i + 1, labels[i]);
            add.executeUpdate();
        }
        long series;
        try (var find =
                sql.prepareStatement("SELECT id FROM series WHERE " + LABELS.replace(",", " = ? AND") + " = ?")) {
            for (int i = 0; i < labels.length; i++) find.setString(i + 1, labels[i]);
            try (var rows = find.executeQuery()) {
                rows.next();
                series = rows.getLong(1);
            }
        }
        var counts = "0, 0, 0, 10, 0, 0, 0, 0, 0, 40, 0, 0, 0, 0";
        try (var insert = sql.prepareStatement(
                "INSERT INTO call (%s%s, status, latency, first_byte) VALUES (%s%s, 200, 900000, 300000)"
                        .formatted(columns, COUNTS, values, counts))) {
            insert.setLong(1, time);
            insert.setLong(2, series);
            insert.executeUpdate();
        }
        var sums = COUNTS.replaceAll("(\\w+)", "$1 = hour.$1 + excluded.$1");
        try (var add = sql.prepareStatement(
                ("INSERT INTO hour (hour, series, requests, %s) VALUES (?, ?, 1, %s) ON CONFLICT (hour, "
                                + "series) DO UPDATE SET requests = hour.requests + excluded.requests, %s")
                        .formatted(COUNTS, counts, sums))) {
            add.setLong(1, Math.floorDiv(time, 3_600_000) * 3_600_000);
            add.setLong(2, series);
            add.executeUpdate();
        }
        try (var add = sql.prepareStatement(
                "INSERT INTO latency (hour, series, what, class, requests) VALUES (?, ?, 0, 3, 1) ON "
                        + "CONFLICT (hour, series, what, class) DO UPDATE SET requests = latency.requests + "
                        + "excluded.requests")) {
            add.setLong(1, Math.floorDiv(time, 3_600_000) * 3_600_000);
            add.setLong(2, series);
            add.executeUpdate();
        }
    }

    static void setBudget(Connection sql, String target, long microcents) throws SQLException {
        try (var set = sql.prepareStatement(
                "INSERT INTO budget (target, period, microcents, warn_percent) VALUES (?, 'daily', ?, "
                        + "80) ON CONFLICT (target, period) DO UPDATE SET microcents = excluded.microcents, "
                        + "warn_percent = excluded.warn_percent")) {
            set.setString(1, target);
            set.setLong(2, microcents);
            set.executeUpdate();
        }
    }

    /// Forgets everything from before that time.
    static void forget(Connection sql, long before) throws SQLException {
        try (var statement = sql.createStatement()) {
            for (var delete : new String[] {
                "DELETE FROM call WHERE time < ",
                "DELETE FROM latency WHERE hour < ",
                "DELETE FROM hour WHERE hour < ",
                "DELETE FROM writer WHERE time < "
            }) {
                statement.executeUpdate(delete + before);
            }
            statement.executeUpdate("DELETE FROM series WHERE id NOT IN (SELECT series FROM hour)");
        }
    }

    /// `requests input microcents unpriced` of a model, by the hours and by the single calls.
    static String sums(Connection sql, String model) throws SQLException {
        return sums(sql, model, "hour AS time", "hour") + ", " + sums(sql, model, "time", "call");
    }

    private static String sums(Connection sql, String model, String time, String table) throws SQLException {
        var text = ("SELECT SUM(part.requests), SUM(part.input), SUM(part.cost_input + part.cost_output), "
                        + "SUM(part.unpriced) FROM (SELECT %s, series, requests, %s FROM %s) part JOIN series ON "
                        + "series.id = part.series WHERE series.model = ?")
                .formatted(time, COUNTS, table);
        try (var query = sql.prepareStatement(text)) {
            query.setString(1, model);
            try (var rows = query.executeQuery()) {
                rows.next();
                return "%d %d %d %d".formatted(rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getLong(4));
            }
        }
    }
}
