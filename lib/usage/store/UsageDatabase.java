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

/// Where usage and budgets are kept.
///
///     UsageDatabase.named("postgresql://rpkai@db.example.com/usage", host)
public final class UsageDatabase {
    private static final StoreLabel LABEL =
            new StoreLabel("the usage store", "--usage-store", "postgresql://rpkai@db.example.com/usage");

    private UsageDatabase() {}

    /// The one that a user named: a URL of PostgreSQL, with its password in `PGPASSWORD` or `~/.pgpass`, else a file.
    ///
    /// @throws lib.base.UserError for a URL of any other kind
    public static Database named(String text, Host host) {
        return Database.named(text, LABEL, host);
    }

    /// The one of this machine, `~/.rpai/gateway/usage.db`.
    public static Database local(Host host) {
        return in(host.home().resolve(".rpai").resolve("gateway"), host);
    }

    /// The one in the folder of a gateway's state.
    public static Database in(Path folder, Host host) {
        return Database.sqlite(folder.resolve("usage.db"), LABEL, host);
    }

    /// A SQLite file.
    public static SqliteDatabase sqlite(Path file) {
        return new SqliteDatabase(file, LABEL, SqliteDatabase.Access.WRITE);
    }

    /// A PostgreSQL database.
    public static PostgresDatabase postgres(URI url, Optional<Secret> password) {
        return new PostgresDatabase(url, password, LABEL);
    }
}
