package lib.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import lib.base.PrivateFile;
import lib.base.UserError;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// A SQLite file on this machine (0600, in a folder of mode 0700). Several processes may use it at the same time.
/// Committed changes are on the disk: neither a killed process nor a power failure undoes them.
///
/// @param file the database; a missing folder is created
/// @see <a href="https://sqlite.org/pragma.html#pragma_synchronous">What `synchronous` promises in WAL mode</a>
public record SqliteDatabase(Path file, StoreLabel label, Access access) implements Database {
    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration BUSY_PAUSE = Duration.ofMillis(10);

    /// The access of a process to the file.
    public enum Access {
        /// Reads an existing file and changes nothing.
        READ,
        /// Reads and writes.
        WRITE
    }

    /// Returns the same file, for reading only.
    public SqliteDatabase readOnly() {
        return new SqliteDatabase(file, label, Access.READ);
    }

    @Override
    public Connection connect() throws SQLException {
        if (access == Access.WRITE) createFile();
        var deadline = System.nanoTime() + BUSY_TIMEOUT.toNanos();
        while (true) {
            try {
                return open();
            } catch (SQLException e) {
                // SQLite does not wait if two processes turn on the write-ahead log of a new file at the same time.
                if (!isBusy(e) || System.nanoTime() > deadline) throw e;
                pause(e);
            }
        }
    }

    private Connection open() throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
        if (access == Access.READ) {
            config.setReadOnly(true);
        } else {
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        }
        var connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try {
            // A file that another user made may hold expressions that call functions.
            SqlRows.execute(connection, "PRAGMA trusted_schema = OFF");
            if (access == Access.WRITE) {
                // On macOS a weaker sync does not reach the disk.
                SqlRows.execute(connection, "PRAGMA fullfsync = ON");
                SqlRows.execute(connection, "PRAGMA secure_delete = ON");
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean isBusy(SQLException e) {
        return e instanceof SQLiteException sqlite
                && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    private static void pause(SQLException why) throws SQLException {
        try {
            Thread.sleep(BUSY_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    /// Creates the file before SQLite does, because its journals take over the mode of the file.
    private void createFile() {
        try {
            PrivateFile.createFolder(file.toAbsolutePath().getParent());
            PrivateFile.createEmpty(file);
        } catch (IOException e) {
            if (StoreFull.isCause(e)) throw new StoreFull(this, e);
            throw new UserError(
                    "cannot store %s in %s (%s)".formatted(label.name(), file, e.getMessage()),
                    "check the folder's owner and mode, or choose another place with " + label.option(),
                    e);
        }
    }

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public void backUp(int version) throws SQLException {
        SqliteBackup.copy(file, version);
    }

    @Override
    public void deleteOlderBackups(int version) {
        SqliteBackup.deleteOlder(file, version);
    }

    @Override
    public boolean isShared() {
        return false;
    }
}
