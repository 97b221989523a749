package lib.gateway.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lib.database.Dialect;
import lib.database.SqlRows;
import lib.database.Transaction;

/// Everything that requests need of a state, as it was at one moment. Parts that did not change are the same
/// objects as in the previous snapshot.
///
/// @param moment the moment, which tells whether the snapshot is still current
/// @param resources the definitions of each table, by name
/// @param secrets the sealed secrets, by name
/// @param access the accounts with access
/// @param facts the single values, by name
record StateSnapshot(
        Moment moment,
        Map<String, Map<String, StoredResource>> resources,
        Map<String, byte[]> secrets,
        StoredAccounts.Access access,
        Map<String, String> facts) {
    /// The tables of definitions.
    static final List<String> TABLES = List.of("provider", "mcp_server");

    private static final ObjectMapper JSON = new ObjectMapper();

    /// A point in the history of a state. If two are equal, nothing changed in between.
    ///
    /// @param revision the number of changes that requests have to see
    /// @param dataVersion SQLite's own count of commits by other connections, because rpkai 0.1 counts no
    ///     revisions
    record Moment(long revision, long dataVersion) {
        static Moment now(Connection sql) throws SQLException {
            return new Moment(
                    Facts.number(sql, Facts.REVISION),
                    Dialect.of(sql) == Dialect.SQLITE ? SqlRows.number(sql, "PRAGMA data_version") : 0);
        }
    }

    /// Reads a snapshot, or returns the previous one if it is still current.
    static StateSnapshot read(Connection sql, Optional<StateSnapshot> before) throws SQLException {
        var now = Moment.now(sql);
        if (before.isPresent() && before.get().moment.equals(now)) return before.get();
        return Transaction.reading(sql, () -> {
            // Read again within the transaction: later commits belong to the next snapshot.
            var moment = Moment.now(sql);
            var facts = Facts.all(sql);
            var resources = new HashMap<String, Map<String, StoredResource>>();
            for (var table : TABLES)
                resources.put(table, sameOr(before.map(known -> known.resources.get(table)), resources(sql, table)));
            return new StateSnapshot(
                    moment,
                    Map.copyOf(resources),
                    secrets(sql),
                    StoredAccounts.Access.read(sql, facts, before.map(StateSnapshot::access)),
                    facts);
        });
    }

    private static <T> T sameOr(Optional<T> before, T now) {
        return before.filter(now::equals).orElse(now);
    }

    private static Map<String, StoredResource> resources(Connection sql, String table) throws SQLException {
        var resources = new TreeMap<String, StoredResource>();
        for (var each : SqlRows.list(sql, "SELECT * FROM " + table, StateSnapshot::resource))
            resources.put(each.name(), each);
        return Collections.unmodifiableMap(resources);
    }

    static StoredResource resource(ResultSet row) throws SQLException {
        try {
            return new StoredResource(
                    row.getString("name"),
                    (ObjectNode) JSON.readTree(row.getString("definition")),
                    Instant.parse(row.getString("created")),
                    Instant.parse(row.getString("updated")));
        } catch (JsonProcessingException e) {
            throw new SQLException("something in it is not JSON");
        }
    }

    private static Map<String, byte[]> secrets(Connection sql) throws SQLException {
        var secrets = new HashMap<String, byte[]>();
        for (var each : SqlRows.list(
                sql, "SELECT name, sealed FROM secret", row -> Map.entry(row.getString(1), row.getBytes(2))))
            secrets.put(each.getKey(), each.getValue());
        return Map.copyOf(secrets);
    }
}
