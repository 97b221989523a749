package lib.usage.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The budgets of a usage store, in its table `budget`.
///
///     BudgetTable.set(sql, budget)
public final class BudgetTable {
    private BudgetTable() {}

    /// All of them, in no order.
    public static List<Budget> list(Connection sql) throws SQLException {
        var budgets = new ArrayList<Budget>();
        try (var query = sql.createStatement();
                var rows = query.executeQuery(
                        "SELECT target, period, microcents, warn_percent, unpriced FROM budget ORDER BY "
                                + "target, period")) {
            while (rows.next()) {
                var target = BudgetTarget.find(rows.getString(1));
                var period = Period.of(rows.getString(2));
                // One that a newer version wrote is its business.
                if (target.isPresent() && period.isPresent())
                    budgets.add(new Budget(
                            target.get(),
                            period.get(),
                            rows.getLong(3),
                            rows.getInt(4),
                            Unpriced.of(rows.getString(5)).orElse(Unpriced.ALLOW)));
            }
        }
        return budgets;
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
        try (var set = sql.prepareStatement(
                "INSERT INTO budget (target, period, microcents, warn_percent, unpriced) VALUES (?, ?, ?,"
                        + " ?, ?) ON CONFLICT (target, period) DO UPDATE SET microcents = excluded.microcents, "
                        + "warn_percent = excluded.warn_percent, unpriced = excluded.unpriced")) {
            set.setString(1, budget.target().wire());
            set.setString(2, budget.period().wire());
            set.setLong(3, budget.microcents());
            set.setInt(4, budget.warnPercent());
            set.setString(5, budget.unpriced().wire());
            set.executeUpdate();
        }
    }

    /// @return whether there was one
    public static boolean delete(Connection sql, BudgetTarget target, Period period) throws SQLException {
        try (var delete = sql.prepareStatement("DELETE FROM budget WHERE target = ? AND period = ?")) {
            delete.setString(1, target.wire());
            delete.setString(2, period.wire());
            return delete.executeUpdate() > 0;
        }
    }
}
