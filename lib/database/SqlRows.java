package lib.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Short forms for reading and writing rows.
///
///     SqlRows.list(sql, "SELECT name FROM account WHERE kind = ?", row -> row.getString(1), "user")
public final class SqlRows {
    private SqlRows() {}

    /// Reads one row.
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// Executes a statement without parameters.
    public static void execute(Connection sql, String text) throws SQLException {
        try (var statement = sql.createStatement()) {
            statement.execute(text);
        }
    }

    /// Executes a statement and returns the number of rows that it changed.
    ///
    /// @param values texts, numbers or bytes
    public static int update(Connection sql, String text, Object... values) throws SQLException {
        try (var statement = prepare(sql, text, values)) {
            return statement.executeUpdate();
        }
    }

    /// Returns the rows that a query finds.
    public static <T> List<T> list(Connection sql, String text, Reader<T> reader, Object... values)
            throws SQLException {
        try (var statement = prepare(sql, text, values);
                var rows = statement.executeQuery()) {
            var read = new ArrayList<T>();
            while (rows.next()) read.add(reader.read(rows));
            return read;
        }
    }

    /// Returns the first row that a query finds.
    public static <T> Optional<T> first(Connection sql, String text, Reader<T> reader, Object... values)
            throws SQLException {
        try (var statement = prepare(sql, text, values);
                var rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
        }
    }

    /// Returns the number that a query finds; 0 if it finds no row.
    public static long number(Connection sql, String text, Object... values) throws SQLException {
        return first(sql, text, row -> row.getLong(1), values).orElse(0L);
    }

    private static PreparedStatement prepare(Connection sql, String text, Object... values) throws SQLException {
        var statement = sql.prepareStatement(text);
        try {
            for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }
}
