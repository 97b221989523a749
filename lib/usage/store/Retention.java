package lib.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import lib.database.SqlRows;
import lib.database.Transaction;

/// Deletes old usage: single calls after five weeks, their sums by the hour after a little more than two years,
/// so that a year can be compared with the previous one.
///
/// A writer's last batch is remembered as long as the sums: a [UsageJournal] may be found on a machine that was off
/// for a year, and must not count twice. What an even older one holds is deleted anyway once it is written.
final class Retention {
    static final Duration CALLS = Duration.ofDays(35);
    static final Duration HOURS = Duration.ofDays(750);
    private static final Duration WRITERS = HOURS.plusDays(1);
    private static final Duration EVERY = Duration.ofHours(1);

    private final InstantSource clock;
    private Instant next = Instant.MIN;

    Retention(InstantSource clock) {
        this.clock = clock;
    }

    /// Deletes old usage once an hour.
    void turn(Connection sql) throws SQLException {
        var now = clock.instant();
        if (now.isBefore(next)) return;
        Transaction.run(sql, () -> {
            delete(sql, "DELETE FROM call WHERE time < ?", now.minus(CALLS));
            var hours = now.minus(HOURS);
            delete(sql, "DELETE FROM latency WHERE hour < ?", hours);
            delete(sql, "DELETE FROM detail_hour WHERE hour < ?", hours);
            if (delete(sql, "DELETE FROM hour WHERE hour < ?", hours) > 0) deleteUnused(sql);
            FreeTexts.forget(sql, now);
            return delete(sql, "DELETE FROM writer WHERE time < ?", now.minus(WRITERS));
        });
        next = now.plus(EVERY);
    }

    private static void deleteUnused(Connection sql) throws SQLException {
        SqlRows.update(sql, "DELETE FROM series WHERE id NOT IN (SELECT series FROM hour)");
        SqlRows.update(sql, "DELETE FROM detail WHERE id NOT IN (SELECT detail FROM detail_hour)");
    }

    private static int delete(Connection sql, String statement, Instant before) throws SQLException {
        return SqlRows.update(sql, statement, before.toEpochMilli());
    }
}
