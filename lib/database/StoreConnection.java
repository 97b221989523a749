package lib.database;

import java.sql.Connection;
import java.sql.SQLException;
import lib.base.UserError;

/// One connection to a store. It opens with its first use, brings the tables up to date then, and opens again
/// after [#close]. For one thread at a time.
///
///     try (var store = new StoreConnection(database, migrations)) {
///         SqlRows.update(store.get(), "DELETE FROM call");
///     }
public final class StoreConnection implements AutoCloseable {
    private final Database database;
    private final Migrations migrations;
    private Connection connection;
    private int version;
    private long dataVersion = -1;

    public StoreConnection(Database database, Migrations migrations) {
        this.database = database;
        this.migrations = migrations;
    }

    /// The open connection.
    ///
    /// @throws UserError where only a newer rpkai can read the tables
    public Connection get() throws SQLException {
        if (connection == null) {
            var fresh = database.connect();
            try {
                version = prepared(fresh);
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

    /// Closes the connection, which may be broken.
    @Override
    public void close() {
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
