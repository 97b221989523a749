package lib.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;

/// The differences between the SQL of the two databases. All other SQL is written once and works in both.
///
///     "CREATE TABLE series (id %s, model TEXT NOT NULL)".formatted(dialect.countedKey())
public enum Dialect {
    SQLITE {
        @Override
        public String countedKey() {
            return "INTEGER PRIMARY KEY";
        }

        @Override
        public String bytes() {
            return "BLOB";
        }

        @Override
        public String strict() {
            return " STRICT";
        }

        @Override
        public String inKeyOrder() {
            return " WITHOUT ROWID";
        }

        @Override
        boolean hasTable(Connection sql, String name) throws SQLException {
            return SqlRows.number(sql, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?", name)
                    > 0;
        }

        /// Uses statements, because a COMMIT that fails leaves the driver's own transactions half open.
        @Override
        void begin(Connection sql) throws SQLException {
            SqlRows.execute(sql, "BEGIN IMMEDIATE");
        }

        @Override
        void commit(Connection sql) throws SQLException {
            SqlRows.execute(sql, "COMMIT");
        }

        @Override
        void rollBack(Connection sql) throws SQLException {
            SqlRows.execute(sql, "ROLLBACK");
        }

        /// Does nothing, because a write transaction keeps every other writer out.
        @Override
        public void lock(Connection sql, long key) {}

        /// Returns nothing, because no other process writes during a write transaction.
        @Override
        public String forUpdate() {
            return "";
        }

        @Override
        void beginReading(Connection sql) throws SQLException {
            SqlRows.execute(sql, "BEGIN DEFERRED");
        }

        @Override
        String withGivenKey() {
            return "";
        }

        /// SQLite counts on from the largest key by itself.
        @Override
        void continueCount(Connection sql, String table) {}
    },

    POSTGRESQL {
        @Override
        public String countedKey() {
            return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
        }

        @Override
        public String bytes() {
            return "BYTEA";
        }

        @Override
        public String strict() {
            return "";
        }

        @Override
        public String inKeyOrder() {
            return "";
        }

        @Override
        boolean hasTable(Connection sql, String name) throws SQLException {
            return SqlRows.first(sql, "SELECT to_regclass(?)::text", row -> row.getString(1) != null, name)
                    .orElse(false);
        }

        @Override
        void begin(Connection sql) throws SQLException {
            sql.setAutoCommit(false);
        }

        @Override
        void commit(Connection sql) throws SQLException {
            sql.setAutoCommit(true);
        }

        @Override
        void rollBack(Connection sql) throws SQLException {
            sql.rollback();
            sql.setAutoCommit(true);
        }

        @Override
        public String forUpdate() {
            return " FOR UPDATE";
        }

        @Override
        void beginReading(Connection sql) throws SQLException {
            sql.setAutoCommit(false);
            SqlRows.execute(sql, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }

        @Override
        String withGivenKey() {
            return " OVERRIDING SYSTEM VALUE";
        }

        @Override
        void continueCount(Connection sql, String table) throws SQLException {
            SqlRows.execute(
                    sql,
                    "SELECT setval(pg_get_serial_sequence('%1$s', 'id'), MAX(id)) FROM %1$s HAVING MAX(id) > 0"
                            .formatted(table));
        }

        @Override
        public void lock(Connection sql, long key) throws SQLException {
            SqlRows.execute(sql, "SELECT pg_advisory_xact_lock(%d)".formatted(key));
        }
    };

    /// Returns the type of a key that the database counts up itself.
    public abstract String countedKey();

    /// Returns the type of a column of bytes.
    public abstract String bytes();

    /// Returns the end of the definition of a table whose columns hold only values of their type.
    public abstract String strict();

    /// Returns the end of the definition of a table that is stored in the order of its key.
    public abstract String inKeyOrder();

    abstract boolean hasTable(Connection sql, String name) throws SQLException;

    abstract void begin(Connection sql) throws SQLException;

    abstract void commit(Connection sql) throws SQLException;

    abstract void rollBack(Connection sql) throws SQLException;

    /// Returns the end of a query that keeps other transactions from changing its rows until this one ends.
    public abstract String forUpdate();

    /// Begins a transaction that only reads and sees everything as it was at its first query.
    abstract void beginReading(Connection sql) throws SQLException;

    /// Returns the part of an INSERT that lets it choose a key which the database counts up otherwise.
    abstract String withGivenKey();

    /// Makes the database count the keys `id` of a table on from the largest one.
    abstract void continueCount(Connection sql, String table) throws SQLException;

    /// Waits until no other transaction holds that lock, and holds it until the current transaction ends.
    public abstract void lock(Connection sql, long key) throws SQLException;

    /// Returns the dialect of an open connection.
    public static Dialect of(Connection sql) {
        return sql instanceof SQLiteConnection ? SQLITE : POSTGRESQL;
    }
}
