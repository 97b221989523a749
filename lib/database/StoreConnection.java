package lib.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import lib.base.UserError;

/// One connection to a store, for one thread at a time. Its first use opens it and brings the tables up to date.
/// It opens again after [#disconnect], and if it broke while it was idle.
///
///     try (var store = new StoreConnection(database, migrations)) {
///         SqlRows.update(store.get(), "DELETE FROM call");
///     }
public final class StoreConnection implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final int VALIDATION_SECONDS = 5;
    /// A change of a large table takes longer than a statement.
    private static final Duration MIGRATION = Duration.ofMinutes(5);

    private final Database database;
    private final Migrations migrations;
    private final Optional<Duration> timeout;
    private Connection connection;
    private long lastUse;
    private int version;
    private long dataVersion = -1;

    public StoreConnection(Database database, Migrations migrations) {
        this(database, migrations, Optional.empty());
    }

    private StoreConnection(Database database, Migrations migrations, Optional<Duration> timeout) {
        this.database = database;
        this.migrations = migrations;
        this.timeout = timeout;
    }

    /// Returns the same connection, not opened yet, on which a statement fails if a server does not answer it
    /// within `timeout`.
    public StoreConnection withTimeout(Duration timeout) {
        return new StoreConnection(database, migrations, Optional.of(timeout));
    }

    /// Returns the open connection.
    ///
    /// @throws UserError if only a newer rpkai can read the tables
    public Connection get() throws SQLException {
        var now = System.nanoTime();
        if (connection != null
                && database.isShared()
                && now - lastUse > IDLE.toNanos()
                && !connection.isValid(VALIDATION_SECONDS)) disconnect();
        lastUse = now;
        if (connection == null) {
            var fresh = database.connect();
            try {
                limit(fresh, timeout.map(_ -> MIGRATION));
                version = prepared(fresh);
                limit(fresh, timeout);
            } catch (SQLException | RuntimeException e) {
                fresh.close();
                throw e;
            }
            connection = fresh;
        }
        return connection;
    }

    private void limit(Connection fresh, Optional<Duration> time) throws SQLException {
        if (time.isEmpty() || !database.isShared()) return;
        var millis = time.get().toMillis();
        fresh.setNetworkTimeout(Runnable::run, (int) millis);
        // The server gives up before this process does. Otherwise it would go on waiting for a lock, and keep those
        // of a transaction whose process is gone.
        for (var setting : List.of("statement_timeout", "lock_timeout"))
            SqlRows.execute(fresh, "SET %s = %d".formatted(setting, millis * 4 / 5));
        SqlRows.execute(fresh, "SET idle_in_transaction_session_timeout = %d".formatted(millis * 2));
    }

    private int prepared(Connection fresh) throws SQLException {
        if (database instanceof SqliteDatabase file && file.access() == SqliteDatabase.Access.READ)
            return migrations.readableVersion(fresh, database);
        migrations.run(fresh, database);
        return migrations.newest();
    }

    /// Returns the version of the tables of the open connection; lower than the newest for an older file that is
    /// only read.
    public int version() {
        return version;
    }

    public boolean isOpen() {
        return connection != null;
    }

    /// Returns whether others may have written since the last call. SQLite knows; for a shared database the
    /// answer is always yes.
    public boolean haveOthersWritten() throws SQLException {
        if (database.isShared()) return true;
        var before = dataVersion;
        dataVersion = SqlRows.number(get(), "PRAGMA data_version");
        return dataVersion != before;
    }

    @Override
    public void close() {
        disconnect();
    }

    /// Closes the connection, which may be broken. The next use opens another one.
    public void disconnect() {
        try {
            if (connection != null) connection.close();
        } catch (SQLException e) {
            // Committed changes are kept.
        } finally {
            connection = null;
            dataVersion = -1;
        }
    }
}
