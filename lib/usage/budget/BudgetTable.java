package lib.usage.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The budgets of a usage store, in its table `budget`.
///
///     BudgetTable.set(sql, budget)
public final class BudgetTable {
    private BudgetTable() {}

    /// All of them, in no order.
    public static List<Budget> list(Connection sql) throws SQLException {
        var budgets = new ArrayList<Budget>();
        try (var query = sql.createStatement(); var rows = query.executeQuery("SELECT target, period, microcents, warn_percent FROM budget ORDER BY target, period")) {
            while (rows.next()) {
                var target = Target.find(rows.getString(1));
                var period = Period.of(rows.getString(2));
                // One that a newer version wrote is its business.
                if (target.isPresent() && period.isPresent()) budgets.add(new Budget(target.get(), period.get(), rows.getLong(3), rows.getInt(4)));
            }
        }
        return budgets;
    }

    /// Sets one, in the place of what was there for that target and period.
    public static void set(Connection sql, Budget budget) throws SQLException {
        try (var set = sql.prepareStatement("INSERT INTO budget (target, period, microcents, warn_percent) VALUES (?, ?, ?, ?) ON CONFLICT (target, period) DO UPDATE SET microcents = excluded.microcents, warn_percent = excluded.warn_percent")) {
            set.setString(1, budget.target().wire());
            set.setString(2, budget.period().wire());
            set.setLong(3, budget.microcents());
            set.setInt(4, budget.warnPercent());
            set.executeUpdate();
        }
    }

    /// @return whether there was one
    public static boolean delete(Connection sql, Target target, Period period) throws SQLException {
        try (var delete = sql.prepareStatement("DELETE FROM budget WHERE target = ? AND period = ?")) {
            delete.setString(1, target.wire());
            delete.setString(2, period.wire());
            return delete.executeUpdate() > 0;
        }
    }
}
