package lib.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import lib.base.UserError;

/// All versions of the tables of one store, for both databases. A store records its version and the oldest
/// version that can read it, so that an older and a newer rpkai can use it at the same time.
///
///     static final Migrations ALL = new Migrations(LOCK, VersionRecord.table("state_schema"), List.of(first, second));
///     ALL.run(sql, database);
///
/// A new migration goes to the end of the list. Migrations that were released are never changed.
public final class Migrations {
    private final long lock;
    private final VersionRecord record;
    private final List<Migration> all;
    private final Migration newest;

    /// @param lock a number that no other store uses: the key of PostgreSQL's advisory lock while tables change
    /// @param record the place of the recorded version
    /// @param all the steps from version 1 on, without a gap
    public Migrations(long lock, VersionRecord record, List<Migration> all) {
        this.lock = lock;
        this.record = record;
        this.all = List.copyOf(all);
        this.newest = all.getLast();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).version() != i + 1)
                throw new IllegalArgumentException("version %d is missing".formatted(i + 1));
        }
        if (newest.version() > 1 && newest.oldestReader() >= newest.version())
            throw new IllegalArgumentException("the version before the newest cannot read its tables");
    }

    /// Returns the version that [#run] leads to.
    public int newest() {
        return newest.version();
    }

    /// Brings the tables to the newest version, in one transaction. A SQLite file that has tables is copied
    /// first. Tables of a newer version that this one can read are left as they are.
    ///
    /// @throws UserError if only a newer rpkai can read them
    public void run(Connection sql, Database database) throws SQLException {
        var changed = Transaction.run(sql, () -> {
            database.dialect().lock(sql, lock);
            var found = check(sql, database);
            if (found.current() >= newest.version()) return false;
            if (found.current() > 0) database.backUp(newest.version());
            for (var migration : all.subList(found.current(), all.size())) {
                for (var change : migration.changes().in(database.dialect())) SqlRows.execute(sql, change);
            }
            record.write(sql, new SchemaVersion(newest.version(), newest.oldestReader()));
            return true;
        });
        if (changed) database.deleteOlderBackups(newest.version());
    }

    /// Returns the version of the tables as far as this rpkai knows it, for a file that is only read and may be
    /// older.
    ///
    /// @throws UserError if only a newer rpkai can read them
    public int readableVersion(Connection sql, Database database) throws SQLException {
        return Math.min(check(sql, database).current(), newest.version());
    }

    private SchemaVersion check(Connection sql, Database database) throws SQLException {
        var found = record.read(sql);
        if (found.oldestReader() > newest.version())
            throw new UserError(database.title() + " was written by a newer version of rpkai", "run rpkai upgrade");
        return found;
    }
}
