package lib.gateway.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Short forms of what the tables of texts are read and written with.
final class SqlRows {
    private SqlRows() {}

    /// Reads one row.
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// Carries a statement out; how many rows it changed.
    static int run(Connection sql, String text, String... values) throws SQLException {
        try (var statement = sql.prepareStatement(text)) {
            for (int i = 0; i < values.length; i++) statement.setString(i + 1, values[i]);
            return statement.executeUpdate();
        }
    }

    static <T> List<T> rows(Connection sql, String text, Reader<T> reader, String... values) throws SQLException {
        try (var statement = sql.prepareStatement(text)) {
            for (int i = 0; i < values.length; i++) statement.setString(i + 1, values[i]);
            try (var rows = statement.executeQuery()) {
                var read = new ArrayList<T>();
                while (rows.next()) read.add(reader.read(rows));
                return read;
            }
        }
    }

    /// A constant as it is written in a table, and on a command line: `user`.
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> E constant(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
    }
}
