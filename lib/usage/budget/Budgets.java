package lib.usage.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Decides whether a call may be made, by what was spent before. It asks no database: it is told of every call of this
/// process, and reads what others wrote every few seconds.
///
///     budgets.decide("ada@example.com", "claude-code")
///
/// A call counts once it is over. So what runs at the moment when a budget is used up is still paid for, and where several
/// gateways share a store, what the others let through in the last seconds. A call that has no price counts nothing. While the
/// store can't be read at the start, nobody is held back.
public final class Budgets {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final Spending spending = new Spending();
    private final CountDownLatch known = new CountDownLatch(1);
    private volatile List<Budget> budgets = List.of();
    private volatile boolean changed = true;
    private long last;

    public Budgets(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether the call may be made, and what to warn of.
    public Verdict decide(String user, String agent) {
        var now = clock.instant();
        var warnings = new ArrayList<String>();
        for (var budget : budgets) {
            var whose = whose(budget, user, agent);
            if (whose == null) continue;
            var spent = spent(budget.period(), whose, now);
            var name = whose.isEmpty() ? "everyone" : whose.substring(whose.indexOf(':') + 1);
            if (budget.isSpent(spent)) return Verdict.spent(budget, name, spent, budget.period().end(now));
            if (budget.isNearlySpent(spent)) warnings.add(Verdict.warning(budget, name, spent, budget.period().end(now)));
        }
        return new Verdict.Open(warnings);
    }

    /// Whose account a budget holds against a call; null where it does not.
    private String whose(Budget budget, String user, String agent) {
        return switch (budget.target()) {
            case Target.Everyone _ -> Spending.ALL;
            case Target.User(var name) -> name.equals(user) ? Spending.user(user) : null;
            case Target.Agent(var name) -> name.equals(agent) ? Spending.agent(agent) : null;
            case Target.EachUser _ -> has(new Target.User(user), budget.period()) ? null : Spending.user(user);
            case Target.EachAgent _ -> has(new Target.Agent(agent), budget.period()) ? null : Spending.agent(agent);
        };
    }

    private boolean has(Target target, Period period) {
        return budgets.stream().anyMatch(budget -> budget.period() == period && budget.target().equals(target));
    }

    /// The budgets as they are enforced.
    public List<Budget> list() {
        return budgets;
    }

    /// What was spent of a budget in the period that is running.
    ///
    /// @param user whose, where it is each user's
    public long spent(Budget budget, String user) {
        return spent(budget.period(), switch (budget.target()) {
            case Target.Everyone _ -> Spending.ALL;
            case Target.User(var name) -> Spending.user(name);
            case Target.Agent(var name) -> Spending.agent(name);
            case Target.EachUser _ -> Spending.user(user);
            case Target.EachAgent _ -> Spending.agent("");
        }, clock.instant());
    }

    private long spent(Period period, String whose, Instant now) {
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
    /// @param cost microcents
    public void accepted(Instant time, String user, String agent, long cost) {
        if (cost == 0) return;
        synchronized (spending) {
            spending.accepted(time, user, agent, cost);
        }
    }

    /// So much of what was accepted is written.
    ///
    /// @param time any in the hour in which the calls came in
    public void written(Instant time, String user, String agent, long cost) {
        if (cost == 0) return;
        synchronized (spending) {
            spending.written(time, user, agent, cost);
        }
    }

    /// Takes over the budgets that were set and what others wrote, every few seconds. What this process wrote is all there at
    /// that moment, and nothing is added to it meanwhile: the thread that calls this is the one that writes.
    ///
    /// @param others whether others may have written since the last time
    public void turn(Connection sql, Others others) throws SQLException {
        if (!changed && System.nanoTime() - last < EVERY.toNanos()) return;
        changed = false;
        var before = budgets;
        var set = List.copyOf(BudgetTable.list(sql));
        if (set.isEmpty() || before.isEmpty() || others.wrote(sql)) {
            var read = set.isEmpty() ? new HashMap<Spending.Account, Long>() : Spending.read(sql, clock.instant());
            synchronized (spending) {
                spending.replace(read);
            }
        }
        budgets = set;
        known.countDown();
        last = System.nanoTime();
    }

    /// Who else writes to a store.
    @FunctionalInterface
    public interface Others {
        boolean wrote(Connection sql) throws SQLException;
    }
}
