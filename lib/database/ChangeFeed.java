package lib.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;

/// Waits for what other processes commit to a database. PostgreSQL says so at once. It may say nothing: a
/// connection pooler can swallow the message, and SQLite has none. So whoever waits has to look after each wait.
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
    /// @throws SQLException where the connection broke; the next wait opens another one
    void await(Duration limit) throws SQLException, InterruptedException;

    @Override
    void close();

    /// @param channel the one that writers [#announce] their changes on; letters, digits and underscores
    static ChangeFeed of(Database database, String channel) {
        return database.dialect() == Dialect.SQLITE ? new Timer() : new Listener(database, channel);
    }

    /// Tells those who wait, once the transaction of this connection is committed.
    static void announce(Connection sql, String channel) throws SQLException {
        if (Dialect.of(sql) == Dialect.POSTGRESQL) SqlRows.execute(sql, "NOTIFY " + channel);
    }

    /// Only waits.
    final class Timer implements ChangeFeed {
        private Timer() {}

        @Override
        public void await(Duration limit) throws InterruptedException {
            Thread.sleep(limit);
        }

        @Override
        public void close() {}
    }

    /// Listens on a connection of its own. For one thread.
    final class Listener implements ChangeFeed {
        private static final Duration TIMEOUT = Duration.ofSeconds(10);

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
                    // Something may have changed before.
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
                // It is of no more use.
            } finally {
                connection = null;
            }
        }
    }
}
