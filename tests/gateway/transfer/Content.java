package tests.gateway.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import lib.database.Database;
import lib.gateway.state.GatewayState;

/// Everything that two gateways must have in common after a move.
///
///     assertEquals(Content.of(usage), Content.of(moved))
final class Content {
    /// Tables that are not moved, or whose rows differ for a reason.
    private static final Set<String> OWN = Set.of(
            // The version of the tables.
            "state_schema",
            "usage_schema",
            "usage_version",
            // The batches of running processes.
            "writer",
            // Encrypted with another key: compared in clear, see [#secrets].
            "fact",
            "secret");

    private Content() {}

    /// Returns the rows of every table, by the table, as text and sorted.
    static Map<String, List<String>> of(Database database) {
        try (var sql = database.connect()) {
            var content = new TreeMap<String, List<String>>();
            for (var table : tables(sql)) if (!OWN.contains(table)) content.put(table, rows(sql, table));
            return content;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// Compares two contents. The message names the first table and row that differ.
    static void assertSame(Map<String, List<String>> expected, Map<String, List<String>> found) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((table, rows) -> {
            for (int i = 0; i < Math.min(rows.size(), found.get(table).size()); i++)
                assertEquals(rows.get(i), found.get(table).get(i), table);
            assertEquals(rows.size(), found.get(table).size(), table);
        });
    }

    /// Returns the names, times and values of the secrets, and the keys of the sign-ins and sessions.
    static Map<String, String> secrets(GatewayState state) {
        var secrets = new TreeMap<String, String>();
        for (var entry : state.storedSecrets().list())
            secrets.put(
                    entry.name(),
                    entry.updated() + " "
                            + state.secrets().find(entry.name()).orElseThrow().reveal());
        state.signingKeys().known().ifPresent(text -> secrets.put("signing keys", text));
        secrets.put("session key", HexFormat.of().formatHex(state.sessionKey()));
        secrets.put("id", state.transfer().id());
        return secrets;
    }

    private static List<String> tables(Connection sql) throws SQLException {
        var query = sql.getMetaData().getDatabaseProductName().equals("SQLite")
                ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                : "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
        try (var statement = sql.createStatement();
                var found = statement.executeQuery(query)) {
            var tables = new ArrayList<String>();
            while (found.next()) tables.add(found.getString(1));
            return tables;
        }
    }

    private static List<String> rows(Connection sql, String table) throws SQLException {
        try (var statement = sql.createStatement();
                var found = statement.executeQuery("SELECT * FROM " + table)) {
            var rows = new ArrayList<String>();
            while (found.next()) rows.add(row(found));
            rows.sort(null);
            return rows;
        }
    }

    private static String row(ResultSet found) throws SQLException {
        // The order of the columns may differ: some were added later.
        var columns = new TreeMap<String, String>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++)
            columns.put(found.getMetaData().getColumnName(i), String.valueOf(found.getString(i)));
        return columns.toString();
    }
}
