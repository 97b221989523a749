package lib.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.database.Dialect;
import lib.database.Migration;
import lib.database.Migrations;
import lib.database.SchemaVersion;
import lib.database.SqlRows;
import lib.database.VersionRecord;

/// The tables of usage. `series` holds the texts of calls, each combination once. `call` holds the single calls
/// for weeks, those of one moment together. `hour` and `latency` hold sums by the hour for years. Times are
/// milliseconds since 1970, durations microseconds, costs microcents.
///
/// `detail` holds the facts that few calls have, each with its series. `detail_hour` holds the sums of these
/// calls again: the rest of `hour` had no detail.
///
/// `usage_schema` holds the version of the tables and the oldest version that can read and write them. A version
/// that only adds tables, and columns with a default, keeps the oldest version, so that an earlier rpkai can use
/// the store again. Versions 1 and 2 read `usage_version`, which holds the oldest version for them. Version 3
/// introduced `usage_schema`.
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
    /// The counts in `call`, `hour` and `detail_hour`. A call without a price costs 0 and counts as unpriced.
    static final List<String> COUNTS =
            Stream.concat(OLD_COUNTS.stream(), NEW_COUNTS.stream()).toList();
    /// Version 3 has it too, but creates it with the first name of a budget.
    private static final String BUDGET_NAMES = "CREATE TABLE IF NOT EXISTS budget_name (name TEXT PRIMARY KEY, "
            + "target TEXT NOT NULL, period TEXT NOT NULL, UNIQUE (target, period))";

    static final Migrations MIGRATIONS = new Migrations(
            // The lock of 0.1.0 has the same number.
            0x7270_6b61_6975_7361L,
            new InTwoTables(),
            List.of(
                    new Migration(1, 1, UsageSchema::first),
                    new Migration(2, 2, _ -> List.of("ALTER TABLE call ADD COLUMN requests BIGINT NOT NULL DEFAULT 1")),
                    new Migration(3, 2, UsageSchema::third),
                    new Migration(4, 2, _ -> List.of(BUDGET_NAMES))));

    private UsageSchema() {}

    /// Keeps the version in `usage_schema`, and in `usage_version` for versions that read only that.
    private static final class InTwoTables implements VersionRecord {
        private final VersionRecord own = VersionRecord.table("usage_schema");

        @Override
        public SchemaVersion read(Connection sql) throws SQLException {
            var found = own.read(sql);
            if (!found.equals(SchemaVersion.NONE) || !VersionRecord.isTable(sql, "usage_version")) return found;
            var version = (int) SqlRows.number(sql, "SELECT version FROM usage_version");
            return new SchemaVersion(version, version);
        }

        @Override
        public void write(Connection sql, SchemaVersion version) throws SQLException {
            own.write(sql, version);
            SqlRows.execute(sql, "CREATE TABLE IF NOT EXISTS usage_version (version INTEGER NOT NULL)");
            SqlRows.update(sql, "DELETE FROM usage_version");
            SqlRows.update(sql, "INSERT INTO usage_version (version) VALUES (?)", version.oldestReader());
        }
    }

    /// Returns the statements of version 1.
    private static List<String> first(Dialect dialect) {
        var labels = columns(LABELS, " TEXT NOT NULL");
        var counts = columns(OLD_COUNTS, " BIGINT NOT NULL");
        return List.of(
                "CREATE TABLE series (id %s, %s, UNIQUE (%s))"
                        .formatted(dialect.countedKey(), labels, String.join(", ", LABELS)),
                ("CREATE TABLE call (time BIGINT NOT NULL, series BIGINT NOT NULL, %s, status INTEGER NOT "
                                + "NULL, latency BIGINT NOT NULL, first_byte BIGINT)")
                        .formatted(counts),
                "CREATE INDEX call_time ON call (time)",
                ("CREATE TABLE hour (hour BIGINT NOT NULL, series BIGINT NOT NULL, requests BIGINT NOT "
                                + "NULL, %s, PRIMARY KEY (hour, series))%s")
                        .formatted(counts, dialect.inKeyOrder()),
                // `what` is 0 for the whole call and 1 for the first byte of its answer.
                ("CREATE TABLE latency (hour BIGINT NOT NULL, series BIGINT NOT NULL, what INTEGER NOT "
                                + "NULL, class INTEGER NOT NULL, requests BIGINT NOT NULL, PRIMARY KEY "
                                + "(hour, series, what,"
                                + " class))%s")
                        .formatted(dialect.inKeyOrder()),
                // The last batch of each writer, so that a batch is not written again after a commit whose outcome is
                // unknown.
                "CREATE TABLE writer (id TEXT PRIMARY KEY, batch BIGINT NOT NULL, time BIGINT NOT NULL)",
                "CREATE TABLE budget (target TEXT NOT NULL, period TEXT NOT NULL, microcents BIGINT NOT "
                        + "NULL, warn_percent INTEGER NOT NULL, PRIMARY KEY (target, period))");
    }

    /// Returns the statements of version 3.
    private static List<String> third(Dialect dialect) {
        var changes = new ArrayList<String>();
        for (var table : List.of("call", "hour")) {
            for (var count : NEW_COUNTS)
                changes.add("ALTER TABLE %s ADD COLUMN %s BIGINT NOT NULL DEFAULT 0".formatted(table, count));
        }
        // 0 stands for no detail.
        changes.add("ALTER TABLE call ADD COLUMN detail BIGINT NOT NULL DEFAULT 0");
        changes.add("ALTER TABLE budget ADD COLUMN unpriced TEXT NOT NULL DEFAULT 'allow'");
        changes.add("CREATE TABLE detail (id %s, series BIGINT NOT NULL, %s, UNIQUE (series, %s))"
                .formatted(dialect.countedKey(), columns(DETAILS, " TEXT NOT NULL"), String.join(", ", DETAILS)));
        changes.add(("CREATE TABLE detail_hour (hour BIGINT NOT NULL, detail BIGINT NOT NULL, requests BIGINT "
                        + "NOT NULL, %s, PRIMARY KEY (hour, detail))%s")
                .formatted(columns(COUNTS, " BIGINT NOT NULL"), dialect.inKeyOrder()));
        changes.add(("CREATE TABLE free_text (label TEXT NOT NULL, value TEXT NOT NULL, day BIGINT NOT NULL, "
                        + "PRIMARY KEY (label, value))%s")
                .formatted(dialect.inKeyOrder()));
        changes.add("CREATE INDEX free_text_day ON free_text (label, day)");
        for (var label : List.of("model", "agent"))
            changes.add("INSERT INTO free_text SELECT DISTINCT '%s', %1$s, 0 FROM series WHERE %1$s <> ''"
                    .formatted(label));
        return changes;
    }

    private static String columns(List<String> names, String type) {
        return names.stream().map(name -> name + type).collect(Collectors.joining(", "));
    }

    /// Returns the counts for a query, with 0 for those that an older file does not have.
    ///
    /// @param version the version of the file
    static String counts(int version) {
        return version >= 3
                ? String.join(", ", COUNTS)
                : String.join(", ", OLD_COUNTS) + ", "
                        + NEW_COUNTS.stream().map(name -> "0 AS " + name).collect(Collectors.joining(", "));
    }

    /// Returns the column with the number of calls that a row of `call` stands for.
    static String requests(int version) {
        return version >= 2 ? "requests" : "1 AS requests";
    }
}
