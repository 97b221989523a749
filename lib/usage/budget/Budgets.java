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

/// Decides whether a call may be made, by what was spent before. It asks no database: it is told of every call of
/// this process, and reads what others wrote every few seconds.
///
///     budgets.decide("ada@example.com", "claude-code")
///
/// A call counts once it is over; until then, what it is expected to cost is kept back, see [Admission]. Where
/// several gateways share a store each knows of its own running calls only, and of what the others let through
/// with a delay of seconds: a budget can be passed by what the others are expected to spend in that time. A call
/// without a known cost counts nothing, or an estimate where a budget wants one. While the store can't be read at
/// the start, every call is let in.
public final class Budgets {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final SpendLedger spending = new SpendLedger();
    /// What is kept back for calls that are running, by whose account; none of it is nothing.
    private final Map<String, SpentAmount> reserved = new HashMap<>();
    private final CountDownLatch known = new CountDownLatch(1);
    private volatile List<Budget> budgets = List.of();
    private volatile boolean changed = true;
    private long last;

    public Budgets(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether a call of that user may be made that costs nothing while it runs.
    public BudgetDecision decide(String user, String agent) {
        return admit(new Admission.Request("", "", "", user, agent, Usage.NONE), true, 0);
    }

    /// Whether any budget is held against calls of that user with that agent.
    boolean concerns(String user, String agent) {
        for (var budget : budgets) if (whose(budget, user, agent) != null) return true;
        return false;
    }

    /// Whether the call may be made, and what to warn of.
    ///
    /// @param isPriced whether its model has a price
    /// @param cost what it is expected to cost, in microcents
    BudgetDecision admit(Admission.Request request, boolean isPriced, long cost) {
        var now = clock.instant();
        var warnings = new ArrayList<String>();
        // Between the look and the reservation no other call may look.
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

    /// Whether anything is kept back for a call that is running.
    public boolean isReserving() {
        synchronized (spending) {
            return !reserved.isEmpty();
        }
    }

    /// Whose account a budget holds against a call; null where it does not.
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

    /// The budgets as they are enforced.
    public List<Budget> list() {
        return budgets;
    }

    /// What was spent of a budget in the period that is running.
    ///
    /// @param user whose, where it is each user's
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

    /// What everyone spent in the period that is running, whosever account a budget is for.
    public SpentAmount spentByAll(Period period) {
        return spent(period, SpendLedger.ALL, clock.instant());
    }

    private SpentAmount spent(Period period, String whose, Instant now) {
        synchronized (spending) {
            return spending.spent(period, whose, now);
        }
    }

    /// Waits until the store was read for the first time.
    ///
    /// @return whether it was within `limit`
    public boolean awaitKnown(Duration limit) throws InterruptedException {
        return known.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The budgets were changed here: they hold from the next turn on, a fraction of a second.
    public void changed() {
        changed = true;
    }

    /// A call is over; it is not written yet.
    ///
    /// @param time when it came in
    public void accepted(Instant time, String user, String agent, SpentAmount spent) {
        if (spent.isNothing()) return;
        synchronized (spending) {
            spending.accepted(time, user, agent, spent);
        }
    }

    /// So much of what was accepted is written.
    ///
    /// @param time any in the hour in which the calls came in
    public void written(Instant time, String user, String agent, SpentAmount spent) {
        if (spent.isNothing()) return;
        synchronized (spending) {
            spending.written(time, user, agent, spent);
        }
    }

    /// Takes over the budgets that were set and what others wrote, every few seconds. What this process wrote is
    /// all there at that moment, and nothing is added to it meanwhile: the thread that calls this is the one that
    /// writes.
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
