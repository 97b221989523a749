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

/// The budgets of a usage store, in its table `budget`.
///
///     BudgetTable.set(sql, budget)
public final class BudgetTable {
    private BudgetTable() {}

    /// All of them, in no order.
    public static List<Budget> list(Connection sql) throws SQLException {
        return SqlRows.list(
                        sql,
                        "SELECT target, period, microcents, warn_percent, unpriced FROM budget ORDER BY target, period",
                        BudgetTable::budget)
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /// Empty for one of a kind that only a newer version knows.
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

    /// How each stands: what was spent of it in the period that runs at `now`. Of each user's and each agent's,
    /// what all of them together spent.
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

    /// Sets one, in the place of what was there for that target and period.
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

    /// @return whether there was one
    public static boolean delete(Connection sql, BudgetTarget target, Period period) throws SQLException {
        return SqlRows.update(sql, "DELETE FROM budget WHERE target = ? AND period = ?", target.wire(), period.wire())
                > 0;
    }
}
