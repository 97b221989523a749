package lib.usage.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// What budgets are called, in a table `budget_name` of the usage store that is made when it is needed: a budget
/// is told from others by its target and period, and need not have a name.
///
///     BudgetNames.set(sql, target, period, "team-monthly")
public final class BudgetNames {
    private BudgetNames() {}

    /// Which budget.
    public record Key(BudgetTarget target, Period period) {}

    /// All names, by the budget.
    public static Map<Key, String> list(Connection sql) throws SQLException {
        prepare(sql);
        var names = new HashMap<Key, String>();
        try (var query = sql.createStatement();
                var rows = query.executeQuery("SELECT target, period, name FROM budget_name")) {
            while (rows.next()) {
                var target = BudgetTarget.find(rows.getString(1));
                var period = Period.of(rows.getString(2));
                if (target.isPresent() && period.isPresent())
                    names.put(new Key(target.get(), period.get()), rows.getString(3));
            }
        }
        return names;
    }

    /// Names a budget, in the place of the name that it had.
    public static void set(Connection sql, BudgetTarget target, Period period, String name) throws SQLException {
        delete(sql, target, period);
        try (var set = sql.prepareStatement("INSERT INTO budget_name (name, target, period) VALUES (?, ?, ?)")) {
            set.setString(1, name);
            set.setString(2, target.wire());
            set.setString(3, period.wire());
            set.executeUpdate();
        }
    }

    /// Forgets the name of a budget.
    public static void delete(Connection sql, BudgetTarget target, Period period) throws SQLException {
        prepare(sql);
        try (var delete = sql.prepareStatement("DELETE FROM budget_name WHERE target = ? AND period = ?")) {
            delete.setString(1, target.wire());
            delete.setString(2, period.wire());
            delete.executeUpdate();
        }
    }

    private static void prepare(Connection sql) throws SQLException {
        try (var statement = sql.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS budget_name (name TEXT PRIMARY KEY, target TEXT NOT NULL,"
                    + " period TEXT NOT NULL, UNIQUE (target, period))");
        }
    }
}
