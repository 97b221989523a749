package lib.database;

import java.sql.Connection;
import java.sql.SQLException;

/// Executes several statements, all or none of them. On SQLite no other process writes in between.
///
///     Transaction.run(sql, () -> {
///         SqlRows.update(sql, "DELETE FROM signin WHERE account = ?", id);
///         return SqlRows.update(sql, "DELETE FROM account WHERE id = ?", id);
///     });
public final class Transaction {
    private Transaction() {}

    /// The work of a transaction.
    public interface Work<T> {
        T run() throws SQLException;
    }

    /// Commits the changes of `work`, or undoes them if it throws.
    public static <T> T run(Connection sql, Work<T> work) throws SQLException {
        var dialect = Dialect.of(sql);
        dialect.begin(sql);
        return finish(sql, dialect, work);
    }

    /// Runs `work` in a transaction that only reads and sees everything as it was at one moment.
    public static <T> T reading(Connection sql, Work<T> work) throws SQLException {
        var dialect = Dialect.of(sql);
        dialect.beginReading(sql);
        return finish(sql, dialect, work);
    }

    private static <T> T finish(Connection sql, Dialect dialect, Work<T> work) throws SQLException {
        try {
            var result = work.run();
            dialect.commit(sql);
            return result;
        } catch (Throwable e) {
            // Even an OutOfMemoryError must not leave a transaction open that a later one would join.
            try {
                dialect.rollBack(sql);
            } catch (SQLException again) {
                // The connection is broken, or SQLite has undone it already since its disk is full.
                e.addSuppressed(again);
            }
            throw e;
        }
    }
}
