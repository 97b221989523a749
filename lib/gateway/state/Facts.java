package lib.gateway.state;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import lib.database.ChangeFeed;
import lib.database.SqlRows;

/// Single values that a state remembers, by their names.
///
///     Facts.find(sql, "key place")   // Optional[file]
final class Facts {
    /// Counts the changes that requests have to see.
    static final String REVISION = "revision";

    static final String SESSION_KEY = "mcp session key";

    private Facts() {}

    static Optional<String> find(Connection sql, String name) throws SQLException {
        return SqlRows.first(sql, "SELECT value FROM fact WHERE name = ?", row -> row.getString(1), name);
    }

    static void set(Connection sql, String name, String value) throws SQLException {
        SqlRows.update(
                sql,
                "INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                name,
                value);
    }

    static void delete(Connection sql, String name) throws SQLException {
        SqlRows.update(sql, "DELETE FROM fact WHERE name = ?", name);
    }

    /// Sets a value; returns the one before.
    static Optional<String> replace(StateDatabase database, String name, String value) {
        return database.write(sql -> {
            var before = find(sql, name);
            if (!before.equals(Optional.of(value))) set(sql, name, value);
            return before;
        });
    }

    static Map<String, String> all(Connection sql) throws SQLException {
        var all = new HashMap<String, String>();
        SqlRows.list(sql, "SELECT name, value FROM fact", row -> all.put(row.getString(1), row.getString(2)));
        return Map.copyOf(all);
    }

    /// Within a change that requests have to see: every gateway on this state reads it again within a second.
    static Void changed(Connection sql) throws SQLException {
        increment(sql, REVISION);
        ChangeFeed.announce(sql, StateWatch.CHANNEL);
        return null;
    }

    /// A number; 0 where there is none.
    static long number(Connection sql, String name) throws SQLException {
        return find(sql, name).map(Long::parseLong).orElse(0L);
    }

    /// Counts a number up, from 1.
    static Void increment(Connection sql, String name) throws SQLException {
        SqlRows.update(
                sql,
                "INSERT INTO fact (name, value) VALUES (?, '1') ON CONFLICT (name) DO UPDATE SET value = "
                        + "CAST(CAST(fact.value AS BIGINT) + 1 AS TEXT)",
                name);
        return null;
    }

    /// The key by which MCP sessions are bound to their callers: 32 bytes, made with the first session. It opens
    /// nothing: who knows it still needs a token of their own and the id of another's session.
    static byte[] sessionKey(StateDatabase database) {
        var kept = Optional.ofNullable(database.snapshot().facts().get(SESSION_KEY));
        return Base64.getDecoder()
                .decode(kept.orElseGet(() -> database.write(sql -> {
                    var others = find(sql, SESSION_KEY);
                    if (others.isPresent()) return others.get();
                    var key = new byte[32];
                    new SecureRandom().nextBytes(key);
                    var text = Base64.getEncoder().encodeToString(key);
                    set(sql, SESSION_KEY, text);
                    changed(sql);
                    return text;
                })));
    }
}
