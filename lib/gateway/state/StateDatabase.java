package lib.gateway.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import lib.base.UserError;
import lib.database.Database;
import lib.database.StoreConnection;
import lib.database.StoreFull;
import lib.database.Transaction;

/// The database in which a gateway keeps what must last. What [#write] did is on the disk when it returns.
/// Several processes may have it open, two gateways and `rpkai secret set`, say.
///
///     database.write(sql -> SqlRows.update(sql, "DELETE FROM secret"));
///     database.snapshot().secrets()
///
/// Requests go by the snapshot, which is in memory: none waits for the database. Commands, the management API and
/// the issuer read the database itself.
final class StateDatabase implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofMillis(200);
    /// Any number that no other store uses: it lets one transaction write at a time, as SQLite does by itself.
    private static final long WRITE_LOCK = 0x7270_6b61_6977_7274L;

    private final Database database;
    private final StoreConnection connection;
    private final ReentrantLock turn = new ReentrantLock();
    private final Consumer<String> warnings;
    private volatile StateSnapshot snapshot;
    /// When the database was last asked for the snapshot, whether or not it answered.
    private volatile long asked;
    private volatile StateWatch watch;
    private boolean closed;
    /// Whether the last change failed for want of room, so that the next one will, too.
    private volatile boolean full;

    private StateDatabase(Database database, Consumer<String> warnings) {
        this.database = database;
        this.connection = new StoreConnection(database, StateSchema.MIGRATIONS).withTimeout(TIMEOUT);
        this.warnings = warnings;
    }

    /// Opens the database, and creates it and its tables where there are none.
    ///
    /// @param warnings told once when the database does not answer any more, and once when it does again
    /// @throws UserError where it can't be used
    static StateDatabase open(Database database, Consumer<String> warnings) {
        var state = new StateDatabase(database, warnings);
        state.read(_ -> null);
        return state;
    }

    /// What requests go by: what this process wrote, and what others wrote until half a second ago. The first
    /// call reads it and begins to follow what others write.
    StateSnapshot snapshot() {
        var known = snapshot;
        return known != null && watch != null ? known : follow();
    }

    private StateSnapshot follow() {
        turn.lock();
        try {
            if (watch == null && !closed) watch = StateWatch.start(this, database, warnings);
            return snapshot != null ? snapshot : latest();
        } finally {
            turn.unlock();
        }
    }

    /// Returns the snapshot as it is now.
    ///
    /// @throws UserError if the database does not answer
    StateSnapshot latest() {
        turn.lock();
        try {
            asked = System.nanoTime();
            return read(sql -> {
                snapshot = StateSnapshot.read(sql, Optional.ofNullable(snapshot));
                return snapshot;
            });
        } finally {
            turn.unlock();
        }
    }

    /// Returns a snapshot that has everything which was committed before this call: for a request that misses
    /// something in the known one. However many requests do, the database is asked once in each pause. A request
    /// waits for the rest of the pause, and not long for a database that does not answer.
    StateSnapshot latest(Duration pause) {
        var start = System.nanoTime();
        var known = snapshot();
        try {
            TimeUnit.NANOSECONDS.sleep(asked + pause.toNanos() - start);
            if (!turn.tryLock(SOON.toMillis(), TimeUnit.MILLISECONDS)) return known;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return known;
        }
        try {
            return asked - start > 0 ? snapshot : latest();
        } catch (UserError e) {
            // The watch reports it.
            return known;
        } finally {
            turn.unlock();
        }
    }

    /// Reads the snapshot again where something changed.
    void refresh() {
        turn.lock();
        try {
            if (!closed) latest();
        } finally {
            turn.unlock();
        }
    }

    /// What is done with the connection.
    interface Work<T> {
        T on(Connection sql) throws SQLException;
    }

    /// Reads; what another process wrote in the meantime is in it.
    ///
    /// @throws UserError where the database does not answer
    <T> T read(Work<T> work) {
        turn.lock();
        try {
            return work.on(connection.get());
        } catch (SQLException e) {
            if (database.isShared()) connection.disconnect();
            throw unusable(e);
        } finally {
            turn.unlock();
        }
    }

    /// Changes everything that `work` changes, or nothing where it throws. No other process writes in between.
    /// Where requests have to see the change, `work` calls [Facts#changed].
    ///
    /// @throws StoreFull where the disk is full
    /// @throws UserError where an import into this state is unfinished
    <T> T write(Work<T> work) {
        return writeImport(sql -> {
            StateTransfer.refuseUnfinished(sql, title());
            return work.on(sql);
        });
    }

    /// The same for an import, which alone may change a state while it is unfinished.
    <T> T writeImport(Work<T> work) {
        turn.lock();
        try {
            var done = read(sql -> Transaction.run(sql, () -> {
                database.dialect().lock(sql, WRITE_LOCK);
                return work.on(sql);
            }));
            setFull(false);
            if (snapshot != null) catchUp();
            return done;
        } catch (StoreFull e) {
            setFull(true);
            throw e;
        } finally {
            turn.unlock();
        }
    }

    private void catchUp() {
        try {
            latest();
        } catch (UserError e) {
            // The change is made. The watch reads it when the database answers again.
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

    /// What it is called, for people.
    String title() {
        return database.title();
    }

    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            if (watch != null) watch.close();
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
                database.isShared()
                        ? "check that it is there and that PGPASSWORD or ~/.pgpass has its password"
                        : "check its owner and the space on its disk, or choose another folder with --state",
                e);
    }
}
