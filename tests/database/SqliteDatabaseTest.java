package tests.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import lib.base.UserError;
import lib.database.Database;
import lib.database.SqlRows;
import lib.database.SqliteDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;

class SqliteDatabaseTest extends DatabaseContract {
    @TempDir
    Path temp;

    @Override
    SqliteDatabase database() {
        return in("new/folder");
    }

    private SqliteDatabase in(String folder) {
        return new SqliteDatabase(temp.resolve(folder).resolve("test.db"), LABEL, SqliteDatabase.Access.WRITE);
    }

    @Test
    void committedDataIsOnTheDiskAndDeletedDataIsOverwritten() throws Exception {
        try (var sql = database().connect()) {
            assertEquals(
                    "wal",
                    SqlRows.first(sql, "PRAGMA journal_mode", row -> row.getString(1))
                            .orElseThrow());
            assertEquals(2, SqlRows.number(sql, "PRAGMA synchronous"));
            assertEquals(1, SqlRows.number(sql, "PRAGMA fullfsync"));
            assertEquals(1, SqlRows.number(sql, "PRAGMA secure_delete"));
            assertEquals(0, SqlRows.number(sql, "PRAGMA trusted_schema"));
        }
    }

    /// Without a second try some of these are refused with SQLITE_BUSY.
    @Test
    void twoProcessesMayCreateItAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 200; i++) {
                var database = in("both" + i);
                var together = new CyclicBarrier(2);
                Callable<Boolean> open = () -> {
                    together.await();
                    try (var sql = database.connect()) {
                        return sql.isValid(1);
                    }
                };
                for (var each : threads.invokeAll(List.of(open, open))) assertTrue(each.get());
            }
        }
    }

    @Test
    void oneThatIsOnlyReadIsNotCreated() {
        assertThrows(Exception.class, () -> database().readOnly().connect());
        assertFalse(Files.exists(temp.resolve("new")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mysql://ada:secret-word@db/x", "jdbc:postgresql://ada:secret-word@db/x", "file:///secret-word"})
    void aUrlOfAnotherKindIsRefusedAndNotQuoted(String text) {
        var error = assertThrows(UserError.class, () -> Database.named(text, LABEL, new Machine(temp).host()));

        assertTrue(
                error.line().contains("set --test-store to a path, or, for example, to postgresql://"), error.line());
        assertFalse(error.line().contains("secret-word"), error.line());
    }

    @Test
    void aPathIsRelativeToTheWorkingFolder() {
        var host = new Machine(temp).host();

        assertEquals(
                host.cwd().resolve("some folder/usage.db").toString(),
                Database.named("some folder/usage.db", LABEL, host).place());
    }
}
