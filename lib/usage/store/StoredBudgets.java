package lib.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import lib.base.UserError;
import lib.database.Database;
import lib.database.StoreConnection;
import lib.database.Transaction;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetNames;
import lib.usage.budget.BudgetTable;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.budget.SpentAmount;

/// The budgets that are stored with the usage. A gateway on the same store applies changes within seconds.
///
///     new StoredBudgets(UsageDatabase.local(host)).set(budget)
public final class StoredBudgets {
    /// The time within which PostgreSQL must answer a statement.
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Database database;
    private final Runnable changed;

    public StoredBudgets(Database database) {
        this(database, () -> {});
    }

    /// @param changed called after every change
    StoredBudgets(Database database, Runnable changed) {
        this.database = database;
        this.changed = changed;
    }

    private interface Work<T> {
        T on(Connection sql) throws SQLException;
    }

    /// Returns all budgets.
    public List<Budget> list() {
        return run(BudgetTable::list);
    }

    /// Returns what was spent of each budget; see [BudgetTable#standing].
    public Map<Budget, SpentAmount> standing(Instant now) {
        return run(sql -> BudgetTable.standing(sql, now));
    }

    /// Sets a budget in place of the previous one for that target and period.
    public void set(Budget budget) {
        run(sql -> {
            BudgetTable.set(sql, budget);
            return null;
        });
        changed.run();
    }

    /// Returns the names of the budgets that have one.
    public Map<BudgetNames.Key, String> names() {
        return run(BudgetNames::list);
    }

    /// Names a budget.
    public void name(BudgetTarget target, Period period, String name) {
        run(sql -> {
            BudgetNames.set(sql, target, period, name);
            return null;
        });
    }

    /// Sets all of these budgets, or none.
    ///
    /// @return the budgets that were new or different
    public List<Budget> setAll(List<Budget> wanted) {
        var missing = run(sql -> {
            var there = BudgetTable.list(sql);
            var others =
                    wanted.stream().filter(budget -> !there.contains(budget)).toList();
            return Transaction.run(sql, () -> {
                for (var budget : others) BudgetTable.set(sql, budget);
                return others;
            });
        });
        if (!missing.isEmpty()) changed.run();
        return missing;
    }

    /// Deletes a budget.
    ///
    /// @return whether it existed
    public boolean delete(BudgetTarget target, Period period) {
        var was = run(sql -> {
            BudgetNames.delete(sql, target, period);
            return BudgetTable.delete(sql, target, period);
        });
        changed.run();
        return was;
    }

    private <T> T run(Work<T> work) {
        try (var connection = new StoreConnection(database, UsageSchema.MIGRATIONS).withTimeout(TIMEOUT)) {
            return work.on(connection.get());
        } catch (SQLException e) {
            throw new UserError(
                    "cannot use %s (%s)".formatted(database.title(), e.getMessage()),
                    "check that it exists and is writable",
                    e);
        }
    }
}
