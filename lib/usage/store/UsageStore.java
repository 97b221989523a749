package lib.usage.store;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import lib.database.Database;
import lib.database.StoreConnection;
import lib.database.StoreFull;
import lib.usage.Call;
import lib.usage.budget.SpentAmount;
import lib.usage.pricing.Prices;
import lib.usage.store.Batch.Series;

/// Keeps every call that it is told of, priced at that time. Telling it takes no time: one thread writes what has
/// come in, a few times a second, and only then opens the database. What it was told is on the disk within a
/// second; a process that is killed loses no more than that, and nothing is ever there twice.
///
///     try (var store = UsageStore.open(UsageDatabase.local(host), Prices.list(), host.clock(), host::warn)) {
///         config.withCallListener(new CallListener(store, host.clock()));
///     }
///
/// A database that does not answer is tried again for as long as there is room for a hundred thousand calls.
public final class UsageStore implements Consumer<Call>, AutoCloseable {
    private static final int MOST_WAITING = 100_000;
    private static final int LONGEST_REASON = 300;
    private static final Duration GATHER = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(5);

    private final Database database;
    private final Prices prices;
    private final InstantSource clock;
    private final Consumer<String> warnings;
    private final Ledger ledger;
    private final Retention retention;
    private final Object gate = new Object();
    private final BatchWriter writer = new BatchWriter();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("usage-writer").unstarted(this::run);
    /// What comes in, behind the gate; and how much did so far, and how much there was no room for.
    private UsageAccumulator waiting;
    private long accepted;
    private long lost;
    private long written;
    private volatile boolean closing;
    private final StoreConnection connection;
    private boolean failing;
    private volatile boolean full;

    /// Who else wants to know of every call, and when all that are known of are written.
    interface Ledger {
        /// Nobody.
        Ledger NONE = new Ledger() {};

        /// A call came in; on the thread of the call, one after the other.
        default void accepted(Series series, Call call, SpentAmount spent) {}

        /// Those calls are written; on the writer's thread.
        default void written(Batch batch) {}

        /// Between two batches, on the writer's thread, a few times a second; a chance to read what others wrote.
        default void turn(StoreConnection connection) throws SQLException {}
    }

    private UsageStore(
            Database database, Prices prices, InstantSource clock, Consumer<String> warnings, Ledger ledger) {
        this.database = database;
        this.connection = new StoreConnection(database, UsageSchema.MIGRATIONS);
        this.prices = prices;
        this.clock = clock;
        this.warnings = warnings;
        this.ledger = ledger;
        this.retention = new Retention(clock);
        this.waiting = new UsageAccumulator(prices);
    }

    /// One that opens the database with the first call.
    ///
    /// @param warnings told once when the database can't be written to, and once when it can be again
    public static UsageStore open(Database database, Prices prices, InstantSource clock, Consumer<String> warnings) {
        return open(database, prices, clock, warnings, Ledger.NONE);
    }

    static UsageStore open(
            Database database, Prices prices, InstantSource clock, Consumer<String> warnings, Ledger ledger) {
        var store = new UsageStore(database, prices, clock, warnings, ledger);
        store.thread.start();
        return store;
    }

    /// Takes one call, and returns at once.
    @Override
    public void accept(Call call) {
        var series = Series.of(call);
        synchronized (gate) {
            // The ledger hears of it before the writer can take it away.
            ledger.accepted(series, call, take(series, call));
        }
    }

    private SpentAmount take(Series series, Call call) {
        if (waiting.count() >= MOST_WAITING) {
            lost++;
            return SpentAmount.of(call, prices.quote(call));
        }
        accepted++;
        return waiting.add(series, call);
    }

    /// Whether its disk has no room for more.
    boolean isFull() {
        return full;
    }

    /// Waits until every call that was taken before is on the disk.
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

    /// Writes what is left, and ends.
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            ended.await(LAST_CHANCE.toMillis(), TimeUnit.MILLISECONDS);
            if (unwritten() > 0)
                warnings.accept(
                        "the usage of %d calls could not be written to %s".formatted(unwritten(), database.place()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long unwritten() {
        synchronized (gate) {
            return accepted - written;
        }
    }

    private void run() {
        try {
            boolean last;
            long number = 0;
            do {
                // What comes in after this is looked at is written in the next round.
                last = closing;
                var calls = taken();
                write(calls.batch(), calls.count(), ++number);
                if (!last) sleep(GATHER);
            } while (!last);
        } finally {
            connection.close();
            ended.countDown();
        }
    }

    private UsageAccumulator taken() {
        synchronized (gate) {
            var taken = waiting;
            waiting = new UsageAccumulator(prices);
            return taken;
        }
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
                    writer.write(connection.get(), batch, number, now);
                    ledger.written(batch);
                    done(unwritten);
                    unwritten = 0;
                }
                if (ledger != Ledger.NONE) ledger.turn(connection);
                if (connection.isOpen()) retention.turn(connection.get());
                if (failing) warnings.accept("usage can be written to %s again".formatted(database.place()));
                failing = false;
                full = false;
                return;
            } catch (SQLException | RuntimeException e) {
                connection.disconnect();
                full = e instanceof StoreFull || e instanceof SQLException failure && StoreFull.isCause(failure);
                if (!failing)
                    warnings.accept("usage cannot be written to %s at the moment (%s)"
                            .formatted(
                                    database.place(),
                                    full
                                            ? "its disk is full; calls are still served, and their usage "
                                                    + "is written once " + "there is room"
                                            : reason(e)));
                failing = true;
                if (unwritten == 0 || closing && giveUp) return;
                giveUp = closing;
                sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /// What the database said. PostgreSQL's driver quotes a whole batch before it, values and all.
    private static String reason(Exception e) {
        var said = e instanceof BatchUpdateException batch && batch.getNextException() != null
                ? batch.getNextException()
                : e;
        var line = String.valueOf(said.getMessage()).lines().findFirst().orElse("");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON);
    }

    private void done(int count) {
        long gone;
        synchronized (gate) {
            written += count;
            gate.notifyAll();
            gone = lost;
            lost = 0;
        }
        if (gone > 0)
            warnings.accept(
                    "the usage of %d calls is lost: %s did not answer for too long".formatted(gone, database.place()));
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException closing) {
            // Once more, and at once.
        }
    }
}
