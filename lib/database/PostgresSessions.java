package lib.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// The connections of rpkai to a PostgreSQL database.
///
///     PostgresSessions.awaitAlone(sql, Duration.ofSeconds(10))   // false if a gateway is connected
public final class PostgresSessions {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private PostgresSessions() {}

    /// Waits until there is no other connection of rpkai, also within a transaction.
    ///
    /// @return whether that was so within `patience`
    public static boolean awaitAlone(Connection sql, Duration patience) throws SQLException {
        var until = System.nanoTime() + patience.toNanos();
        while (others(sql) > 0) {
            if (System.nanoTime() > until || Thread.currentThread().isInterrupted()) return false;
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return true;
    }

    private static long others(Connection sql) throws SQLException {
        // A transaction would get the answer of its first question again.
        SqlRows.execute(sql, "SELECT pg_stat_clear_snapshot()");
        return SqlRows.number(
                sql,
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = ? "
                        + "AND pid <> pg_backend_pid()",
                PostgresDatabase.APPLICATION);
    }
}
