package tests.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import lib.base.UserError;
import lib.database.Database;
import lib.database.Migration;
import lib.database.Migrations;
import lib.database.SchemaVersion;
import lib.database.SqlRows;
import lib.database.StoreConnection;
import lib.database.StoreLabel;
import lib.database.Transaction;
import lib.database.VersionRecord;
import org.junit.jupiter.api.Test;

/// Tests that every kind of database passes.
abstract class DatabaseContract {
    static final StoreLabel LABEL =
            new StoreLabel("the test store", "--test-store", "postgresql://ada@db.example.com/test");
    private static final VersionRecord RECORD = VersionRecord.table("test_schema");
    static final Migration FIRST = new Migration(
            1,
            1,
            dialect -> List.of("CREATE TABLE item (id %s, name TEXT NOT NULL UNIQUE, picture %s)%s"
                    .formatted(dialect.countedKey(), dialect.bytes(), dialect.strict())));
    private static final Migration SECOND =
            new Migration(2, 1, _ -> List.of("ALTER TABLE item ADD COLUMN price INTEGER NOT NULL DEFAULT 7"));

    /// An empty one; the same within a test.
    abstract Database database() throws Exception;

    static Migrations migrations(Migration... all) {
        return new Migrations(4711, RECORD, List.of(all));
    }

    @Test
    void tablesOfAnEarlierVersionKeepTheirRowsAndGetNewColumns() throws Exception {
        try (var older = new StoreConnection(database(), migrations(FIRST))) {
            SqlRows.update(older.get(), "INSERT INTO item (name) VALUES (?)", "a");
        }
        try (var newer = new StoreConnection(database(), migrations(FIRST, SECOND))) {
            assertEquals(7, SqlRows.number(newer.get(), "SELECT price FROM item WHERE name = ?", "a"));
            assertEquals(new SchemaVersion(2, 1), RECORD.read(newer.get()));
            assertEquals(2, newer.version());
        }
    }

    @Test
    void anEarlierVersionCanUseADatabaseThatANewerOneExtended() throws Exception {
        try (var newer = new StoreConnection(database(), migrations(FIRST, SECOND));
                var older = new StoreConnection(database(), migrations(FIRST))) {
            newer.get();
            SqlRows.update(older.get(), "INSERT INTO item (name) VALUES (?)", "a");
            assertEquals(7, SqlRows.number(newer.get(), "SELECT price FROM item WHERE name = ?", "a"));
            assertEquals(new SchemaVersion(2, 1), RECORD.read(older.get()));
        }
    }

    @Test
    void aVersionThatIsTooOldIsRefusedInOneLine() throws Exception {
        try (var newer = new StoreConnection(
                        database(),
                        migrations(FIRST, new Migration(2, 2, _ -> List.of()), new Migration(3, 2, _ -> List.of())));
                var older = new StoreConnection(database(), migrations(FIRST))) {
            newer.get();
            var error = assertThrows(UserError.class, older::get);
            assertEquals(
                    "the test store %s was written by a newer version of rpkai: run rpkai upgrade"
                            .formatted(database().place()),
                    error.line());
        }
    }

    @Test
    void aMigrationThatFailsChangesNothing() throws Exception {
        var broken = new Migration(
                2,
                1,
                _ -> List.of("ALTER TABLE item ADD COLUMN price INTEGER", "INSERT INTO no_such_table VALUES (1)"));
        try (var first = new StoreConnection(database(), migrations(FIRST))) {
            first.get();
        }
        try (var second = new StoreConnection(database(), migrations(FIRST, broken))) {
            assertThrows(SQLException.class, second::get);
        }
        try (var sql = database().connect()) {
            assertEquals(new SchemaVersion(1, 1), RECORD.read(sql));
            assertThrows(SQLException.class, () -> SqlRows.number(sql, "SELECT price FROM item"));
        }
    }

    @Test
    void severalProcessesThatOpenItAtOnceMakeTheTablesOnce() throws Exception {
        var together = new CyclicBarrier(6);
        var database = database();
        try (var threads = Executors.newFixedThreadPool(6)) {
            var all = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 6; i++) {
                all.add(() -> {
                    together.await();
                    try (var store = new StoreConnection(database, migrations(FIRST, SECOND))) {
                        return SqlRows.update(store.get(), "INSERT INTO item (name) VALUES (?)", "a");
                    } catch (SQLException e) {
                        // The name is there already; any other failure shows in the count.
                        return 0;
                    }
                });
            }
            int added = 0;
            for (var each : threads.invokeAll(all)) added += each.get();
            assertEquals(1, added);
        }
        try (var sql = database.connect()) {
            assertEquals(1, SqlRows.number(sql, "SELECT COUNT(*) FROM item"));
            assertEquals(new SchemaVersion(2, 1), RECORD.read(sql));
        }
    }

    @Test
    void aTransactionThatThrowsIsUndone() throws Exception {
        try (var store = new StoreConnection(database(), migrations(FIRST))) {
            var sql = store.get();
            assertThrows(
                    IllegalStateException.class,
                    () -> Transaction.run(sql, () -> {
                        SqlRows.update(sql, "INSERT INTO item (name) VALUES (?)", "a");
                        throw new IllegalStateException("no");
                    }));
            assertThrows(
                    SQLException.class,
                    () -> Transaction.run(sql, () -> {
                        SqlRows.update(sql, "INSERT INTO item (name) VALUES (?)", "b");
                        return SqlRows.update(sql, "INSERT INTO item (name) VALUES (?)", "b");
                    }));
            assertThrows(
                    OutOfMemoryError.class,
                    () -> Transaction.run(sql, () -> {
                        SqlRows.update(sql, "INSERT INTO item (name) VALUES (?)", "d");
                        throw new OutOfMemoryError("by the test");
                    }));
            assertEquals(1, Transaction.run(sql, () -> SqlRows.update(sql, "INSERT INTO item (name) VALUES (?)", "c")));
            assertEquals(
                    List.of("c"), SqlRows.list(sql, "SELECT name FROM item ORDER BY name", row -> row.getString(1)));
        }
    }

    @Test
    void bytesNumbersAndTextsAreReadBackAsTheyWereWritten() throws Exception {
        try (var store = new StoreConnection(database(), migrations(FIRST, SECOND))) {
            var sql = store.get();
            SqlRows.update(
                    sql,
                    "INSERT INTO item (name, picture, price) VALUES (?, ?, ?)",
                    "grün",
                    new byte[] {0, -1, 65},
                    12);
            assertEquals(
                    "grün [0, -1, 65] 12",
                    SqlRows.first(
                                    sql,
                                    "SELECT name, picture, price FROM item WHERE price = ?",
                                    row -> "%s %s %d"
                                            .formatted(
                                                    row.getString(1),
                                                    java.util.Arrays.toString(row.getBytes(2)),
                                                    row.getInt(3)),
                                    12)
                            .orElseThrow());
        }
    }

    @Test
    void writesOfAnotherConnectionAreNoticed() throws Exception {
        try (var one = new StoreConnection(database(), migrations(FIRST));
                var other = new StoreConnection(database(), migrations(FIRST))) {
            one.haveOthersWritten();
            SqlRows.update(other.get(), "INSERT INTO item (name) VALUES (?)", "a");

            assertTrue(one.haveOthersWritten());
        }
    }

    @Test
    void aConnectionThatWasGivenUpOpensAgain() throws Exception {
        try (var store = new StoreConnection(database(), migrations(FIRST))) {
            SqlRows.update(store.get(), "INSERT INTO item (name) VALUES (?)", "a");
            store.disconnect();
            assertEquals(1, SqlRows.number(store.get(), "SELECT COUNT(*) FROM item"));
        }
    }
}
