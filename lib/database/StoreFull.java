package lib.database;

import java.io.IOException;
import java.sql.SQLException;
import lib.base.UserError;

/// Signals that nothing can be stored because a disk is full or a quota is used up. It passes when there is room
/// again.
///
///     throw new StoreFull(database, e);
public final class StoreFull extends UserError {
    /// SQLite's results for a write that did not fit, in the lowest byte of the code.
    ///
    /// @see <a href="https://sqlite.org/rescode.html">SQLite's result codes</a>
    private static final int IO_ERROR = 10;
    private static final int FULL = 13;
    private static final int IO_ERROR_WRITE = 3;
    private static final int IO_ERROR_FSYNC = 4;
    private static final int IO_ERROR_SHM = 19;

    /// PostgreSQL's state for a full disk.
    ///
    /// @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL's error codes</a>
    private static final String DISK_FULL = "53100";

    public StoreFull(Database database, Exception cause) {
        super(disk(database) + " is full", "free some space on it; no other action is needed", cause);
    }

    /// `the disk of the gateway's state /home/ada/.rpai/gateway/state.db`.
    public static String disk(Database database) {
        return "the disk of " + database.title();
    }

    /// Returns whether a write failed for lack of space.
    public static boolean isCause(SQLException e) {
        if (DISK_FULL.equals(e.getSQLState())) return true;
        // SQLite reports an exhausted quota as a failed write.
        int code = e instanceof org.sqlite.SQLiteException sqlite ? sqlite.getResultCode().code : e.getErrorCode();
        int detail = code >> 8;
        return (code & 0xff) == FULL
                || (code & 0xff) == IO_ERROR
                        && (detail == IO_ERROR_WRITE || detail == IO_ERROR_FSYNC || detail == IO_ERROR_SHM);
    }

    /// Returns whether a file could not be created for lack of space.
    public static boolean isCause(IOException e) {
        return String.valueOf(e.getMessage()).matches("(?is).*(no space left|quota exceeded|not enough space).*");
    }
}
