package lib.gateway.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import lib.database.SqlRows;

/// What a gateway keeps of one kind, by name.
///
///     providers.change(table -> { table.put(provider); return provider; });
///     providers.all().get("anthropic")
public final class StoredResources {
    private static final long FRESH = Duration.ofSeconds(1).toNanos();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StateDatabase database;
    private final String table;
    private volatile Read read;

    /// What the table held.
    ///
    /// @param writes of this process until then
    /// @param others writes of other processes until then
    /// @param at when that was, in nanoseconds
    private record Read(Map<String, StoredResource> resources, long writes, long others, long at) {}

    StoredResources(StateDatabase database, String table) {
        this.database = database;
        this.table = table;
        this.read = new Read(Map.of(), -1, -1, System.nanoTime());
    }

    /// All of them, with every change that was made here, and others' that are a second old. The same map, until
    /// one changes.
    public Map<String, StoredResource> all() {
        var last = read;
        return last.writes == database.writes() && System.nanoTime() - last.at < FRESH ? last.resources : latest();
    }

    /// All of them, as they are.
    public Map<String, StoredResource> latest() {
        return database.read(sql -> {
            var writes = database.writes();
            var others = database.othersWrites();
            var same = read.writes == writes && read.others == others;
            read = new Read(same ? read.resources : load(sql), writes, others, System.nanoTime());
            return read.resources;
        });
    }

    /// The table, for as long as one change takes.
    public static final class Table {
        private final Connection sql;
        private final String table;

        private Table(Connection sql, String table) {
            this.sql = sql;
            this.table = table;
        }

        /// Another kind's, for the same change.
        public Table of(StoredResources others) {
            return new Table(sql, others.table);
        }

        public Optional<StoredResource> find(String name) {
            try {
                return SqlRows.first(
                        sql, "SELECT * FROM %s WHERE name = ?".formatted(table), StoredResources::row, name);
            } catch (SQLException e) {
                throw new Failed(e);
            }
        }

        /// Adds it, or replaces the one of that name.
        public void put(StoredResource resource) {
            update(
                    ("INSERT INTO %s (name, definition, created, updated) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO "
                                    + "UPDATE SET definition = excluded.definition, updated = excluded.updated")
                            .formatted(table),
                    resource.name(),
                    resource.definition().toString(),
                    resource.created().toString(),
                    resource.updated().toString());
        }

        public void delete(String name) {
            update("DELETE FROM %s WHERE name = ?".formatted(table), name);
        }

        private void update(String text, Object... values) {
            try {
                SqlRows.update(sql, text, values);
            } catch (SQLException e) {
                throw new Failed(e);
            }
        }
    }

    /// Carries what the database said through a function that may not throw it.
    private static final class Failed extends RuntimeException {
        Failed(SQLException cause) {
            super(cause);
        }
    }

    /// Makes one change, whole or not at all; when this returns it is on the disk, and every later [#all] has it.
    public <T> T change(Function<Table, T> change) {
        return database.write(sql -> {
            try {
                return change.apply(new Table(sql, table));
            } catch (Failed e) {
                throw (SQLException) e.getCause();
            }
        });
    }

    private Map<String, StoredResource> load(Connection sql) throws SQLException {
        var resources = new TreeMap<String, StoredResource>();
        for (var each : SqlRows.list(sql, "SELECT * FROM " + table, StoredResources::row))
            resources.put(each.name(), each);
        return Collections.unmodifiableMap(resources);
    }

    private static StoredResource row(ResultSet row) throws SQLException {
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
}
