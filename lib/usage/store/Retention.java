package lib.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Forgets what is old enough: single calls after five weeks, their sums by the hour after two years and a bit,
/// so that a year can be compared with the one before.
final class Retention {
    static final Duration CALLS = Duration.ofDays(35);
    static final Duration HOURS = Duration.ofDays(750);
    private static final Duration EVERY = Duration.ofHours(1);

    private final InstantSource clock;
    private Instant next = Instant.MIN;

    Retention(InstantSource clock) {
        this.clock = clock;
    }

    /// Forgets, once an hour.
    void turn(Connection sql) throws SQLException {
        var now = clock.instant();
        if (now.isBefore(next)) return;
        sql.setAutoCommit(false);
        try {
            delete(sql, "DELETE FROM call WHERE time < ?", now.minus(CALLS));
            var hours = now.minus(HOURS);
            delete(sql, "DELETE FROM latency WHERE hour < ?", hours);
            delete(sql, "DELETE FROM detail_hour WHERE hour < ?", hours);
            if (delete(sql, "DELETE FROM hour WHERE hour < ?", hours) > 0) deleteUnused(sql);
            FreeTexts.forget(sql, now);
            delete(sql, "DELETE FROM writer WHERE time < ?", now.minus(CALLS));
            sql.setAutoCommit(true);
        } catch (SQLException e) {
            sql.rollback();
            throw e;
        }
        next = now.plus(EVERY);
    }

    private static void deleteUnused(Connection sql) throws SQLException {
        try (var delete = sql.createStatement()) {
            delete.executeUpdate("DELETE FROM series WHERE id NOT IN (SELECT series FROM hour)");
            delete.executeUpdate("DELETE FROM detail WHERE id NOT IN (SELECT detail FROM detail_hour)");
        }
    }

    private static int delete(Connection sql, String statement, Instant before) throws SQLException {
        try (var delete = sql.prepareStatement(statement)) {
            delete.setLong(1, before.toEpochMilli());
            return delete.executeUpdate();
        }
    }
}
