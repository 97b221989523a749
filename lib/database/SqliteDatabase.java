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

/// A SQLite file of this machine (0600, in a folder of mode 0700). Several processes may use it at a time. What is
/// committed is on the disk: neither a killed process nor a lost power supply undoes it.
///
/// @param file the database; its folder is created where there is none
/// @see <a href="https://sqlite.org/pragma.html#pragma_synchronous">What `synchronous` promises in WAL mode</a>
public record SqliteDatabase(Path file, StoreLabel label, Access access) implements Database {
    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration BUSY_PAUSE = Duration.ofMillis(10);

    /// What a process does with the file.
    public enum Access {
        /// It reads a file that exists, and changes nothing.
        READ,
        /// It reads and writes.
        WRITE
    }

    /// The same file for one that only reads.
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
                // SQLite doesn't wait where two processes turn the write-ahead log of a new file on at once.
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
            // A file that someone else made may hold expressions that call functions.
            SqlRows.execute(connection, "PRAGMA trusted_schema = OFF");
            if (access == Access.WRITE) {
                // On macOS nothing less reaches the disk.
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

    /// Before SQLite does: its journals take over the mode of the file.
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
