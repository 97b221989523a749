package lib.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;

/// Waits for changes that other processes commit to a database. PostgreSQL announces them at once. An
/// announcement can be missing: a connection pooler may swallow it, and SQLite sends none. So callers must look
/// after each wait.
///
///     try (var feed = ChangeFeed.of(database, "rpkai_state")) {
///         while (true) {
///             feed.await(Duration.ofMillis(500));
///             look();
///         }
///     }
///
/// @see <a href="https://www.postgresql.org/docs/current/sql-notify.html">NOTIFY</a>
public interface ChangeFeed extends AutoCloseable {
    /// Returns when something may have changed, and after `limit` at the latest.
    ///
    /// @throws SQLException if the connection broke; the next wait opens another one
    void await(Duration limit) throws SQLException, InterruptedException;

    /// Closes the connection. A later wait opens another one.
    @Override
    void close();

    /// @param channel the channel on which writers [#announce] their changes; letters, digits and underscores
    static ChangeFeed of(Database database, String channel) {
        return database.dialect() == Dialect.SQLITE ? new Timer() : new Listener(database, channel);
    }

    /// Wakes the waiting processes when the transaction of this connection is committed.
    static void announce(Connection sql, String channel) throws SQLException {
        if (Dialect.of(sql) == Dialect.POSTGRESQL) SqlRows.execute(sql, "NOTIFY " + channel);
    }

    /// Waits for the whole limit.
    final class Timer implements ChangeFeed {
        private Timer() {}

        @Override
        public void await(Duration limit) throws InterruptedException {
            Thread.sleep(limit);
        }

        @Override
        public void close() {}
    }

    /// Listens on a connection of its own, for one thread.
    final class Listener implements ChangeFeed {
        private static final Duration TIMEOUT = Duration.ofSeconds(5);

        private final Database database;
        private final String channel;
        private Connection connection;

        private Listener(Database database, String channel) {
            this.database = database;
            this.channel = channel;
        }

        @Override
        public void await(Duration limit) throws SQLException {
            try {
                if (connection == null) {
                    connection = database.connect();
                    connection.setNetworkTimeout(Runnable::run, (int) TIMEOUT.toMillis());
                    SqlRows.execute(connection, "LISTEN " + channel);
                    // Something may have changed before this connection listened.
                    return;
                }
                connection.unwrap(PGConnection.class).getNotifications((int) Math.max(1, limit.toMillis()));
            } catch (SQLException e) {
                close();
                throw e;
            }
        }

        @Override
        public void close() {
            try {
                if (connection != null) connection.close();
            } catch (SQLException e) {
                // The connection is not used any more.
            } finally {
                connection = null;
            }
        }
    }
}
