package lib.gateway.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// The providers that a gateway keeps, by name.
///
///     providers.change(table -> { table.put(provider); return provider; });
///     providers.all().get("anthropic")
public final class StoredProviders {
    private static final long FRESH = Duration.ofSeconds(1).toNanos();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private volatile Read read;

    /// What the table held.
    ///
    /// @param writes of this process until then
    /// @param others writes of other processes until then
    /// @param at when that was, in nanoseconds
    private record Read(Map<String, StoredProvider> providers, long writes, long others, long at) {}

    StoredProviders(Database database) {
        this.database = database;
        this.read = new Read(Map.of(), -1, -1, System.nanoTime());
    }

    /// All of them, with every change that was made here, and others' that are a second old. The same map, until one
    /// changes.
    public Map<String, StoredProvider> all() {
        var last = read;
        return last.writes == database.writes() && System.nanoTime() - last.at < FRESH ? last.providers : latest();
    }

    /// All of them, as they are.
    public Map<String, StoredProvider> latest() {
        return database.read(sql -> {
            var writes = database.writes();
            var others = database.othersWrites();
            var same = read.writes == writes && read.others == others;
            read = new Read(same ? read.providers : load(sql), writes, others, System.nanoTime());
            return read.providers;
        });
    }

    /// The table, for as long as one change takes.
    public static final class Table {
        private final Connection sql;

        private Table(Connection sql) {
            this.sql = sql;
        }

        public Optional<StoredProvider> find(String name) {
            return run("SELECT * FROM provider WHERE name = ?", statement -> {
                try (var rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(row(rows)) : Optional.empty();
                }
            }, name);
        }

        /// Adds it, or replaces the one of that name.
        public void put(StoredProvider provider) {
            run("INSERT INTO provider VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, updated = excluded.updated",
                    PreparedStatement::executeUpdate, provider.name(), provider.definition().toString(), provider.created().toString(), provider.updated().toString());
        }

        public void delete(String name) {
            run("DELETE FROM provider WHERE name = ?", PreparedStatement::executeUpdate, name);
        }

        private <T> T run(String text, Step<T> step, String... values) {
            try (var statement = sql.prepareStatement(text)) {
                for (int i = 0; i < values.length; i++) statement.setString(i + 1, values[i]);
                return step.on(statement);
            } catch (SQLException e) {
                throw new Failed(e);
            }
        }

        private interface Step<T> {
            T on(PreparedStatement statement) throws SQLException;
        }
    }

    /// Carries what SQLite said through a function that may not throw it.
    private static final class Failed extends RuntimeException {
        Failed(SQLException cause) {
            super(cause);
        }
    }

    /// Makes one change, whole or not at all; when this returns it is on the disk, and every later [#all] has it.
    public <T> T change(Function<Table, T> change) {
        return database.write(sql -> {
            try {
                return change.apply(new Table(sql));
            } catch (Failed e) {
                throw (SQLException) e.getCause();
            }
        });
    }

    private static Map<String, StoredProvider> load(Connection sql) throws SQLException {
        var providers = new TreeMap<String, StoredProvider>();
        try (var statement = sql.createStatement(); var rows = statement.executeQuery("SELECT * FROM provider")) {
            while (rows.next()) providers.put(rows.getString("name"), row(rows));
        }
        return Collections.unmodifiableMap(providers);
    }

    private static StoredProvider row(ResultSet row) throws SQLException {
        try {
            return new StoredProvider(row.getString("name"), (ObjectNode) JSON.readTree(row.getString("definition")),
                    Instant.parse(row.getString("created")), Instant.parse(row.getString("updated")));
        } catch (JsonProcessingException e) {
            throw new SQLException("a provider in it is not JSON");
        }
    }
}
