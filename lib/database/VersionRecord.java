package lib.database;

import java.sql.Connection;
import java.sql.SQLException;

/// The place where a store keeps the version of its tables.
public interface VersionRecord {
    /// Reads the recorded version; [SchemaVersion#NONE] if there is none.
    SchemaVersion read(Connection sql) throws SQLException;

    /// Records a version in place of the previous one.
    void write(Connection sql, SchemaVersion version) throws SQLException;

    /// Returns a record in a table with one row, `version, oldest`.
    static VersionRecord table(String name) {
        return new VersionRecord() {
            @Override
            public SchemaVersion read(Connection sql) throws SQLException {
                if (!isTable(sql, name)) return SchemaVersion.NONE;
                return SqlRows.first(
                                sql,
                                "SELECT version, oldest FROM " + name,
                                row -> new SchemaVersion(row.getInt(1), row.getInt(2)))
                        .orElse(SchemaVersion.NONE);
            }

            @Override
            public void write(Connection sql, SchemaVersion version) throws SQLException {
                SqlRows.execute(
                        sql,
                        "CREATE TABLE IF NOT EXISTS %s (version INTEGER NOT NULL, oldest INTEGER NOT NULL)"
                                .formatted(name));
                SqlRows.update(sql, "DELETE FROM " + name);
                SqlRows.update(
                        sql,
                        "INSERT INTO %s (version, oldest) VALUES (?, ?)".formatted(name),
                        version.current(),
                        version.oldestReader());
            }
        };
    }

    /// Returns a record with one place in SQLite files and another in PostgreSQL.
    static VersionRecord of(VersionRecord sqlite, VersionRecord postgresql) {
        return new VersionRecord() {
            private VersionRecord in(Connection sql) {
                return Dialect.of(sql) == Dialect.SQLITE ? sqlite : postgresql;
            }

            @Override
            public SchemaVersion read(Connection sql) throws SQLException {
                return in(sql).read(sql);
            }

            @Override
            public void write(Connection sql, SchemaVersion version) throws SQLException {
                in(sql).write(sql, version);
            }
        };
    }

    /// Returns whether there is a table of that name.
    static boolean isTable(Connection sql, String name) throws SQLException {
        return Dialect.of(sql).hasTable(sql, name);
    }
}
