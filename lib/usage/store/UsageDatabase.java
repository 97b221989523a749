package lib.usage.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.Secret;
import lib.base.SqliteBackup;
import lib.base.UserError;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;

/// Where usage is kept.
///
///     UsageDatabase.of("postgresql://rpkai@db.example.com/usage", host)
public sealed interface UsageDatabase {
    /// Opens a connection to it.
    Connection connect() throws SQLException;

    /// Where it is, for people; without a password.
    String place();

    /// What a key is that the database counts up itself.
    String countedKey();

    /// What a table is that lies in the order of its key.
    String inKeyOrder();

    /// Keeps a copy of it as it is, before its tables get that version. PostgreSQL's is its administrator's to
    /// copy.
    ///
    /// @throws SQLException where it can't be copied
    default void backUp(int version) throws SQLException {
        if (this instanceof Sqlite(var file, var _)) SqliteBackup.copy(file, version);
    }

    /// Deletes the copies from before earlier versions.
    default void forgetOlderBackups(int version) {
        if (this instanceof Sqlite(var file, var _)) SqliteBackup.forgetOlder(file, version);
    }

    /// Whether other machines may write to it, too.
    default boolean isShared() {
        return this instanceof Postgres;
    }

    /// A file of this machine's. Several processes may use it at a time.
    ///
    /// @param file the database; its folder is made where there is none
    /// @param readOnly whether it is only looked at
    record Sqlite(Path file, boolean readOnly) implements UsageDatabase {
        @Override
        public Connection connect() throws SQLException {
            var config = new SQLiteConfig();
            config.setBusyTimeout(10_000);
            if (readOnly) {
                config.setReadOnly(true);
            } else {
                make();
                config.setJournalMode(SQLiteConfig.JournalMode.WAL);
                // What is committed stays even when the power goes.
                config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
                config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
            }
            return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        }

        /// Before SQLite does: its journals take over the mode.
        private void make() {
            try {
                PrivateFile.createFolder(file.toAbsolutePath().getParent());
                if (!Files.exists(file)) PrivateFile.createEmpty(file);
            } catch (IOException e) {
                throw new UserError(
                        "cannot keep usage in %s (%s)".formatted(file, e.getMessage()),
                        "check the folder's owner and mode, or choose another with --usage-store",
                        e);
            }
        }

        @Override
        public String place() {
            return file.toString();
        }

        @Override
        public String countedKey() {
            return "INTEGER PRIMARY KEY";
        }

        @Override
        public String inKeyOrder() {
            return " WITHOUT ROWID";
        }
    }

    /// A PostgreSQL database, which several gateways can share.
    ///
    /// @param url `postgresql://user@host:port/database?sslmode=verify-full`
    /// @param password empty where it asks for none, or `~/.pgpass` has it
    /// @see <a href="https://jdbc.postgresql.org/documentation/use/">The driver's parameters</a>
    record Postgres(URI url, Optional<Secret> password) implements UsageDatabase {
        private static final int SECONDS = 10;

        /// @throws UserError for a URL that is none, or has a password in it
        public Postgres {
            if (url.getHost() == null
                    || url.getRawPath() == null
                    || url.getRawPath().length() < 2
                    || url.getRawFragment() != null) {
                throw new UserError(
                        "the URL of the usage store is not valid",
                        "set it to something like postgresql://rpkai@db.example.com/usage");
            }
            if (url.getRawUserInfo() != null && url.getRawUserInfo().contains(":")) {
                throw new UserError(
                        "the URL of the usage store has a password in it",
                        "set PGPASSWORD instead, or write it to ~/.pgpass");
            }
        }

        @Override
        public Connection connect() throws SQLException {
            var source = new PGSimpleDataSource();
            // First, since it sets what is set below back to its defaults.
            source.setUrl("jdbc:postgresql://" + url.getRawAuthority().replaceFirst("^.*@", "") + url.getRawPath()
                    + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()));
            if (url.getUserInfo() != null) source.setUser(url.getUserInfo());
            password.ifPresent(secret -> source.setPassword(secret.reveal()));
            source.setConnectTimeout(SECONDS);
            source.setTcpKeepAlive(true);
            source.setApplicationName("rpkai");
            source.setReWriteBatchedInserts(true);
            return source.getConnection();
        }

        @Override
        public String place() {
            return "postgresql://" + url.getRawAuthority().replaceFirst("^.*@", "") + url.getRawPath();
        }

        @Override
        public String countedKey() {
            return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
        }

        @Override
        public String inKeyOrder() {
            return "";
        }
    }

    /// The one that a text names: a URL of PostgreSQL's, its password from `PGPASSWORD`, else a file.
    static UsageDatabase of(String text, Host host) {
        if (!text.matches("(?i)postgres(ql)?://.*"))
            return new Sqlite(host.cwd().resolve(text), false);
        try {
            return new Postgres(URI.create(text), host.variable("PGPASSWORD").map(Secret::new));
        } catch (IllegalArgumentException e) {
            // Not with the cause: its message quotes the URL.
            throw new UserError(
                    "the URL of the usage store is not valid",
                    "set it to something like postgresql://rpkai@db.example.com/usage");
        }
    }

    /// The one of this machine, `~/.rpai/gateway/usage.db`.
    static UsageDatabase local(Host host) {
        return new Sqlite(host.home().resolve(".rpai").resolve("gateway").resolve("usage.db"), false);
    }
}
