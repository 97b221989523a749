package lib.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import lib.usage.Call;
import lib.usage.prices.Prices;
import lib.usage.store.Batch.Entry;

/// Keeps every call that it is told of, priced at that time. Telling it takes no time: one thread writes what has come in, a
/// few times a second, and only then opens the database. What it was told is on the disk within a second; a process that is
/// killed loses no more than that, and nothing is ever there twice.
///
///     try (var store = UsageStore.open(Database.local(host), Prices.list(), host.clock(), host::warn)) {
///         config.metered(new Meter(store, host.clock()));
///     }
///
/// A database that does not answer is tried again for as long as there is room for a hundred thousand calls.
public final class UsageStore implements Consumer<Call>, AutoCloseable {
    private static final int MOST_WAITING = 100_000;
    private static final int LARGEST_BATCH = 5_000;
    private static final Duration GATHER = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(5);

    private final Database database;
    private final Prices prices;
    private final InstantSource clock;
    private final Consumer<String> warnings;
    private final Ledger ledger;
    private final Retention retention;
    private final LinkedBlockingQueue<Entry> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final BatchWriter writer = new BatchWriter();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().daemon().name("usage-writer").unstarted(this::run);
    private volatile long written;
    private volatile boolean closing;
    private Connection connection;
    private boolean failing;

    /// Who else wants to know of every call, and when all that are known of are written.
    interface Ledger {
        /// Nobody.
        Ledger NONE = new Ledger() {};

        /// A call came in; on the thread of the call.
        default void accepted(Entry entry) {}

        /// Those calls are written; on the writer's thread.
        default void written(Batch batch) {}

        /// Between two batches, on the writer's thread, a few times a second; a chance to read what others wrote.
        default void turn(Connection sql) throws SQLException {}
    }

    private UsageStore(Database database, Prices prices, InstantSource clock, Consumer<String> warnings, Ledger ledger) {
        this.database = database;
        this.prices = prices;
        this.clock = clock;
        this.warnings = warnings;
        this.ledger = ledger;
        this.retention = new Retention(clock);
    }

    /// One that opens the database with the first call.
    ///
    /// @param warnings told once when the database can't be written to, and once when it can be again
    public static UsageStore open(Database database, Prices prices, InstantSource clock, Consumer<String> warnings) {
        return open(database, prices, clock, warnings, Ledger.NONE);
    }

    static UsageStore open(Database database, Prices prices, InstantSource clock, Consumer<String> warnings, Ledger ledger) {
        var store = new UsageStore(database, prices, clock, warnings, ledger);
        store.thread.start();
        return store;
    }

    /// Takes one call, and returns at once.
    @Override
    public void accept(Call call) {
        var entry = Entry.of(call, prices.cost(call));
        ledger.accepted(entry);
        if (waiting.offer(entry)) accepted.incrementAndGet();
        else lost.incrementAndGet();
    }

    /// Waits until every call that was taken before is on the disk.
    ///
    /// @return whether that was so within `limit`
    public boolean flush(Duration limit) {
        var until = System.nanoTime() + limit.toNanos();
        var goal = accepted.get();
        synchronized (this) {
            while (written < goal) {
                var left = Duration.ofNanos(until - System.nanoTime());
                if (left.isNegative() || left.isZero()) return false;
                try {
                    wait(Math.max(1, left.toMillis()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return true;
    }

    /// Writes what is left, and ends.
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            if (!ended.await(LAST_CHANCE.toMillis(), TimeUnit.MILLISECONDS)) warnings.accept("the usage of %d calls could not be written to %s".formatted(waiting.size(), database.place()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (long number = 1; !closing || !waiting.isEmpty(); number++) {
                var calls = new Gathered();
                gather(calls);
                write(calls.batch(), calls.count(), number);
            }
        } finally {
            disconnect();
            ended.countDown();
        }
    }

    /// Waits for calls and a moment longer: those that follow closely are written with them.
    private void gather(Gathered calls) {
        try {
            if (!closing) {
                var first = waiting.poll(GATHER.toMillis(), TimeUnit.MILLISECONDS);
                if (first == null) return;
                calls.add(first);
                for (var left = GATHER; left.isPositive() && calls.count() < LARGEST_BATCH; left = left.minus(LOOK)) {
                    Thread.sleep(LOOK);
                    take(calls);
                }
            }
        } catch (InterruptedException closing) {
            // What is there is written now.
        }
        take(calls);
    }

    private void take(Gathered calls) {
        var taken = new ArrayList<Entry>(waiting.size());
        waiting.drainTo(taken, LARGEST_BATCH - calls.count());
        taken.forEach(calls::add);
    }

    /// Tries until it is written.
    ///
    /// @param count how many calls it is
    private void write(Batch batch, int count, long number) {
        var pause = GATHER;
        var giveUp = false;
        var unwritten = count;
        while (true) {
            try {
                var now = clock.instant();
                if (unwritten > 0) {
                    writer.write(connection(), batch, number, now);
                    ledger.written(batch);
                    done(unwritten);
                    unwritten = 0;
                }
                if (ledger != Ledger.NONE) ledger.turn(connection());
                if (connection != null) retention.turn(connection);
                if (failing) warnings.accept("usage is written to %s again".formatted(database.place()));
                failing = false;
                return;
            } catch (SQLException | RuntimeException e) {
                disconnect();
                if (!failing) warnings.accept("usage cannot be written to %s for now (%s)".formatted(database.place(), e.getMessage()));
                failing = true;
                if (unwritten == 0 || closing && giveUp) return;
                giveUp = closing;
                sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private synchronized void done(int count) {
        written += count;
        notifyAll();
        var gone = lost.getAndSet(0);
        if (gone > 0) warnings.accept("the usage of %d calls was lost: %s did not answer for too long".formatted(gone, database.place()));
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            var fresh = database.connect();
            try {
                Schema.prepare(fresh, database);
            } catch (SQLException | RuntimeException e) {
                fresh.close();
                throw e;
            }
            connection = fresh;
        }
        return connection;
    }

    private void disconnect() {
        try {
            if (connection != null) connection.close();
        } catch (SQLException e) {
            // It is of no use any more.
        }
        connection = null;
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException closing) {
            // Once more, and at once.
        }
    }
}
