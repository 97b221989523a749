package lib.usage.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import lib.database.SqlRows;

/// Stores the names of budgets in the table `budget_name` of the usage store. A budget is identified by its
/// target and its period, and need not have a name.
///
///     BudgetNames.set(sql, target, period, "team-monthly")
public final class BudgetNames {
    private BudgetNames() {}

    /// The target and period that identify a budget.
    public record Key(BudgetTarget target, Period period) {}

    /// Returns the names of all budgets that have one.
    public static Map<Key, String> list(Connection sql) throws SQLException {
        var names = new HashMap<Key, String>();
        SqlRows.list(sql, "SELECT target, period, name FROM budget_name", row -> {
            var target = BudgetTarget.find(row.getString(1));
            var period = Period.of(row.getString(2));
            if (target.isPresent() && period.isPresent())
                names.put(new Key(target.get(), period.get()), row.getString(3));
            return null;
        });
        return names;
    }

    /// Gives a budget a name, which replaces the one that it had.
    public static void set(Connection sql, BudgetTarget target, Period period, String name) throws SQLException {
        delete(sql, target, period);
        SqlRows.update(
                sql,
                "INSERT INTO budget_name (name, target, period) VALUES (?, ?, ?)",
                name,
                target.wire(),
                period.wire());
    }

    /// Removes the name of a budget.
    public static void delete(Connection sql, BudgetTarget target, Period period) throws SQLException {
        SqlRows.update(sql, "DELETE FROM budget_name WHERE target = ? AND period = ?", target.wire(), period.wire());
    }
}
