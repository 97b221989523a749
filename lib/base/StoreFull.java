package lib.base;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/// That nothing can be kept since a disk is full, or a quota used up. It passes when there is room again.
///
///     throw new StoreFull(Path.of("state.db"), e);
public final class StoreFull extends UserError {
    /// SQLite's results for a write that did not fit, in their lowest byte.
    ///
    /// @see <a href="https://sqlite.org/rescode.html">SQLite's result codes</a>
    private static final int IO_ERROR = 10;
    private static final int FULL = 13;
    private static final int IO_ERROR_WRITE = 3;
    private static final int IO_ERROR_FSYNC = 4;
    private static final int IO_ERROR_SHM = 19;

    public StoreFull(Path file, Exception cause) {
        super(disk(file) + " is full", "make room on it; nothing else is to be done", cause);
    }

    /// `the disk of the gateway's state /home/ada/.rpai/gateway/state.db`.
    public static String disk(Path file) {
        return "the disk of the gateway's state " + file;
    }

    /// Whether that is what a write failed of.
    public static boolean isIt(SQLException e) {
        // A quota shows as a failed write.
        int code = e instanceof org.sqlite.SQLiteException sqlite ? sqlite.getResultCode().code : e.getErrorCode();
        int detail = code >> 8;
        return (code & 0xff) == FULL
                || (code & 0xff) == IO_ERROR
                        && (detail == IO_ERROR_WRITE || detail == IO_ERROR_FSYNC || detail == IO_ERROR_SHM);
    }

    public static boolean isIt(IOException e) {
        return String.valueOf(e.getMessage()).matches("(?is).*(no space left|quota exceeded|not enough space).*");
    }
}
