package lib.usage.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import lib.database.Database;
import lib.database.StoreConnection;
import lib.usage.Call;
import lib.usage.budget.Admission;
import lib.usage.budget.Budgets;
import lib.usage.budget.SpentAmount;
import lib.usage.pricing.Prices;
import lib.usage.store.Batch.Series;

/// All that a gateway has to do with usage: where calls are kept, what they come to, and what may still be spent.
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

    /// Opens a store; when this returns, what was spent before is known. One that can't be opened is tried again
    /// later: calls go on meanwhile, and nobody is held back.
    ///
    /// @param warnings told of a store that does not answer
    public static UsageService open(Database database, Prices prices, InstantSource clock, Consumer<String> warnings) {
        var budgets = new Budgets(clock);
        var admission = new Admission(budgets, prices, clock);
        var store = UsageStore.open(database, prices, clock, warnings, new Enforced(admission));
        try {
            budgets.awaitKnown(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new UsageService(
                store, UsageReports.of(database), new StoredBudgets(database, budgets::changed), admission, clock);
    }

    /// Who is to be told of every call.
    public Consumer<Call> calls() {
        return store;
    }

    /// Who knows what calls come to.
    public UsageReports reports() {
        return reports;
    }

    /// Who knows what may still be spent.
    public Budgets budgets() {
        return admission.budgets();
    }

    /// Who lets calls in.
    public Admission admission() {
        return admission;
    }

    /// Where budgets are set.
    public StoredBudgets stored() {
        return stored;
    }

    /// Whether the disk of the store has no room for more.
    public boolean isFull() {
        return store.isFull();
    }

    /// By which it dates calls.
    public InstantSource clock() {
        return clock;
    }

    @Override
    public void close() {
        store.close();
        reports.close();
    }

    /// Has the budgets follow what is written.
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
