package lib.database;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;

/// A database in which rpkai keeps something: a SQLite file of this machine, or a PostgreSQL database that several
/// machines share.
///
///     Database.named("postgresql://rpkai@db.example.com/usage", label, host).connect()
public sealed interface Database permits SqliteDatabase, PostgresDatabase {
    /// What it is for, and how a user chooses it.
    StoreLabel label();

    /// Opens a connection to it. A SQLite file is created where there is none.
    ///
    /// @throws StoreFull where its disk has no room
    /// @throws UserError where its folder cannot be created
    Connection connect() throws SQLException;

    /// Where it is, for people; without a password.
    String place();

    /// Which SQL it speaks.
    Dialect dialect();

    /// Keeps a copy of it before its tables change to `version`. The backup of PostgreSQL is its administrator's
    /// task.
    ///
    /// @throws SQLException where it can't be copied
    void backUp(int version) throws SQLException;

    /// Deletes the copies that were made before earlier changes.
    void deleteOlderBackups(int version);

    /// Whether other machines may write to it, too.
    boolean isShared();

    /// The name and the place of it, for messages: `the usage store /home/ada/.rpai/gateway/usage.db`.
    default String title() {
        return label().name() + " " + place();
    }

    /// The one that a user named: a URL of PostgreSQL, with its password in `PGPASSWORD` or `~/.pgpass`, else the
    /// path of a SQLite file.
    ///
    /// @throws UserError for a URL of any other kind; the URL is not quoted, since it may hold a password
    static Database named(String text, StoreLabel label, Host host) {
        return isUrl(text, label)
                ? postgres(text, label, host)
                : sqlite(host.cwd().resolve(text), label, host);
    }

    /// Whether a user's text names a PostgreSQL database and not a path.
    ///
    /// @throws UserError for a URL of any other kind
    static boolean isUrl(String text, StoreLabel label) {
        if (text.matches("(?is)postgres(ql)?:.*")) return true;
        var scheme = Pattern.compile("^([A-Za-z][A-Za-z0-9+.:-]*)://").matcher(text);
        if (scheme.find()) {
            throw UserError.usage(
                    "%s cannot be stored in a database of the kind \"%s\"".formatted(label.name(), scheme.group(1)),
                    "set %s to a path, or, for example, to %s".formatted(label.option(), label.exampleUrl()));
        }
        return false;
    }

    /// A SQLite file that is created with the first connection.
    static SqliteDatabase sqlite(Path file, StoreLabel label, Host host) {
        NativeSqlite.unpack(host.cache());
        return new SqliteDatabase(file, label, SqliteDatabase.Access.WRITE);
    }

    /// The PostgreSQL database of that URL, with its password in `PGPASSWORD` or `~/.pgpass`.
    ///
    /// @throws UserError where the URL is not valid; it is not quoted
    static PostgresDatabase postgres(String text, StoreLabel label, Host host) {
        try {
            return new PostgresDatabase(
                    URI.create(text), host.variable("PGPASSWORD").map(Secret::new), label);
        } catch (IllegalArgumentException e) {
            // Without the cause: its message quotes the URL.
            throw PostgresDatabase.invalid(label);
        }
    }
}
