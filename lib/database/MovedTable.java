package lib.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// A table whose rows can be moved to a database of either kind. The names of tables and columns in the SQL are always
/// those of the program, whatever a file says.
///
///     var account = MovedTable.of("account", "id text", "created text");
///     account.read(source, row -> …);   // one row at a time, however many there are
///     account.insert(target, rows);
///
/// @param name the table
/// @param columns all of its columns, in the order of the values of a row
public record MovedTable(String name, List<Column> columns) {
    private static final int FETCHED = 1_000;
    private static final String COUNTED_KEY = "id";

    /// What a column holds.
    public enum Kind {
        TEXT,
        /// 64 bits.
        NUMBER,
        /// 32 bits.
        SMALL,
        /// 64 bits, or nothing.
        OPTIONAL,
        BYTES
    }

    /// A column.
    public record Column(String name, Kind kind) {}

    /// Takes rows.
    public interface Rows {
        /// @param row its values: String, Long, `byte[]`, or null for nothing
        void accept(List<Object> row) throws SQLException;
    }

    /// Makes a table from texts such as `id text` and `first_byte optional`.
    public static MovedTable of(String name, List<String> columns) {
        return new MovedTable(
                name,
                columns.stream()
                        .map(text -> text.split(" "))
                        .map(words -> new Column(words[0], Kind.valueOf(words[1].toUpperCase(java.util.Locale.ROOT))))
                        .toList());
    }

    /// Returns the names of the columns.
    public List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }

    /// Returns the position of a column in a row.
    public int position(String column) {
        return columnNames().indexOf(column);
    }

    /// Returns the number of rows.
    public long count(Connection sql) throws SQLException {
        return SqlRows.number(sql, "SELECT COUNT(*) FROM " + name);
    }

    /// Returns whether there is a row.
    public boolean hasRows(Connection sql) throws SQLException {
        return SqlRows.first(sql, "SELECT 1 FROM %s LIMIT 1".formatted(name), _ -> true)
                .isPresent();
    }

    /// Reads all rows, one after the other. For use in [Transaction#reading]: outside of a transaction PostgreSQL's
    /// driver would hold all of them in memory.
    public void read(Connection sql, Rows rows) throws SQLException {
        try (var query = sql.prepareStatement("SELECT %s FROM %s".formatted(String.join(", ", columnNames()), name))) {
            query.setFetchSize(FETCHED);
            try (var found = query.executeQuery()) {
                while (found.next()) rows.accept(row(found));
            }
        }
    }

    private List<Object> row(ResultSet found) throws SQLException {
        var row = new Object[columns.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = switch (columns.get(i).kind()) {
                case TEXT -> found.getString(i + 1);
                case BYTES -> found.getBytes(i + 1);
                case NUMBER, SMALL -> found.getLong(i + 1);
                case OPTIONAL -> {
                    var number = found.getLong(i + 1);
                    yield found.wasNull() ? null : number;
                }
            };
        }
        return Arrays.asList(row);
    }

    /// Adds rows, keys included. For use in a transaction.
    public void insert(Connection sql, List<List<Object>> rows) throws SQLException {
        if (rows.isEmpty()) return;
        var key = isCounted() ? Dialect.of(sql).withGivenKey() : "";
        try (var insert = sql.prepareStatement("INSERT INTO %s (%s)%s VALUES (%s)"
                .formatted(
                        name,
                        String.join(", ", columnNames()),
                        key,
                        columns.stream().map(_ -> "?").collect(Collectors.joining(", "))))) {
            for (var row : rows) {
                set(insert, row);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void set(PreparedStatement insert, List<Object> row) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            var kind = columns.get(i).kind();
            switch (row.get(i)) {
                case null -> insert.setNull(i + 1, Types.BIGINT);
                case String text -> insert.setString(i + 1, text);
                case byte[] bytes -> insert.setBytes(i + 1, bytes);
                case Long number when kind == Kind.SMALL -> insert.setInt(i + 1, Math.toIntExact(number));
                case Long number -> insert.setLong(i + 1, number);
                case Object other -> throw new IllegalArgumentException("no value of a table: " + other.getClass());
            }
        }
    }

    /// Lets the database count keys on from the largest one that was added, where it counts them.
    public void continueCount(Connection sql) throws SQLException {
        if (isCounted()) Dialect.of(sql).continueCount(sql, name);
    }

    private boolean isCounted() {
        return columns.getFirst().equals(new Column(COUNTED_KEY, Kind.NUMBER));
    }
}
