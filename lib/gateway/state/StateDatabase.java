package lib.gateway.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import lib.base.UserError;
import lib.database.Database;
import lib.database.SqlRows;
import lib.database.StoreConnection;
import lib.database.StoreFull;
import lib.database.Transaction;

/// The database in which a gateway keeps what must last. What [#write] did is on the disk when it returns. Several
/// processes may have it open, a gateway and `rpkai secret set`, say.
///
///     database.write(sql -> SqlRows.update(sql, "DELETE FROM secret"));
final class StateDatabase implements AutoCloseable {
    private final Database database;
    private final StoreConnection connection;
    private final ReentrantLock turn = new ReentrantLock();
    private final Consumer<String> warnings;
    private volatile long writes;
    /// Whether the last change failed for want of room, so that the next one will, too.
    private volatile boolean full;

    private StateDatabase(Database database, Consumer<String> warnings) {
        this.database = database;
        this.connection = new StoreConnection(database, StateSchema.MIGRATIONS);
        this.warnings = warnings;
    }

    /// Opens the database, and creates it and its tables where there are none.
    ///
    /// @param warnings told once when nothing can be written any more, and once when it can be again
    /// @throws UserError where it can't be used
    static StateDatabase open(Database database, Consumer<String> warnings) {
        var state = new StateDatabase(database, warnings);
        state.read(_ -> null);
        return state;
    }

    /// What is done with the connection.
    interface Work<T> {
        T on(Connection sql) throws SQLException;
    }

    /// Reads; what another process wrote in the meantime is in it.
    <T> T read(Work<T> work) {
        turn.lock();
        try {
            return work.on(connection.get());
        } catch (SQLException e) {
            throw unusable(e);
        } finally {
            turn.unlock();
        }
    }

    /// Changes everything that `work` changes, or nothing where it throws. No other process writes in between.
    ///
    /// @throws StoreFull where the disk is full
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time, by the lock
    <T> T write(Work<T> work) {
        try {
            var done = read(sql -> {
                var result = Transaction.run(sql, () -> work.on(sql));
                writes++;
                return result;
            });
            setFull(false);
            return done;
        } catch (StoreFull e) {
            setFull(true);
            throw e;
        }
    }

    private void setFull(boolean now) {
        if (full == now) return;
        full = now;
        warnings.accept(
                now
                        ? "%s is full: the gateway continues, but stores no changes until there is room"
                                .formatted(StoreFull.disk(database))
                        : "%s can be written again".formatted(database.title()));
    }

    /// Whether changes can be kept. Where the last one could not, it tries.
    boolean isWritable() {
        if (!full) return true;
        try {
            write(sql -> Facts.increment(sql, "room"));
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
        return read(sql -> SqlRows.number(sql, "PRAGMA data_version"));
    }

    @Override
    public void close() {
        turn.lock();
        try {
            connection.close();
        } finally {
            turn.unlock();
        }
    }

    /// What a database says names files and reasons, and never a value.
    private UserError unusable(SQLException e) {
        if (StoreFull.isCause(e)) return new StoreFull(database, e);
        return new UserError(
                "cannot use %s (%s)".formatted(database.title(), e.getMessage()),
                "check its owner and the space on its disk, or choose another folder with --state",
                e);
    }
}
