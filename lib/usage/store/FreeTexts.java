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

/// Keeps what clients and upstreams write as they like from filling a store: so many new values of a label are
/// taken in a day (UTC), and what comes beyond is kept as `(other)`. What is known already is always taken. A day
/// later there is room again, so that a name that is new tomorrow is kept although somebody made up thousands
/// today.
///
///     new FreeTexts(sql, now).kept(UsageSchema.LABELS, series.labels())
///
/// For one batch.
final class FreeTexts {
    static final String OTHER = "(other)";
    /// New values of a label in a day.
    static final int MOST = 1_000;
    /// Every conversation has another session.
    static final int MOST_SESSIONS = 10_000;
    private static final String SESSION = "session";
    /// Labels whose values the gateway itself knows: its providers, and who signed in.
    private static final List<String> KNOWN = List.of("provider", "type", "caller");

    private final Connection sql;
    private final long day;
    private final Map<String, Integer> counts = new HashMap<>();

    FreeTexts(Connection sql, Instant now) {
        this.sql = sql;
        this.day = now.atZone(ZoneOffset.UTC).toLocalDate().toEpochDay();
    }

    /// The values as they are kept.
    ///
    /// @param labels what they are values of
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

    /// How many were new today.
    private int count(String label) throws SQLException {
        if (counts.containsKey(label)) return counts.get(label);
        return (int) SqlRows.number(sql, "SELECT COUNT(*) FROM free_text WHERE label = ? AND day = ?", label, day);
    }

    /// Forgets sessions of earlier days, which come back rarely, and everything that is older than what is kept
    /// of calls.
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
