package lib.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import lib.base.UserError;

/// One connection to a store. It opens with its first use, brings the tables up to date then, and opens again
/// after [#disconnect], or where it broke while it was idle. For one thread at a time.
///
///     try (var store = new StoreConnection(database, migrations)) {
///         SqlRows.update(store.get(), "DELETE FROM call");
///     }
public final class StoreConnection implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final int VALIDATION_SECONDS = 5;

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

    /// The same, not opened yet, where a statement fails if a server does not answer it for so long.
    public StoreConnection withTimeout(Duration timeout) {
        return new StoreConnection(database, migrations, Optional.of(timeout));
    }

    /// The open connection.
    ///
    /// @throws UserError where only a newer rpkai can read the tables
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
                version = prepared(fresh);
                if (timeout.isPresent() && database.isShared())
                    fresh.setNetworkTimeout(Runnable::run, (int) timeout.get().toMillis());
            } catch (SQLException | RuntimeException e) {
                fresh.close();
                throw e;
            }
            connection = fresh;
        }
        return connection;
    }

    private int prepared(Connection fresh) throws SQLException {
        if (database instanceof SqliteDatabase file && file.access() == SqliteDatabase.Access.READ)
            return migrations.readableVersion(fresh, database);
        migrations.run(fresh, database);
        return migrations.newest();
    }

    /// The version of the tables of the open connection; less than the newest for an older file that is only read.
    public int version() {
        return version;
    }

    public boolean isOpen() {
        return connection != null;
    }

    /// Whether others may have written since the last time this was asked. SQLite knows it; of a shared database
    /// it is assumed.
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
            // What was committed is kept.
        } finally {
            connection = null;
            dataVersion = -1;
        }
    }
}
