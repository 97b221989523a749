package lib.usage.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import lib.database.SqlRows;

/// What budgets are called, in the table `budget_name` of the usage store. A budget is told from others by its target
/// and period, and need not have a name.
///
///     BudgetNames.set(sql, target, period, "team-monthly")
public final class BudgetNames {
    private BudgetNames() {}

    /// Which budget.
    public record Key(BudgetTarget target, Period period) {}

    /// All names, by the budget.
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

    /// Names a budget, in the place of the name that it had.
    public static void set(Connection sql, BudgetTarget target, Period period, String name) throws SQLException {
        delete(sql, target, period);
        SqlRows.update(
                sql,
                "INSERT INTO budget_name (name, target, period) VALUES (?, ?, ?)",
                name,
                target.wire(),
                period.wire());
    }

    /// Forgets the name of a budget.
    public static void delete(Connection sql, BudgetTarget target, Period period) throws SQLException {
        SqlRows.update(sql, "DELETE FROM budget_name WHERE target = ? AND period = ?", target.wire(), period.wire());
    }
}
