package lib.usage.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import lib.database.Database;
import lib.database.StoreConnection;
import lib.usage.Call;
import lib.usage.budget.Admission;
import lib.usage.budget.Budgets;
import lib.usage.budget.SpentAmount;
import lib.usage.pricing.Prices;
import lib.usage.store.Batch.Series;

/// The usage of a gateway: stores calls, reports sums, and enforces budgets.
///
///     try (var accounting = UsageService.open(UsageDatabase.local(host), Prices.list(), host.clock(), host::warn)) {
///         EmbeddedGateway.start(config.withUsage(accounting));
///     }
public final class UsageService implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final UsageStore store;
    private final UsageReports reports;
    private final StoredBudgets stored;
    private final Admission admission;
    private final InstantSource clock;

    private UsageService(
            UsageStore store, UsageReports reports, StoredBudgets stored, Admission admission, InstantSource clock) {
        this.store = store;
        this.reports = reports;
        this.stored = stored;
        this.admission = admission;
        this.clock = clock;
    }

    /// Opens a store without a journal.
    public static UsageService open(Database database, Prices prices, InstantSource clock, Consumer<String> warnings) {
        return open(database, prices, clock, warnings, Optional.empty());
    }

    /// Opens a store. When this returns, what was spent before is known. If the store does not answer it is tried
    /// again later; meanwhile all calls are let in.
    ///
    /// @param warnings told of a store that does not answer
    /// @param journal the place of usage that cannot be written at the moment; empty for none
    public static UsageService open(
            Database database,
            Prices prices,
            InstantSource clock,
            Consumer<String> warnings,
            Optional<UsageJournal> journal) {
        var budgets = new Budgets(clock);
        var admission = new Admission(budgets, prices, clock);
        var store = UsageStore.open(database, prices, clock, warnings, new Enforced(admission), journal);
        try {
            budgets.awaitKnown(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new UsageService(
                store, UsageReports.of(database), new StoredBudgets(database, budgets::changed), admission, clock);
    }

    /// Returns the consumer that stores every call.
    public Consumer<Call> calls() {
        return store;
    }

    /// Returns the reports about stored calls.
    public UsageReports reports() {
        return reports;
    }

    /// Returns the budgets as they are enforced.
    public Budgets budgets() {
        return admission.budgets();
    }

    /// Returns the check of calls against the budgets.
    public Admission admission() {
        return admission;
    }

    /// Returns the stored budgets, which can be changed.
    public StoredBudgets stored() {
        return stored;
    }

    /// Returns whether the disk of the store is full.
    public boolean isFull() {
        return store.isFull();
    }

    /// Returns what is not in the store.
    public UsageBacklog backlog() {
        return store.backlog();
    }

    /// Returns the clock by which calls are dated.
    public InstantSource clock() {
        return clock;
    }

    @Override
    public void close() {
        store.close();
        reports.close();
    }

    /// Tells the budgets which calls were accepted and which were written.
    private static final class Enforced implements UsageStore.Ledger {
        private final Admission admission;
        private final Budgets budgets;

        Enforced(Admission admission) {
            this.admission = admission;
            this.budgets = admission.budgets();
        }

        @Override
        public void accepted(Series series, Call call, SpentAmount spent) {
            budgets.accepted(call.time(), series.caller(), series.agent(), spent);
            admission.accepted(call, spent);
        }

        @Override
        public void written(Batch batch) {
            batch.hours()
                    .forEach((hour, sums) -> budgets.written(
                            Instant.ofEpochMilli(hour.begin()),
                            hour.series().caller(),
                            hour.series().agent(),
                            SpentAmount.of(sums)));
        }

        @Override
        public void turn(StoreConnection connection) throws SQLException {
            budgets.turn(connection);
        }
    }
}
