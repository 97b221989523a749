package lib.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.base.UserError;

/// The tables. Who called what with what is said once, in `series`; `call` has the single calls, those of one
/// moment together, for weeks; `hour` and `latency` have their sums by the hour, for years. Times are
/// milliseconds since 1970, durations microseconds, costs microcents.
///
/// What few calls have is in `detail`, each with the series it belongs to. `detail_hour` has the sums of those
/// calls once more: what `hour` has beyond them had no detail.
///
/// A store says which version it has and which is the oldest that can read and write it, in `usage_schema`. A
/// version that only adds tables, and columns that have a default, leaves the oldest one as it is: whoever goes
/// back to an earlier rpkai keeps the store. `usage_version` is what versions 1 and 2 of the tables looked at,
/// and holds the oldest version for them. Version 3 is the first that has `usage_schema`.
final class UsageSchema {
    static final List<String> LABELS = List.of("provider", "type", "model", "caller", "agent", "session");
    static final List<String> DETAILS = List.of(
            "answered_model",
            "tier",
            "speed",
            "region",
            "target",
            "team",
            "project",
            "branch",
            "tag",
            "key_name",
            "tool");
    private static final List<String> OLD_COUNTS = List.of(
            "failed",
            "cut",
            "unpriced",
            "input",
            "output",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "reasoning",
            "cost_input",
            "cost_output",
            "cost_cached_input",
            "cost_cache_write_5m",
            "cost_cache_write_1h");
    private static final List<String> NEW_COUNTS = List.of("attempts", "unmeasured", "estimated", "assumed_cost");
    /// What is counted, alike in `call`, `hour` and `detail_hour`. A call that has no price costs 0 and is
    /// unpriced.
    static final List<String> COUNTS =
            Stream.concat(OLD_COUNTS.stream(), NEW_COUNTS.stream()).toList();
    static final int VERSION = 3;
    /// The oldest version that can read and write what this one has written.
    private static final int OLDEST = 2;
    /// Any number will do, as long as it is nobody else's: it keeps two gateways from making the tables at once.
    private static final long LOCK = 0x7270_6b61_6975_7361L;

    private UsageSchema() {}

    /// @param current of the tables; 0 where there are none
    /// @param oldest the oldest that can read them
    private record Version(int current, int oldest) {}

    /// Makes what is missing. A SQLite file that had tables is copied first.
    static void prepare(Connection sql, UsageDatabase database) throws SQLException {
        sql.setAutoCommit(false);
        try (var statement = sql.createStatement()) {
            if (database.isShared()) statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
            statement.execute("CREATE TABLE IF NOT EXISTS usage_version (version INTEGER NOT NULL)");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS usage_schema (version INTEGER NOT NULL, oldest INTEGER NOT NULL)");
            var found = version(statement);
            check(found, database);
            if (found.current() > 0 && found.current() < VERSION) database.backUp(VERSION);
            if (found.current() < VERSION) migrate(statement, database, found.current());
            sql.commit();
            if (found.current() < VERSION) database.forgetOlderBackups(VERSION);
        } catch (SQLException | RuntimeException e) {
            sql.rollback();
            throw e;
        } finally {
            sql.setAutoCommit(true);
        }
    }

    /// The version of a SQLite file that is only looked at.
    ///
    /// @throws UserError where it can't be read
    static int version(Connection sql, UsageDatabase database) throws SQLException {
        try (var statement = sql.createStatement()) {
            try (var rows = statement.executeQuery("SELECT COUNT(*) FROM sqlite_master WHERE name = 'usage_schema'")) {
                if (rows.getInt(1) == 0) return number(statement, "SELECT version FROM usage_version");
            }
            var found = version(statement);
            check(found, database);
            return Math.min(found.current(), VERSION);
        }
    }

    private static Version version(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery("SELECT version, oldest FROM usage_schema")) {
            if (rows.next()) return new Version(rows.getInt(1), rows.getInt(2));
        }
        var version = number(statement, "SELECT version FROM usage_version");
        return new Version(version, version);
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    private static void check(Version found, UsageDatabase database) {
        if (found.oldest() > VERSION)
            throw new UserError(
                    "the usage store %s was written by a newer rpkai".formatted(database.place()), "run rpkai upgrade");
    }

    private static void migrate(Statement statement, UsageDatabase database, int from) throws SQLException {
        if (from < 1) for (var change : first(database)) statement.execute(change);
        if (from < 2) statement.execute("ALTER TABLE call ADD COLUMN requests BIGINT NOT NULL DEFAULT 1");
        for (var change : third(database)) statement.execute(change);
        statement.execute("DELETE FROM usage_version");
        statement.execute("INSERT INTO usage_version VALUES (%d)".formatted(OLDEST));
        statement.execute("DELETE FROM usage_schema");
        statement.execute("INSERT INTO usage_schema VALUES (%d, %d)".formatted(VERSION, OLDEST));
    }

    /// The tables of version 1.
    private static List<String> first(UsageDatabase database) {
        var labels = columns(LABELS, " TEXT NOT NULL");
        var counts = columns(OLD_COUNTS, " BIGINT NOT NULL");
        return List.of(
                "CREATE TABLE series (id %s, %s, UNIQUE (%s))"
                        .formatted(database.countedKey(), labels, String.join(", ", LABELS)),
                ("CREATE TABLE call (time BIGINT NOT NULL, series BIGINT NOT NULL, %s, status INTEGER NOT "
                                + "NULL, latency BIGINT NOT NULL, first_byte BIGINT)")
                        .formatted(counts),
                "CREATE INDEX call_time ON call (time)",
                ("CREATE TABLE hour (hour BIGINT NOT NULL, series BIGINT NOT NULL, requests BIGINT NOT "
                                + "NULL, %s, PRIMARY KEY (hour, series))%s")
                        .formatted(counts, database.inKeyOrder()),
                // What took that long: 0 for the whole call, 1 for the first byte of its answer.
                ("CREATE TABLE latency (hour BIGINT NOT NULL, series BIGINT NOT NULL, what INTEGER NOT "
                                + "NULL, class INTEGER NOT NULL, requests BIGINT NOT NULL, PRIMARY KEY "
                                + "(hour, series, what,"
                                + " class))%s")
                        .formatted(database.inKeyOrder()),
                // The last batch of each process that writes, so that one whose commit went unheard is not
                // written again.
                "CREATE TABLE writer (id TEXT PRIMARY KEY, batch BIGINT NOT NULL, time BIGINT NOT NULL)",
                "CREATE TABLE budget (target TEXT NOT NULL, period TEXT NOT NULL, microcents BIGINT NOT "
                        + "NULL, warn_percent INTEGER NOT NULL, PRIMARY KEY (target, period))");
    }

    /// What version 3 adds.
    private static List<String> third(UsageDatabase database) {
        var changes = new ArrayList<String>();
        for (var table : List.of("call", "hour")) {
            for (var count : NEW_COUNTS)
                changes.add("ALTER TABLE %s ADD COLUMN %s BIGINT NOT NULL DEFAULT 0".formatted(table, count));
        }
        // 0 for none.
        changes.add("ALTER TABLE call ADD COLUMN detail BIGINT NOT NULL DEFAULT 0");
        changes.add("ALTER TABLE budget ADD COLUMN unpriced TEXT NOT NULL DEFAULT 'allow'");
        changes.add("CREATE TABLE detail (id %s, series BIGINT NOT NULL, %s, UNIQUE (series, %s))"
                .formatted(database.countedKey(), columns(DETAILS, " TEXT NOT NULL"), String.join(", ", DETAILS)));
        changes.add(("CREATE TABLE detail_hour (hour BIGINT NOT NULL, detail BIGINT NOT NULL, requests BIGINT "
                        + "NOT NULL, %s, PRIMARY KEY (hour, detail))%s")
                .formatted(columns(COUNTS, " BIGINT NOT NULL"), database.inKeyOrder()));
        changes.add(("CREATE TABLE free_text (label TEXT NOT NULL, value TEXT NOT NULL, day BIGINT NOT NULL, "
                        + "PRIMARY KEY (label, value))%s")
                .formatted(database.inKeyOrder()));
        changes.add("CREATE INDEX free_text_day ON free_text (label, day)");
        for (var label : List.of("model", "agent"))
            changes.add("INSERT INTO free_text SELECT DISTINCT '%s', %1$s, 0 FROM series WHERE %1$s <> ''"
                    .formatted(label));
        return changes;
    }

    private static String columns(List<String> names, String type) {
        return names.stream().map(name -> name + type).collect(Collectors.joining(", "));
    }

    /// The counts as a query names them: of a file that has not all of them, 0 for those that it lacks.
    ///
    /// @param version what the file has
    static String counts(int version) {
        return version >= 3
                ? String.join(", ", COUNTS)
                : String.join(", ", OLD_COUNTS) + ", "
                        + NEW_COUNTS.stream().map(name -> "0 AS " + name).collect(Collectors.joining(", "));
    }

    /// The number of calls that a row of `call` stands for.
    static String requests(int version) {
        return version >= 2 ? "requests" : "1 AS requests";
    }
}
