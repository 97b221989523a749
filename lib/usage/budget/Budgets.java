package lib.usage.budget;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lib.database.StoreConnection;
import lib.usage.Usage;

/// Decides whether a call may be made, by comparing the budgets with what was spent. It does so without a query:
/// it is told about every call of this process, and reads every few seconds what other processes wrote to the
/// store.
///
///     budgets.decide("ada@example.com", "claude-code")
///
/// A call counts once it is over. Until then its expected cost is reserved, see [Admission]. When several
/// gateways share a store, each knows the reservations of its own calls only, and learns with a delay of seconds
/// what the others' calls have cost. So a budget can be exceeded by what the other gateways let through in that
/// time. A call of unknown cost counts nothing, or an estimate if the budget says so. As long as the store could
/// not be read for the first time, every call is let in.
public final class Budgets {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final SpendLedger spending = new SpendLedger();
    /// The sums of the reservations of the calls that are running, by account. An account without a reservation
    /// is not in the map.
    private final Map<String, SpentAmount> reserved = new HashMap<>();
    private final CountDownLatch known = new CountDownLatch(1);
    private volatile List<Budget> budgets = List.of();
    private volatile boolean changed = true;
    private long last;

    public Budgets(InstantSource clock) {
        this.clock = clock;
    }

    /// Decides whether this user may make a call with this agent, without a reservation.
    public BudgetDecision decide(String user, String agent) {
        return admit(new Admission.Request("", "", "", user, agent, Usage.NONE), true, 0);
    }

    /// Tells whether any budget applies to calls of this user with this agent.
    boolean concerns(String user, String agent) {
        for (var budget : budgets) if (whose(budget, user, agent) != null) return true;
        return false;
    }

    /// Decides whether the call may be made, and reserves its expected cost if so.
    ///
    /// @param isPriced whether the call's model has a price
    /// @param cost the call's expected cost in microcents
    BudgetDecision admit(Admission.Request request, boolean isPriced, long cost) {
        var now = clock.instant();
        var warnings = new ArrayList<String>();
        // No other call may read the sums between this check and the reservation.
        synchronized (spending) {
            for (var budget : budgets) {
                var whose = whose(budget, request.user(), request.agent());
                if (whose == null) continue;
                var name = whose.isEmpty() ? "everyone" : whose.substring(whose.indexOf(':') + 1);
                var spent = budget.counted(spending.spent(budget.period(), whose, now));
                if (budget.isSpent(spent))
                    return BudgetDecision.spent(
                            budget, name, spent, budget.period().end(now));
                if (!isPriced && budget.unpriced() == Unpriced.REFUSE)
                    return BudgetDecision.noPrice(budget, name, request.provider(), request.model());
                var running = budget.counted(reserved.getOrDefault(whose, SpentAmount.NOTHING));
                if (budget.isSpent(spent + running)) return BudgetDecision.busy(budget, name, spent, running);
                if (budget.isNearlySpent(spent))
                    warnings.add(BudgetDecision.warning(
                            budget, name, spent, budget.period().end(now)));
            }
            return new BudgetDecision.Open(
                    warnings,
                    reserve(request, isPriced ? new SpentAmount(cost, 0, 0, 0) : new SpentAmount(0, cost, 0, 0)));
        }
    }

    private Reservation reserve(Admission.Request request, SpentAmount cost) {
        if (cost.isNothing() || budgets.isEmpty()) return Reservation.NONE;
        var accounts = List.of(SpendLedger.ALL, SpendLedger.user(request.user()), SpendLedger.agent(request.agent()));
        for (var account : accounts) reserved.merge(account, cost, SpentAmount::plus);
        return new Reservation(() -> {
            synchronized (spending) {
                for (var account : accounts) reserved.compute(account, (_, before) -> less(before, cost));
            }
        });
    }

    private static SpentAmount less(SpentAmount before, SpentAmount cost) {
        var left = before.minus(cost);
        return left.isNothing() ? null : left;
    }

    /// Tells whether any running call has a reservation.
    public boolean isReserving() {
        synchronized (spending) {
            return !reserved.isEmpty();
        }
    }

    /// Returns the account of which a budget counts this call; null if the budget does not apply to it.
    private String whose(Budget budget, String user, String agent) {
        return switch (budget.target()) {
            case BudgetTarget.Everyone _ -> SpendLedger.ALL;
            case BudgetTarget.User(var name) -> name.equals(user) ? SpendLedger.user(user) : null;
            case BudgetTarget.Agent(var name) -> name.equals(agent) ? SpendLedger.agent(agent) : null;
            case BudgetTarget.EachUser _ ->
                has(new BudgetTarget.User(user), budget.period()) ? null : SpendLedger.user(user);
            case BudgetTarget.EachAgent _ ->
                has(new BudgetTarget.Agent(agent), budget.period()) ? null : SpendLedger.agent(agent);
        };
    }

    private boolean has(BudgetTarget target, Period period) {
        return budgets.stream()
                .anyMatch(budget -> budget.period() == period && budget.target().equals(target));
    }

    /// Returns the budgets that are enforced at present.
    public List<Budget> list() {
        return budgets;
    }

    /// Returns what was spent of a budget in the current period.
    ///
    /// @param user the user to look at, if the budget is one for each user
    public SpentAmount spent(Budget budget, String user) {
        return spent(
                budget.period(),
                switch (budget.target()) {
                    case BudgetTarget.Everyone _ -> SpendLedger.ALL;
                    case BudgetTarget.User(var name) -> SpendLedger.user(name);
                    case BudgetTarget.Agent(var name) -> SpendLedger.agent(name);
                    case BudgetTarget.EachUser _ -> SpendLedger.user(user);
                    case BudgetTarget.EachAgent _ -> SpendLedger.agent("");
                },
                clock.instant());
    }

    /// Returns what all users spent together in the current period.
    public SpentAmount spentByAll(Period period) {
        return spent(period, SpendLedger.ALL, clock.instant());
    }

    private SpentAmount spent(Period period, String whose, Instant now) {
        synchronized (spending) {
            return spending.spent(period, whose, now);
        }
    }

    /// Waits until the store was read for the first time, but no longer than `limit`.
    ///
    /// @return whether the store was read within that time
    public boolean awaitKnown(Duration limit) throws InterruptedException {
        return known.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Says that this process changed the budgets in the store: the next [#turn] reads them, instead of one
    /// within two seconds.
    public void changed() {
        changed = true;
    }

    /// Adds what a finished call cost, before the call is written to the store.
    ///
    /// @param time when the call's request came in
    public void accepted(Instant time, String user, String agent, SpentAmount spent) {
        if (spent.isNothing()) return;
        synchronized (spending) {
            spending.accepted(time, user, agent, spent);
        }
    }

    /// Says that this part of the money in [#accepted] is now written to the store.
    ///
    /// @param time any instant in the hour in which the calls came in
    public void written(Instant time, String user, String agent, SpentAmount spent) {
        if (spent.isNothing()) return;
        synchronized (spending) {
            spending.written(time, user, agent, spent);
        }
    }

    /// Reads the budgets and, if other processes may have written to the store, what was spent. It does this
    /// every two seconds, and at once after [#changed]. Only the thread that writes this process's calls to the
    /// store may call it: then nothing is being written while it reads.
    public void turn(StoreConnection connection) throws SQLException {
        if (!changed && System.nanoTime() - last < EVERY.toNanos()) return;
        changed = false;
        var sql = connection.get();
        var before = budgets;
        var set = List.copyOf(BudgetTable.list(sql));
        if (set.isEmpty() || before.isEmpty() || connection.haveOthersWritten()) {
            var read = set.isEmpty()
                    ? new HashMap<SpendLedger.Account, SpentAmount>()
                    : SpendLedger.read(sql, clock.instant());
            synchronized (spending) {
                spending.replace(read);
            }
        }
        budgets = set;
        known.countDown();
        last = System.nanoTime();
    }
}
