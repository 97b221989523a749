package lib.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.database.SqlRows;

/// Limits the texts that clients and upstreams choose, so that they cannot fill a store. Each label accepts a
/// number of new values a day (UTC); further ones are stored as `(other)`. Known values are always accepted. The
/// limit starts again each day, so that a new name is stored tomorrow even if a client made up thousands today.
///
///     new FreeTexts(sql, now).kept(UsageSchema.LABELS, series.labels())
///
/// For one batch.
final class FreeTexts {
    static final String OTHER = "(other)";
    /// The number of new values of a label in a day.
    static final int MOST = 1_000;
    /// The number of new sessions in a day: each conversation has its own.
    static final int MOST_SESSIONS = 10_000;
    private static final String SESSION = "session";
    /// The labels whose values the gateway itself chooses: its providers and signed-in callers.
    private static final List<String> KNOWN = List.of("provider", "type", "caller");

    private final Connection sql;
    private final long day;
    private final Map<String, Integer> counts = new HashMap<>();

    FreeTexts(Connection sql, Instant now) {
        this.sql = sql;
        this.day = now.atZone(ZoneOffset.UTC).toLocalDate().toEpochDay();
    }

    /// Returns the values as they are stored.
    ///
    /// @param labels the labels of the values
    List<String> kept(List<String> labels, List<String> values) throws SQLException {
        var kept = new ArrayList<String>();
        for (int i = 0; i < labels.size(); i++)
            kept.add(KNOWN.contains(labels.get(i)) ? values.get(i) : kept(labels.get(i), values.get(i)));
        return kept;
    }

    private String kept(String label, String value) throws SQLException {
        if (value.isEmpty() || value.equals(OTHER) || isKnown(label, value)) return value;
        var count = count(label);
        if (count >= (label.equals(SESSION) ? MOST_SESSIONS : MOST)) return OTHER;
        SqlRows.update(
                sql,
                "INSERT INTO free_text (label, value, day) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                label,
                value,
                day);
        counts.put(label, count + 1);
        return value;
    }

    private boolean isKnown(String label, String value) throws SQLException {
        return SqlRows.first(sql, "SELECT 1 FROM free_text WHERE label = ? AND value = ?", _ -> true, label, value)
                .isPresent();
    }

    /// Returns the number of new values today.
    private int count(String label) throws SQLException {
        if (counts.containsKey(label)) return counts.get(label);
        return (int) SqlRows.number(sql, "SELECT COUNT(*) FROM free_text WHERE label = ? AND day = ?", label, day);
    }

    /// Deletes the sessions of earlier days, which rarely return, and all texts that are older than the oldest
    /// sums.
    static void forget(Connection sql, Instant now) throws SQLException {
        var day = now.atZone(ZoneOffset.UTC).toLocalDate().toEpochDay();
        SqlRows.update(
                sql,
                "DELETE FROM free_text WHERE label = ? AND day < ? OR day < ?",
                SESSION,
                day - 1,
                day - Retention.HOURS.toDays());
    }
}
