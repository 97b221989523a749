package lib.gateway.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import lib.base.UserError;
import lib.database.Database;
import lib.database.StoreConnection;
import lib.database.StoreFull;
import lib.database.Transaction;

/// The database that holds a gateway's state. What [#write] changed is on the disk when it returns. Several
/// processes may use the database at the same time, such as two gateways and `rpkai secret set`.
///
///     database.write(sql -> SqlRows.update(sql, "DELETE FROM secret"));
///     database.current().secrets()
///
/// Requests use the snapshot, which is in memory, and never wait for the database. Commands, the management API
/// and the issuer read the database itself. While a followed database in PostgreSQL does not answer they fail at
/// once, because [StateWatch] already tries to reach it.
final class StateDatabase implements AutoCloseable {
    /// How long requests are served by the snapshot of a database that does not answer.
    static final Duration STALE_LIMIT = Duration.ofMinutes(15);

    /// The time within which PostgreSQL must answer a statement.
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofMillis(200);
    /// The watch looks twice a second. After this time it must be waiting for the database.
    private static final Duration SILENCE = Duration.ofSeconds(4);
    /// A number that no other store uses: with it only one transaction writes at a time, as SQLite ensures by
    /// itself.
    private static final long WRITE_LOCK = 0x7270_6b61_6977_7274L;

    private final Database database;
    private final StoreConnection connection;
    private final ReentrantLock turn = new ReentrantLock();
    private final Consumer<String> warnings;
    private final Object oneRead = new Object();
    private CompletableFuture<Void> reading = CompletableFuture.completedFuture(null);
    private volatile StateSnapshot snapshot;
    /// The time (`System.nanoTime`) at which the snapshot was last known to be current.
    private volatile long current;
    /// Whether the last attempt to read the snapshot failed.
    private volatile boolean lost;
    private volatile Duration staleLimit = STALE_LIMIT;
    private volatile StateWatch watch;
    private boolean closed;
    /// The accounts with an unknown role that were reported.
    private final Set<String> unknown = new HashSet<>();
    /// Whether the last change failed for lack of space, so that the next one is expected to fail too.
    private volatile boolean full;

    private StateDatabase(Database database, Consumer<String> warnings) {
        this.database = database;
        this.connection = new StoreConnection(database, StateSchema.MIGRATIONS).withTimeout(TIMEOUT);
        this.warnings = warnings;
    }

    /// Opens the database, and creates it and its tables if they are missing.
    ///
    /// @param warnings told once when the database stops answering, and once when it answers again
    /// @throws UserError if it cannot be used
    static StateDatabase open(Database database, Consumer<String> warnings) {
        var state = new StateDatabase(database, warnings);
        state.read(_ -> null);
        return state;
    }

    /// Sets how old the snapshot of a state in PostgreSQL may become before [#current] fails.
    void limitStaleness(Duration limit) {
        staleLimit = limit;
    }

    /// Returns the snapshot for a request.
    ///
    /// @throws StateUnavailable if it is older than the limit
    StateSnapshot current() {
        var known = snapshot();
        requireCurrent();
        return known;
    }

    /// @throws StateUnavailable if the snapshot is older than the limit
    void requireCurrent() {
        if (watch != null && database.isShared() && age().compareTo(staleLimit) > 0)
            throw new StateUnavailable(database, "it has not answered for %d s".formatted(age().toSeconds()), null);
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - current);
    }

    /// Returns how current the snapshot is; empty if the database is on this machine or is not followed.
    Optional<Freshness> freshness() {
        if (watch == null || snapshot == null || !database.isShared()) return Optional.empty();
        var age = age();
        return Optional.of(new Freshness(age, lost || age.compareTo(SILENCE) > 0, staleLimit));
    }

    /// Returns the snapshot, however old it is: what this process wrote, and what others had written half a
    /// second before the database last answered. The first call reads it and begins to follow what others write.
    StateSnapshot snapshot() {
        var known = snapshot;
        return known != null && watch != null ? known : follow();
    }

    private StateSnapshot follow() {
        takeTurn();
        try {
            var first = snapshot != null ? snapshot : latest();
            if (watch == null && !closed) watch = StateWatch.start(this, database, warnings);
            return first;
        } finally {
            turn.unlock();
        }
    }

    /// Returns the snapshot as it is now.
    ///
    /// @throws UserError if the database does not answer
    StateSnapshot latest() {
        failIfLost();
        return refresh();
    }

    /// Reads the snapshot again if something changed, even from a database that did not answer before.
    ///
    /// @throws UserError if the database does not answer
    StateSnapshot refresh() {
        takeTurn();
        try {
            if (closed && snapshot != null) return snapshot;
            var now = System.nanoTime();
            // A database that was away may have been restored from a backup: its counters mean nothing then.
            var before = Optional.ofNullable(snapshot).filter(_ -> !lost);
            var read = ask(sql -> StateSnapshot.read(sql, before));
            snapshot = read;
            current = now;
            lost = false;
            warnOfUnknown(read);
            return read;
        } catch (RuntimeException | Error e) {
            lost = true;
            throw e;
        } finally {
            turn.unlock();
        }
    }

    private void warnOfUnknown(StateSnapshot read) {
        for (var name : read.access().unknown()) {
            if (unknown.add(name))
                warnings.accept(
                        "the account \"%s\" has no access here: this version does not know its role (rpkai upgrade)"
                                .formatted(name));
        }
    }

    /// Returns a snapshot with everything that was committed before this call: for a request that misses
    /// something in the known one. However many requests do, the database is asked once in each pause. A request
    /// waits for 200 ms at most, and not at all while the database is known not to answer.
    ///
    /// @throws StateUnavailable if the snapshot is older than the limit
    StateSnapshot latest(Duration pause) {
        var known = current();
        var start = System.nanoTime();
        while (!lost && current - start < 0) {
            var left = SOON.toNanos() - (System.nanoTime() - start);
            if (left <= 0 || !isReadWithin(pause, left)) break;
        }
        return snapshot == null ? known : snapshot;
    }

    private boolean isReadWithin(Duration pause, long nanos) {
        try {
            oneRead(pause).get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            // The watch reports a database that does not answer.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletableFuture<Void> oneRead(Duration pause) {
        synchronized (oneRead) {
            if (reading.isDone())
                reading = CompletableFuture.runAsync(
                        () -> refreshAfter(pause),
                        task -> Thread.ofVirtual().name("state-read").start(task));
            return reading;
        }
    }

    private void refreshAfter(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(current + pause.toNanos() - System.nanoTime());
            refresh();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Work with the connection.
    interface Work<T> {
        T on(Connection sql) throws SQLException;
    }

    /// Reads from the database, including what other processes have written.
    ///
    /// @throws UserError if the database does not answer
    <T> T read(Work<T> work) {
        failIfLost();
        takeTurn();
        try {
            failIfLost();
            return ask(work);
        } finally {
            turn.unlock();
        }
    }

    private void failIfLost() {
        if (lost && watch != null && database.isShared())
            throw new StateUnavailable(database, "it does not answer", null);
    }

    private void takeTurn() {
        if (!database.isShared()) {
            turn.lock();
            return;
        }
        try {
            if (turn.tryLock(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new StateUnavailable(database, "it does not answer in time", null);
    }

    private <T> T ask(Work<T> work) {
        try {
            return work.on(connection.get());
        } catch (SQLException e) {
            // A connection whose server refused a statement is as good as before.
            if (database.isShared() && !isOurs(e)) connection.disconnect();
            throw unusable(e);
        }
    }

    /// Makes all changes of `work`, or none if it throws. No other process writes in between. If requests have to
    /// see the change, `work` calls [Facts#changed].
    ///
    /// @throws StoreFull if the disk is full
    /// @throws StateUnavailable if PostgreSQL does not answer
    /// @throws UserError if an import into this state is unfinished
    <T> T write(Work<T> work) {
        return writeImport(sql -> {
            StateTransfer.refuseUnfinished(sql, title());
            return work.on(sql);
        });
    }

    /// Makes the changes of an import, which alone may change a state while it is unfinished.
    <T> T writeImport(Work<T> work) {
        failIfLost();
        takeTurn();
        try {
            failIfLost();
            var done = ask(sql -> Transaction.run(sql, () -> {
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
            refresh();
        } catch (RuntimeException e) {
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

    /// Returns whether the disk has room for changes. If the last change did not fit, another one is tried.
    boolean isWritable() {
        if (!full) return true;
        try {
            write(sql -> Facts.increment(sql, "room"));
            return true;
        } catch (UserError e) {
            return false;
        }
    }

    /// Returns whether it is in PostgreSQL.
    boolean isShared() {
        return database.isShared();
    }

    Database database() {
        return database;
    }

    /// Returns the name of the database for messages.
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
        if (database.isShared() && !isOurs(e)) return new StateUnavailable(database, e.getMessage(), e);
        return new UserError(
                "cannot use %s (%s)".formatted(database.title(), e.getMessage()),
                database.isShared()
                        ? "check that no other program changes its tables"
                        : "check its owner and the space on its disk, or choose another folder with --state",
                e);
    }

    /// Returns whether PostgreSQL answered that the statement is wrong, which does not pass.
    ///
    /// @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL's error codes</a>
    private static boolean isOurs(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().matches("(22|23|42).*");
    }
}
