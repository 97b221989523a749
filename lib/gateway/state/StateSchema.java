package lib.gateway.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import lib.database.Dialect;
import lib.database.Migration;
import lib.database.Migrations;
import lib.database.SchemaVersion;
import lib.database.SqlRows;
import lib.database.VersionRecord;

/// The tables of a gateway's state.
///
/// `fact` holds single values. `provider` and `mcp_server` hold definitions as JSON, `secret` sealed secrets,
/// `account` the users and clients of the gateway's own issuer, and `signin` the devices on which they are signed
/// in. Times are ISO 8601 in UTC. `device_grant` holds the devices that wait for an approval, and
/// `refresh_rotation` what a refresh token was replaced by a moment ago; their times and intervals are
/// milliseconds, in UTC since 1970.
///
/// rpkai 0.1.0 writes rows without naming columns, so that none of the tables of version 3 may get another column
/// while version 3 is the oldest reader.
final class StateSchema {
    static final Migrations MIGRATIONS = new Migrations(
            0x7270_6b61_6973_7461L,
            VersionRecord.of(new InFacts(), VersionRecord.table("state_schema")),
            List.of(
                    new Migration(1, 1, StateSchema::first),
                    new Migration(2, 2, StateSchema::second),
                    new Migration(3, 3, StateSchema::third),
                    // From this version on, the version itself is recorded.
                    new Migration(4, 3, _ -> List.of()),
                    new Migration(5, 3, StateSchema::fifth),
                    new Migration(6, 3, _ -> List.of("CREATE INDEX device_grant_until ON device_grant (until)"))));

    private StateSchema() {}

    private static List<String> first(Dialect dialect) {
        return List.of(
                "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL)" + dialect.strict(),
                definitions("provider", dialect),
                "CREATE TABLE secret (name TEXT PRIMARY KEY, sealed %s NOT NULL, updated TEXT NOT NULL)%s"
                        .formatted(dialect.bytes(), dialect.strict()));
    }

    private static List<String> second(Dialect dialect) {
        return List.of(
                ("CREATE TABLE account (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT "
                                + "NULL, secret TEXT NOT NULL, created TEXT NOT NULL, UNIQUE (kind, name))")
                        + dialect.strict(),
                ("CREATE TABLE signin (id TEXT PRIMARY KEY, account TEXT NOT NULL, client TEXT NOT NULL, family "
                                + "TEXT NOT NULL UNIQUE, secret TEXT NOT NULL, ended INTEGER NOT NULL, until TEXT NOT "
                                + "NULL)")
                        + dialect.strict());
    }

    private static List<String> third(Dialect dialect) {
        return List.of(definitions("mcp_server", dialect));
    }

    private static List<String> fifth(Dialect dialect) {
        return List.of(
                ("CREATE TABLE device_grant (id %s, code TEXT NOT NULL UNIQUE, user_code TEXT NOT NULL UNIQUE, client "
                                + "TEXT NOT NULL, sender TEXT NOT NULL, until BIGINT NOT NULL, poll_interval BIGINT "
                                + "NOT NULL, polled BIGINT NOT NULL, decision TEXT NOT NULL, account TEXT NOT NULL)")
                        .formatted(dialect.countedKey()),
                "CREATE INDEX device_grant_sender ON device_grant (sender, id)",
                ("CREATE TABLE refresh_rotation (signin TEXT PRIMARY KEY, previous TEXT NOT NULL, rotated BIGINT NOT "
                                + "NULL, sealed %s NOT NULL)")
                        .formatted(dialect.bytes()));
    }

    private static String definitions(String table, Dialect dialect) {
        return ("CREATE TABLE %s (name TEXT PRIMARY KEY, definition TEXT NOT NULL, created TEXT NOT NULL, "
                        + "updated TEXT NOT NULL)%s")
                .formatted(table, dialect.strict());
    }

    /// Where SQLite files of every version have it: `user_version` is the oldest version that can read and write
    /// the file, which is what versions 1 to 3 look at. The version itself is a fact.
    private static final class InFacts implements VersionRecord {
        private static final String CURRENT = "schema";

        @Override
        public SchemaVersion read(Connection sql) throws SQLException {
            var oldest = (int) SqlRows.number(sql, "PRAGMA user_version");
            if (oldest < 1) return SchemaVersion.NONE;
            var current = (int) SqlRows.number(sql, "SELECT CAST(value AS INTEGER) FROM fact WHERE name = ?", CURRENT);
            return new SchemaVersion(Math.max(oldest, current), oldest);
        }

        @Override
        public void write(Connection sql, SchemaVersion version) throws SQLException {
            Facts.set(sql, CURRENT, Integer.toString(version.current()));
            SqlRows.execute(sql, "PRAGMA user_version = " + version.oldestReader());
        }
    }
}
