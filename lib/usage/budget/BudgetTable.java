package lib.usage.budget;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.database.SqlRows;

/// Stores the budgets in the table `budget` of the usage store.
///
///     BudgetTable.set(sql, budget)
public final class BudgetTable {
    private BudgetTable() {}

    /// Returns all budgets that this version understands, by target and period.
    public static List<Budget> list(Connection sql) throws SQLException {
        return SqlRows.list(
                        sql,
                        "SELECT target, period, microcents, warn_percent, unpriced FROM budget ORDER BY target, period",
                        BudgetTable::budget)
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /// Reads a budget from a row; empty if a newer version wrote a kind of target or period that this one does
    /// not know.
    private static Optional<Budget> budget(ResultSet row) throws SQLException {
        var target = BudgetTarget.find(row.getString(1));
        var period = Period.of(row.getString(2));
        if (target.isEmpty() || period.isEmpty()) return Optional.empty();
        return Optional.of(new Budget(
                target.get(),
                period.get(),
                row.getLong(3),
                row.getInt(4),
                Unpriced.of(row.getString(5)).orElse(Unpriced.ALLOW)));
    }

    /// Returns what was spent of each budget in the period that contains `now`. For the budgets of each user and
    /// of each agent, this is what all of them spent together.
    public static Map<Budget, SpentAmount> standing(Connection sql, Instant now) throws SQLException {
        var spending = new SpendLedger();
        spending.replace(SpendLedger.read(sql, now));
        var standing = new LinkedHashMap<Budget, SpentAmount>();
        for (var budget : list(sql)) {
            standing.put(
                    budget,
                    spending.spent(
                            budget.period(),
                            switch (budget.target()) {
                                case BudgetTarget.User(var name) -> SpendLedger.user(name);
                                case BudgetTarget.Agent(var name) -> SpendLedger.agent(name);
                                default -> SpendLedger.ALL;
                            },
                            now));
        }
        return standing;
    }

    /// Stores a budget, which replaces an earlier one of the same target and period.
    public static void set(Connection sql, Budget budget) throws SQLException {
        SqlRows.update(
                sql,
                "INSERT INTO budget (target, period, microcents, warn_percent, unpriced) VALUES (?, ?, ?, ?, ?) "
                        + "ON CONFLICT (target, period) DO UPDATE SET microcents = excluded.microcents, "
                        + "warn_percent = excluded.warn_percent, unpriced = excluded.unpriced",
                budget.target().wire(),
                budget.period().wire(),
                budget.microcents(),
                budget.warnPercent(),
                budget.unpriced().wire());
    }

    /// Deletes the budget of a target and a period.
    ///
    /// @return whether there was one
    public static boolean delete(Connection sql, BudgetTarget target, Period period) throws SQLException {
        return SqlRows.update(sql, "DELETE FROM budget WHERE target = ? AND period = ?", target.wire(), period.wire())
                > 0;
    }
}
