package lib.usage.store;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.base.UserError;
import lib.database.Database;
import lib.database.MovedTable;
import lib.database.SqlRows;
import lib.database.StoreConnection;
import lib.database.StoreFull;
import lib.database.Transaction;

/// Moves usage and budgets to another database.
///
///     from.reading(snapshot -> snapshot.rows(UsageTransfer.TABLES, (table, row) -> …));
///     to.begin(export);
///     to.write(export, 0, table, rows);   // 500 rows, say, whole or not at all
///     to.finish();
///
/// An import is a writer like a gateway, and its number of rows is the number of its batch: so it is known how far an
/// import is that was killed. The batches of other writers are not moved; they mean nothing to other stores.
public final class UsageTransfer implements AutoCloseable {
    /// The budgets.
    public static final List<MovedTable> BUDGETS = List.of(
            MovedTable.of(
                    "budget",
                    List.of("target text", "period text", "microcents number", "warn_percent small", "unpriced text")),
            MovedTable.of("budget_name", List.of("name text", "target text", "period text")));

    /// Everything; the largest tables come last.
    public static final List<MovedTable> TABLES = Stream.concat(
                    BUDGETS.stream(),
                    Stream.of(
                            table("series", "id number", texts(UsageSchema.LABELS)),
                            table("detail", "id number, series number", texts(UsageSchema.DETAILS)),
                            table("free_text", "label text, value text, day number"),
                            table("hour", "hour number, series number, requests number", counts()),
                            table("detail_hour", "hour number, detail number, requests number", counts()),
                            table("latency", "hour number, series number, what small, class small, requests number"),
                            table(
                                    "call",
                                    "time number, series number, requests number",
                                    counts(),
                                    "status small, latency number, first_byte optional, detail number")))
            .toList();

    private static final String WRITER = "import ";

    private final Database database;
    private final InstantSource clock;
    private final StoreConnection connection;

    public UsageTransfer(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.connection = new StoreConnection(database, UsageSchema.MIGRATIONS);
    }

    private static MovedTable table(String name, String... columns) {
        return MovedTable.of(name, List.of(String.join(", ", columns).split(", ")));
    }

    private static String texts(List<String> names) {
        return names.stream().map(name -> name + " text").collect(Collectors.joining(", "));
    }

    private static String counts() {
        return UsageSchema.COUNTS.stream().map(name -> name + " number").collect(Collectors.joining(", "));
    }

    /// Uses a snapshot.
    public interface Work {
        void on(Snapshot snapshot) throws SQLException;
    }

    /// Takes rows.
    public interface Rows {
        void accept(MovedTable table, List<Object> row);
    }

    /// Reads the store as it is at one moment.
    public void reading(Work work) {
        run(sql -> Transaction.reading(sql, () -> {
            work.on(new Snapshot(sql));
            return null;
        }));
    }

    /// A store at one moment.
    public static final class Snapshot {
        private final Connection sql;

        private Snapshot(Connection sql) {
            this.sql = sql;
        }

        /// Returns the number of rows of each of these tables.
        public Map<MovedTable, Long> counts(List<MovedTable> tables) throws SQLException {
            var counts = new LinkedHashMap<MovedTable, Long>();
            for (var table : tables) counts.put(table, table.count(sql));
            return counts;
        }

        /// Reads the rows of these tables, one after the other.
        public void rows(List<MovedTable> tables, Rows rows) throws SQLException {
            for (var table : tables) table.read(sql, row -> rows.accept(table, row));
        }
    }

    /// Returns how many rows of that export are in the store; empty if its import has not begun.
    public OptionalLong written(String export) {
        return run(sql -> written(sql, export));
    }

    private static OptionalLong written(Connection sql, String export) throws SQLException {
        var found = SqlRows.first(sql, "SELECT batch FROM writer WHERE id = ?", row -> row.getLong(1), WRITER + export);
        return found.isPresent() ? OptionalLong.of(found.get()) : OptionalLong.empty();
    }

    /// Returns whether nothing is in the store.
    public boolean isEmpty() {
        return run(UsageTransfer::isEmpty);
    }

    private static boolean isEmpty(Connection sql) throws SQLException {
        for (var table : TABLES) if (table.hasRows(sql)) return false;
        return true;
    }

    /// Begins to import that export into an empty store. One that has begun goes on.
    ///
    /// @throws UserError if the store is not empty
    public void begin(String export) {
        change(sql -> {
            if (written(sql, export).isPresent()) return null;
            if (!isEmpty(sql)) throw notEmpty();
            return SqlRows.update(
                    sql,
                    "INSERT INTO writer (id, batch, time) VALUES (?, 0, ?)",
                    WRITER + export,
                    clock.instant().toEpochMilli());
        });
    }

    /// Returns the error for a store that holds the usage of another gateway.
    public UserError notEmpty() {
        return new UserError(
                database.title() + " holds usage or budgets already",
                "import into an empty database or a new file (--usage-store)");
    }

    /// Adds rows of a table, whole or not at all.
    ///
    /// @param before how many rows of that export are in the store
    /// @throws UserError if another process writes to the store
    public void write(String export, long before, MovedTable table, List<List<Object>> rows) {
        change(sql -> {
            var mine = SqlRows.update(
                    sql,
                    "UPDATE writer SET batch = ?, time = ? WHERE id = ? AND batch = ?",
                    before + rows.size(),
                    clock.instant().toEpochMilli(),
                    WRITER + export,
                    before);
            if (mine == 0)
                throw new UserError(
                        "another import into %s is running".formatted(database.title()), "wait until it has ended");
            if (SqlRows.number(sql, "SELECT COUNT(*) FROM writer WHERE id <> ?", WRITER + export) > 0)
                throw new UserError(
                        "a gateway wrote to %s during the import".formatted(database.title()),
                        "stop it, and import into an empty database and a new file");
            table.insert(sql, rows);
            return null;
        });
    }

    /// Lets gateways add to what was imported.
    public void finish() {
        change(sql -> {
            for (var table : TABLES) table.continueCount(sql);
            return null;
        });
    }

    private interface Task<T> {
        T on(Connection sql) throws SQLException;
    }

    private <T> void change(Task<T> task) {
        run(sql -> Transaction.run(sql, () -> task.on(sql)));
    }

    private <T> T run(Task<T> task) {
        try {
            return task.on(connection.get());
        } catch (SQLException e) {
            connection.disconnect();
            if (StoreFull.isCause(e)) throw new StoreFull(database, e);
            throw new UserError(
                    "cannot use %s (%s)".formatted(database.title(), reason(e)),
                    database.isShared()
                            ? "check that it is there and that PGPASSWORD or ~/.pgpass has its password, and run the "
                                    + "command again"
                            : "check its owner and the space on its disk, and run the command again",
                    e);
        }
    }

    /// The driver of PostgreSQL quotes a whole batch, values included, before the reason.
    private static String reason(SQLException e) {
        var said = e instanceof BatchUpdateException batch && batch.getNextException() != null
                ? batch.getNextException()
                : e;
        return String.valueOf(said.getMessage()).lines().findFirst().orElse("");
    }

    /// Closes the connection. The next call opens another one.
    public void disconnect() {
        connection.disconnect();
    }

    @Override
    public void close() {
        connection.close();
    }
}
