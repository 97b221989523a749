package lib.gateway.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import lib.database.SqlRows;

/// What a gateway keeps of one kind, by name.
///
///     providers.change(table -> { table.put(provider); return provider; });
///     providers.all().get("anthropic")
public final class StoredResources {
    private final StateDatabase database;
    private final String table;

    /// @param table one of [StateSnapshot#TABLES]
    StoredResources(StateDatabase database, String table) {
        this.database = database;
        this.table = table;
    }

    /// Returns all of them for a request: with every change that was made here, and with those that others had
    /// made a second ago. The map is the same until one of them changes.
    ///
    /// @throws StateUnavailable if PostgreSQL has not answered for longer than the limit
    public Map<String, StoredResource> all() {
        return database.current().resources().get(table);
    }

    /// Returns the same, however long PostgreSQL has not answered: for what is to be said of a request that is
    /// refused or that began earlier.
    public Map<String, StoredResource> known() {
        return database.snapshot().resources().get(table);
    }

    /// Returns all of them as they are in the database.
    public Map<String, StoredResource> latest() {
        return database.latest().resources().get(table);
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
                        sql, "SELECT * FROM %s WHERE name = ?".formatted(table), StateSnapshot::resource, name);
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
                var result = change.apply(new Table(sql, table));
                Facts.changed(sql);
                return result;
            } catch (Failed e) {
                throw (SQLException) e.getCause();
            }
        });
    }
}
