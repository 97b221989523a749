package lib.gateway.state;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import lib.base.PrivateFile;
import lib.base.SqliteBackup;
import lib.base.StoreFull;
import lib.base.UserError;

/// The SQLite file in which a gateway keeps what must last. What [#write] has done is on the disk when it
/// returns: neither a killed process nor a lost power supply takes it back. Several processes may have it open, a
/// gateway and `rpkai secret set`, say.
///
///     database.write(sql -> sql.prepareStatement("DELETE FROM secret").executeUpdate());
///
/// `user_version` is the oldest version that can read and write the file, which is what versions 1 to 3 look at;
/// the version of its tables is a row of `fact`. A version that only adds tables leaves the oldest one as it is:
/// whoever goes back to an earlier rpkai keeps providers and secrets. (A column more would not do: rows are
/// written without naming columns.) Before the tables of a file change it is copied, with its secrets as they are
/// sealed in it.
///
/// @see <a href="https://sqlite.org/pragma.html#pragma_synchronous">What `synchronous` promises in WAL mode</a>
final class StateDatabase implements AutoCloseable {
    /// The version of the tables below.
    private static final int VERSION = 4;
    /// The oldest version that can read and write them.
    private static final int OLDEST = 3;
    /// Under which the version of the tables is kept, from the fourth on.
    private static final String SCHEMA = "schema";

    private static final String[] TABLES = {
        "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
        "CREATE TABLE provider (name TEXT PRIMARY KEY, definition TEXT NOT NULL, created TEXT NOT NULL, "
                + "updated TEXT NOT NULL) STRICT",
        "CREATE TABLE secret (name TEXT PRIMARY KEY, sealed BLOB NOT NULL, updated TEXT NOT NULL) STRICT"
    };
    /// Those that version 2 brought: whom the gateway's own issuer knows.
    private static final String[] ISSUER_TABLES = {
        "CREATE TABLE account (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, role TEXT "
                + "NOT NULL, secret TEXT NOT NULL, created TEXT NOT NULL, UNIQUE (kind, name)) STRICT",
        "CREATE TABLE signin (id TEXT PRIMARY KEY, account TEXT NOT NULL, client TEXT NOT NULL, family "
                + "TEXT NOT NULL UNIQUE, secret TEXT NOT NULL, ended INTEGER NOT NULL, until TEXT NOT NULL) STRICT"
    };

    /// The one that version 3 brought.
    private static final String SERVER_TABLE =
            "CREATE TABLE mcp_server (name TEXT PRIMARY KEY, definition TEXT NOT NULL, created TEXT NOT "
                    + "NULL, updated TEXT NOT NULL) STRICT";

    private final Path file;
    private final Connection connection;
    private final ReentrantLock turn = new ReentrantLock();
    private final Consumer<String> warnings;
    private volatile long writes;
    /// Whether the last change failed for want of room, so that the next one will, too.
    private volatile boolean full;

    private StateDatabase(Path file, Connection connection, Consumer<String> warnings) {
        this.file = file;
        this.connection = connection;
        this.warnings = warnings;
    }

    /// Opens the file, and makes it and its tables where there are none.
    ///
    /// @param warnings told once when nothing can be written any more, and once when it can be again
    /// @throws UserError where it can't be used
    static StateDatabase open(Path file, Consumer<String> warnings) {
        try {
            PrivateFile.createFolder(file.toAbsolutePath().getParent());
            // Before SQLite does: its own journals take over the mode, too.
            PrivateFile.createEmpty(file);
            var database = new StateDatabase(
                    file, DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath()), warnings);
            database.prepare();
            return database;
        } catch (IOException e) {
            if (StoreFull.isIt(e)) throw new StoreFull(file, e);
            throw new UserError(
                    "cannot make the gateway's state in %s (%s)".formatted(file.getParent(), e.getMessage()),
                    "check the folder's owner and mode, or choose another with --state");
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    private void prepare() throws SQLException {
        for (var pragma : new String[] {
            "busy_timeout = 10000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "fullfsync = ON",
            "secure_delete = ON",
            "trusted_schema = OFF"
        }) {
            execute("PRAGMA " + pragma);
        }
        var changed = write(_ -> migrate());
        if (changed) SqliteBackup.forgetOlder(file, VERSION);
    }

    /// @return whether anything was to be changed
    private boolean migrate() throws SQLException {
        var oldest = number("PRAGMA user_version");
        if (oldest > VERSION)
            throw new UserError(
                    "the gateway's state %s was written by a newer rpkai".formatted(file), "run rpkai upgrade");
        var version = oldest < 1
                ? 0
                : Math.max(
                        oldest,
                        number("SELECT MAX(CAST(value AS INTEGER)) FROM fact WHERE name = '%s'".formatted(SCHEMA)));
        if (version >= VERSION) return false;
        if (version > 0) SqliteBackup.copy(file, VERSION);
        if (version < 1) for (var table : TABLES) execute(table);
        if (version < 2) for (var table : ISSUER_TABLES) execute(table);
        if (version < 3) execute(SERVER_TABLE);
        execute("INSERT OR REPLACE INTO fact VALUES ('%s', '%d')".formatted(SCHEMA, VERSION));
        execute("PRAGMA user_version = " + OLDEST);
        return true;
    }

    /// What one turn does.
    interface Work<T> {
        T on(Connection sql) throws SQLException;
    }

    /// Reads; what another process wrote in the meantime is in it.
    <T> T read(Work<T> work) {
        turn.lock();
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw unusable(file, e);
        } finally {
            turn.unlock();
        }
    }

    /// Changes everything that `work` changes, or nothing where it throws. Nobody else writes in between.
    ///
    /// @throws NoRoom where the disk is full
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time, by the lock
    <T> T write(Work<T> work) {
        try {
            var done = read(sql -> {
                execute("BEGIN IMMEDIATE");
                try {
                    var result = work.on(sql);
                    execute("COMMIT");
                    writes++;
                    return result;
                } catch (SQLException | RuntimeException e) {
                    undo(e);
                    throw e;
                }
            });
            setFull(false);
            return done;
        } catch (StoreFull e) {
            setFull(true);
            throw e;
        }
    }

    /// SQLite has undone it already where the disk is full, and says so when it is to undo it again.
    private void undo(Exception why) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    private void setFull(boolean now) {
        if (full == now) return;
        full = now;
        warnings.accept(
                now
                        ? "%s is full: the gateway goes on, and keeps no change until there is room"
                                .formatted(StoreFull.disk(file))
                        : "the gateway's state %s can be written again".formatted(file));
    }

    /// Whether changes can be kept. Where the last one could not, it tries.
    boolean isWritable() {
        if (!full) return true;
        try {
            write(sql -> SqlRows.run(
                    sql, "INSERT INTO fact VALUES ('room', '1') ON CONFLICT (name) DO UPDATE SET value = value + 1"));
            return true;
        } catch (UserError e) {
            return false;
        }
    }

    /// A number that is another one as soon as this process has written.
    long writes() {
        return writes;
    }

    /// A number that is another one as soon as another process has written.
    long othersWrites() {
        return read(_ -> number("PRAGMA data_version"));
    }

    private void execute(String statement) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private long number(String query) throws SQLException {
        try (var sql = connection.createStatement();
                var rows = sql.executeQuery(query)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            // What was written is written.
        } finally {
            turn.unlock();
        }
    }

    /// What SQLite says names files and reasons, and never a value.
    private static UserError unusable(Path file, SQLException e) {
        if (StoreFull.isIt(e)) return new StoreFull(file, e);
        return new UserError(
                "cannot use the gateway's state %s (%s)".formatted(file, e.getMessage()),
                "check its owner and the space on its disk, or choose another folder with --state",
                e);
    }
}
