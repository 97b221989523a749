package lib.usage.store;

import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import lib.database.Database;
import lib.database.StoreConnection;
import lib.database.StoreFull;
import lib.usage.Call;
import lib.usage.budget.SpentAmount;
import lib.usage.pricing.Prices;
import lib.usage.store.Batch.Series;

/// Stores every call that it is given, with its price at that time. [#accept] only adds the call to the next
/// batch. One thread writes a batch several times a second; the first batch opens the database. A call is on the
/// disk within a second, so that a process that is killed loses no more than that, and no call is stored twice.
///
///     try (var store = UsageStore.open(UsageDatabase.local(host), Prices.list(), host.clock(), host::warn)) {
///         config.withCallListener(new CallListener(store, host.clock()));
///     }
///
/// While the database does not answer, batches go to the [UsageJournal] if there is one, and are written when the
/// database answers again. Without a journal, or when it is full, up to a hundred thousand calls wait in memory.
public final class UsageStore implements Consumer<Call>, AutoCloseable {
    private static final int MOST_WAITING = 100_000;
    private static final int LONGEST_REASON = 300;
    private static final Duration GATHER = Duration.ofMillis(200);
    /// A round that takes longer waits for the database.
    private static final Duration STUCK = Duration.ofMillis(400);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(5);
    /// The time within which PostgreSQL must answer a statement.
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /// The time between two looks for files that other processes left.
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration REPLAY = Duration.ofMillis(300);

    private final Database database;
    private final Prices prices;
    private final InstantSource clock;
    private final Consumer<String> warnings;
    private final Ledger ledger;
    private final Optional<UsageJournal> journal;
    private final Retention retention;
    private final StoreConnection connection;
    private final BatchWriter writer;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("usage-writer").unstarted(this::run);
    private final Thread saver =
            Thread.ofPlatform().daemon().name("usage-journal").unstarted(this::save);

    /// Guards the calls that wait and their counts. It is never held during I/O.
    private final Object gate = new Object();
    private UsageAccumulator waiting;
    private long accepted;
    private long lost;
    private long allLost;
    private long written;

    /// Guards the journal and the batches that were taken: held while the journal is written, never while the
    /// database is.
    private final ReentrantLock order = new ReentrantLock();
    private long number;
    /// The batch that is being written to the database.
    private Taken current;
    /// A batch that the journal had no room for. It comes after those in the journal.
    private Taken held;
    private boolean journalFails;

    /// The files of processes that have ended, for the writer's thread only.
    private final Deque<JournalFile> abandoned = new ArrayDeque<>();
    private final Map<String, BatchWriter> otherWriters = new HashMap<>();
    private long looked = System.nanoTime() - LOOK.toNanos();

    private volatile boolean closing;
    private volatile boolean failing;
    private volatile boolean full;
    /// When the round began that runs; 0 between two rounds.
    private volatile long busySince;

    /// A batch that no longer waits.
    private static final class Taken {
        final long number;
        final int calls;
        final Batch batch;
        boolean isInJournal;

        Taken(long number, int calls, Batch batch, boolean isInJournal) {
            this.number = number;
            this.calls = calls;
            this.batch = batch;
            this.isInJournal = isInJournal;
        }
    }

    /// An observer of all calls that also learns when they are written.
    interface Ledger {
        /// An observer that ignores everything.
        Ledger NONE = new Ledger() {};

        /// Called for each call on the thread of the call, for one call at a time.
        default void accepted(Series series, Call call, SpentAmount spent) {}

        /// Called on the writer's thread when the calls of a batch are in the database.
        default void written(Batch batch) {}

        /// Called on the writer's thread between two batches, several times a second, so that it can read what
        /// others wrote.
        default void turn(StoreConnection connection) throws SQLException {}
    }

    private UsageStore(
            Database database,
            Prices prices,
            InstantSource clock,
            Consumer<String> warnings,
            Ledger ledger,
            Optional<UsageJournal> journal) {
        this.database = database;
        this.connection = new StoreConnection(database, UsageSchema.MIGRATIONS).withTimeout(TIMEOUT);
        this.prices = prices;
        this.clock = clock;
        this.warnings = warnings;
        this.ledger = ledger;
        this.journal = journal;
        this.writer = new BatchWriter(journal.map(UsageJournal::writer)
                .orElseGet(() -> UUID.randomUUID().toString()));
        this.retention = new Retention(clock);
        this.waiting = new UsageAccumulator(prices);
    }

    /// Returns a store without a journal. The first call opens the database.
    ///
    /// @param warnings told once when the database cannot be written, and once when it can be again
    public static UsageStore open(Database database, Prices prices, InstantSource clock, Consumer<String> warnings) {
        return open(database, prices, clock, warnings, Optional.empty());
    }

    /// @param journal the place of batches that cannot be written; the store closes it
    public static UsageStore open(
            Database database,
            Prices prices,
            InstantSource clock,
            Consumer<String> warnings,
            Optional<UsageJournal> journal) {
        return open(database, prices, clock, warnings, Ledger.NONE, journal);
    }

    static UsageStore open(
            Database database,
            Prices prices,
            InstantSource clock,
            Consumer<String> warnings,
            Ledger ledger,
            Optional<UsageJournal> journal) {
        var store = new UsageStore(database, prices, clock, warnings, ledger, journal);
        journal.ifPresent(kept -> kept.startFor(database));
        store.thread.start();
        if (journal.isPresent()) store.saver.start();
        return store;
    }

    /// Adds a call to the next batch, and returns at once.
    @Override
    public void accept(Call call) {
        var series = Series.of(call);
        synchronized (gate) {
            // The ledger learns of the call before the writer can take it away.
            ledger.accepted(series, call, take(series, call));
        }
    }

    private SpentAmount take(Series series, Call call) {
        if (waiting.count() >= MOST_WAITING) {
            lost++;
            allLost++;
            return SpentAmount.of(call, prices.quote(call));
        }
        accepted++;
        return waiting.add(series, call);
    }

    /// Returns whether its disk has no room for more.
    boolean isFull() {
        return full;
    }

    /// Returns what is not in the database.
    UsageBacklog backlog() {
        var bytes = OptionalLong.empty();
        try {
            if (journal.isPresent()) bytes = OptionalLong.of(journal.get().size());
        } catch (IOException e) {
            // Its size is not known, and a warning says why it cannot be used.
        }
        synchronized (gate) {
            return new UsageBacklog(bytes, allLost);
        }
    }

    /// Waits until every call that was accepted before is in the database.
    ///
    /// @return whether that was so within `limit`
    public boolean flush(Duration limit) {
        var until = System.nanoTime() + limit.toNanos();
        synchronized (gate) {
            var goal = accepted;
            while (written < goal) {
                var left = Duration.ofNanos(until - System.nanoTime());
                if (left.isNegative() || left.isZero()) return false;
                try {
                    gate.wait(Math.max(1, left.toMillis()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return true;
    }

    /// Writes the remaining calls to the database, or to the journal if that fails.
    @Override
    public void close() {
        closing = true;
        // Not by an interrupt: it would close a file of the journal that the thread is reading.
        stopping.countDown();
        try {
            ended.await(LAST_CHANCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Whoever holds the lock may be writing to the journal.
        order.lock();
        try {
            saver.interrupt();
        } finally {
            order.unlock();
        }
        long kept = journal.isPresent() ? leave(journal.get()) : 0;
        if (kept > 0)
            warnings.accept("the usage of %d calls is kept in %s until %s answers"
                    .formatted(kept, journal.get(), database.place()));
        var gone = unwritten() - kept;
        if (gone > 0)
            warnings.accept("the usage of %d calls could not be written to %s".formatted(gone, database.place()));
    }

    /// Saves everything in the journal.
    ///
    /// @return the number of calls in it
    private long leave(UsageJournal journal) {
        order.lock();
        try {
            saveAll(journal);
            var kept = journal.calls();
            journal.close();
            return kept;
        } catch (IOException e) {
            return 0;
        } finally {
            order.unlock();
        }
    }

    private long unwritten() {
        synchronized (gate) {
            return accepted + lost - written;
        }
    }

    /// Keeps the calls of a database that does not answer in the journal, several times a second.
    private void save() {
        while (!closing) {
            try {
                Thread.sleep(GATHER);
            } catch (InterruptedException closed) {
                return;
            }
            if (!isStuck()) continue;
            order.lock();
            try {
                if (!closing && isStuck()) saveAll(journal.orElseThrow());
            } finally {
                order.unlock();
            }
        }
    }

    private boolean isStuck() {
        var since = busySince;
        return failing || since != 0 && System.nanoTime() - since > STUCK.toNanos();
    }

    private void saveAll(UsageJournal journal) {
        if (current != null && !current.isInJournal) {
            if (!isSaved(journal, current)) return;
            current.isInJournal = true;
        }
        if (held == null) held = next();
        if (held != null && isSaved(journal, held)) held = null;
    }

    private boolean isSaved(UsageJournal journal, Taken taken) {
        try {
            var fits = journal.append(taken.number, taken.calls, taken.batch);
            if (!fits && !journalFails)
                warnings.accept(
                        "the usage journal %s is full: up to %d more calls wait in memory, and the usage of those "
                                        .formatted(journal, MOST_WAITING)
                                + "after them is lost");
            journalFails = !fits;
            return fits;
        } catch (IOException e) {
            if (!journalFails)
                warnings.accept("the usage journal %s cannot be written (%s): usage waits in memory"
                        .formatted(journal, reason(e)));
            journalFails = true;
            return false;
        }
    }

    /// Takes the calls that wait; null if there are none.
    private Taken next() {
        UsageAccumulator taken;
        synchronized (gate) {
            if (waiting.count() == 0) return null;
            taken = waiting;
            waiting = new UsageAccumulator(prices);
        }
        return new Taken(++number, taken.count(), taken.batch(), false);
    }

    private void run() {
        var pause = GATHER;
        var isLastTry = false;
        try {
            while (true) {
                // Calls that are accepted after this look are written in the next round.
                var last = closing;
                busySince = System.nanoTime();
                var done = round();
                busySince = 0;
                // What is left is kept in the journal.
                if (last && (done || isLastTry || journal.isPresent())) return;
                isLastTry = last;
                if (done) {
                    pause = GATHER;
                    pause(GATHER);
                } else {
                    pause(pause);
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                }
            }
        } finally {
            connection.close();
            abandoned.forEach(UsageStore::close);
            ended.countDown();
        }
    }

    /// Writes all batches that were taken, and those that wait; false if the database does not take them.
    private boolean round() {
        try {
            Taken taken;
            do {
                taken = toWrite();
                if (taken != null) {
                    writer.write(connection.get(), taken.batch, taken.number, clock.instant());
                    ledger.written(taken.batch);
                    finish(taken);
                }
                if (ledger != Ledger.NONE) ledger.turn(connection);
                // The next one waits for the next round, unless the journal has more. At the end it is the other way
                // round: what is in the journal is safe.
            } while (taken != null && taken.isInJournal != closing);
            replayAbandoned();
            if (connection.isOpen()) retention.turn(connection.get());
            if (failing) warnings.accept("usage can be written to %s again".formatted(database.place()));
            failing = false;
            full = false;
            return true;
        } catch (SQLException | RuntimeException e) {
            connection.disconnect();
            full = e instanceof StoreFull || e instanceof SQLException failure && StoreFull.isCause(failure);
            if (!failing)
                warnings.accept("usage cannot be written to %s at the moment (%s)"
                        .formatted(
                                database.place(),
                                full
                                        ? "its disk is full; calls are still served, and their usage "
                                                + "is written once there is room"
                                        : reason(e)));
            failing = true;
            return false;
        }
    }

    /// Returns the next batch for the database: in the order of their numbers, or the store would take one for
    /// written.
    private Taken toWrite() {
        order.lock();
        try {
            if (current == null) current = fromJournal();
            if (current == null && held != null) {
                current = held;
                held = null;
            }
            if (current == null) current = next();
            return current;
        } finally {
            order.unlock();
        }
    }

    private Taken fromJournal() {
        while (journal.flatMap(UsageJournal::first).isPresent()) {
            var entry = journal.get().first().orElseThrow();
            try {
                return new Taken(entry.number(), entry.calls(), journal.get().read(entry), true);
            } catch (IOException e) {
                warnings.accept("the usage of %d calls cannot be read from %s (%s); the file stays there"
                        .formatted(entry.calls(), journal.get(), reason(e)));
                journal.get().setAside();
            }
        }
        return null;
    }

    private void removeFirst() {
        try {
            journal.orElseThrow().removeFirst();
        } catch (IOException e) {
            warnings.accept(
                    "a file of the usage journal %s cannot be deleted (%s)".formatted(journal.get(), reason(e)));
        }
    }

    private void finish(Taken taken) {
        order.lock();
        try {
            if (taken.isInJournal) removeFirst();
            current = null;
        } finally {
            order.unlock();
        }
        long gone;
        synchronized (gate) {
            written += taken.calls;
            gate.notifyAll();
            gone = lost;
            lost = 0;
        }
        if (gone > 0)
            warnings.accept(
                    "the usage of %d calls is lost: %s did not answer for too long".formatted(gone, database.place()));
    }

    /// Writes what processes that have ended left in the journal, for a part of a second at most.
    private void replayAbandoned() throws SQLException {
        if (journal.isEmpty() || closing) return;
        if (abandoned.isEmpty()) look(journal.get());
        var until = System.nanoTime() + REPLAY.toNanos();
        while (!abandoned.isEmpty() && !closing && System.nanoTime() < until) {
            var file = abandoned.getFirst();
            try {
                var entry = file.first();
                if (entry.isEmpty()) {
                    abandoned.removeFirst();
                    otherWriters.remove(file.writer());
                    file.delete();
                } else {
                    otherWriters
                            .computeIfAbsent(file.writer(), BatchWriter::new)
                            .write(
                                    connection.get(),
                                    file.read(entry.get()),
                                    entry.get().number(),
                                    clock.instant());
                    file.removeFirst();
                }
            } catch (IOException e) {
                setAside(file, "read", e);
            } catch (SQLException e) {
                if (e.getSQLState() == null || !e.getSQLState().matches("(22|23).*")) throw e;
                setAside(file, "written", e);
            }
        }
    }

    /// Leaves a file that no process can use where it is.
    private void setAside(JournalFile file, String what, Exception e) {
        warnings.accept("the usage in %s cannot be %s (%s)".formatted(file, what, reason(e)));
        abandoned.remove(file);
        close(file);
    }

    private void look(UsageJournal journal) {
        if (System.nanoTime() - looked < LOOK.toNanos()) return;
        looked = System.nanoTime();
        try {
            abandoned.addAll(journal.abandoned());
        } catch (IOException e) {
            warnings.accept("the usage journal %s cannot be read (%s)".formatted(journal, reason(e)));
        }
    }

    private static void close(JournalFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // The operating system closes it with the process.
        }
    }

    /// Returns what went wrong in one line. PostgreSQL's driver quotes a whole batch before it, with all values.
    private static String reason(Exception e) {
        var said = e instanceof BatchUpdateException batch && batch.getNextException() != null
                ? batch.getNextException()
                : e;
        var line = String.valueOf(said.getMessage()).lines().findFirst().orElse("");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON);
    }

    /// Sleeps, but not once the store is being closed.
    private void pause(Duration pause) {
        try {
            stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException closing) {
            // The next round is the last but one, and begins at once.
        }
    }
}
