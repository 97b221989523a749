package lib.usage.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import lib.base.Host;
import lib.base.Secret;
import lib.database.Database;
import lib.database.PostgresDatabase;
import lib.database.SqliteDatabase;
import lib.database.StoreLabel;

/// The database of usage and budgets.
///
///     UsageDatabase.named("postgresql://rpkai@db.example.com/usage", host)
public final class UsageDatabase {
    private static final StoreLabel LABEL =
            new StoreLabel("the usage store", "--usage-store", "postgresql://rpkai@db.example.com/usage");

    private UsageDatabase() {}

    /// Returns the database that a user named: the URL of a PostgreSQL database, whose password is in
    /// `PGPASSWORD` or `~/.pgpass`, or a file.
    ///
    /// @throws lib.base.UserError for a URL of any other kind
    public static Database named(String text, Host host) {
        return Database.named(text, LABEL, host);
    }

    /// Returns the database of this machine, `~/.rpai/gateway/usage.db`.
    public static Database local(Host host) {
        return in(host.home().resolve(".rpai").resolve("gateway"), host);
    }

    /// Returns the database in the folder of a gateway's state.
    public static Database in(Path folder, Host host) {
        return Database.sqlite(folder.resolve("usage.db"), LABEL, host);
    }

    /// Returns a SQLite file.
    public static SqliteDatabase sqlite(Path file) {
        return new SqliteDatabase(file, LABEL, SqliteDatabase.Access.WRITE);
    }

    /// Returns a PostgreSQL database.
    public static PostgresDatabase postgres(URI url, Optional<Secret> password) {
        return new PostgresDatabase(url, password, LABEL);
    }
}
