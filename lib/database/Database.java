package lib.database;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;

/// A database of rpkai: a SQLite file on this machine, or a PostgreSQL database that several machines share.
///
///     Database.named("postgresql://rpkai@db.example.com/usage", label, host).connect()
public sealed interface Database permits SqliteDatabase, PostgresDatabase {
    /// Returns the name of the store in it, and the flag with which a user chooses it.
    StoreLabel label();

    /// Opens a connection. A missing SQLite file is created.
    ///
    /// @throws StoreFull if its disk has no room
    /// @throws UserError if its folder cannot be created
    Connection connect() throws SQLException;

    /// Returns its place for messages, without a password.
    String place();

    /// Returns its dialect of SQL.
    Dialect dialect();

    /// Keeps a copy of the database before its tables change to `version`. A PostgreSQL database is not copied:
    /// its administrator backs it up.
    ///
    /// @throws SQLException if the copy fails
    void backUp(int version) throws SQLException;

    /// Deletes the copies that were made before earlier changes.
    void deleteOlderBackups(int version);

    /// Returns whether other machines may write to it too.
    boolean isShared();

    /// Returns its name and place for messages: `the usage store /home/ada/.rpai/gateway/usage.db`.
    default String title() {
        return label().name() + " " + place();
    }

    /// Returns the database that a user named: the URL of a PostgreSQL database, whose password is in
    /// `PGPASSWORD` or `~/.pgpass`, or the path of a SQLite file.
    ///
    /// @throws UserError for a URL of any other kind; the message does not quote it, because it may hold a
    ///     password
    static Database named(String text, StoreLabel label, Host host) {
        return isUrl(text, label)
                ? postgres(text, label, host)
                : sqlite(host.cwd().resolve(text), label, host);
    }

    /// Returns whether a user's text names a PostgreSQL database and not a path.
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

    /// Returns a SQLite file, which the first connection creates.
    static SqliteDatabase sqlite(Path file, StoreLabel label, Host host) {
        NativeSqlite.provide(host);
        return new SqliteDatabase(file, label, SqliteDatabase.Access.WRITE);
    }

    /// Returns the PostgreSQL database of that URL, whose password is in `PGPASSWORD` or `~/.pgpass`.
    ///
    /// @throws UserError if the URL is not valid; the message does not quote it
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
