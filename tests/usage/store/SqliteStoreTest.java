package tests.usage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import lib.database.Database;
import lib.usage.Usage;
import lib.usage.report.UsageQuery;
import lib.usage.report.Window;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageReports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
    @TempDir
    Path temp;

    @Override
    Database database() {
        return UsageDatabase.sqlite(temp.resolve("new/folder/usage.db"));
    }

    @Test
    void onlyTheOwnerMayReadTheFiles() throws Exception {
        try (var store = open()) {
            store.accept(Calls.call(NOW, "m", "ada", "", Usage.NONE));
            assertTrue(store.flush(SOON));
            try (var files = Files.list(temp.resolve("new/folder"))) {
                for (var file : files.toList())
                    assertEquals(
                            "rw-------",
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                            file.toString());
            }
        }
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("new/folder"))));
    }

    @Test
    void aCopyIsKeptFromBeforeItsTablesChanged() throws Exception {
        try (var sql = database().connect()) {
            FirstRelease.open(sql, database());
            FirstRelease.write(sql, NOW.minusSeconds(60).toEpochMilli(), "m");
        }
        var copy = temp.resolve("new/folder/usage.db.before-4");
        var older = Files.writeString(temp.resolve("new/folder/usage.db.before-3"), "");
        record(List.of(Calls.call(NOW.minusSeconds(30), "m", "ada", "s", Usage.NONE)));

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
        assertFalse(Files.exists(older));
        try (var sql = UsageDatabase.sqlite(copy).connect()) {
            FirstRelease.open(sql, database());
            assertEquals("1 10 40 0, 1 10 40 0", FirstRelease.sums(sql, "m"));
        }
        // The copy does not contain later calls.
        record(List.of(Calls.call(NOW.minusSeconds(20), "m", "ada", "s", Usage.NONE)));
        try (var sql = UsageDatabase.sqlite(copy).connect()) {
            assertEquals("1 10 40 0, 1 10 40 0", FirstRelease.sums(sql, "m"));
        }
    }

    @Test
    void aNewStoreHasNoCopy() throws Exception {
        record(List.of(Calls.call(NOW.minusSeconds(30), "m", "ada", "s", Usage.NONE)));

        assertFalse(Files.exists(temp.resolve("new/folder/usage.db.before-4")));
    }

    @Test
    void tablesThatCannotBeCopiedAreNotChanged() throws Exception {
        try (var sql = database().connect()) {
            FirstRelease.open(sql, database());
        }
        Files.createDirectories(temp.resolve("new/folder/.usage.db.before-4.new/in-the-way"));
        try (var store = open()) {
            store.accept(Calls.call(NOW, "m", "ada", "", Usage.NONE));
            tests.support.Eventually.holds(() -> !warnings.isEmpty(), SOON, () -> "nothing was said");
            try (var sql = database().connect();
                    var rows = sql.createStatement()
                            .executeQuery("SELECT COUNT(*) FROM sqlite_master WHERE name = 'usage_schema'")) {
                assertEquals(0, rows.getInt(1));
            }
            Files.delete(temp.resolve("new/folder/.usage.db.before-4.new/in-the-way"));
            assertTrue(store.flush(SOON));
        }
    }

    @Test
    void readingAStoreOfTheFirstReleaseDoesNotChangeIt() throws Exception {
        try (var sql = database().connect()) {
            FirstRelease.open(sql, database());
            FirstRelease.write(sql, NOW.minusSeconds(60).toEpochMilli(), "m");
        }
        try (var reports = UsageReports.of(
                UsageDatabase.sqlite(temp.resolve("new/folder/usage.db")).readOnly())) {
            assertEquals(
                    1,
                    reports.answer(UsageQuery.of(Window.last(Duration.ofHours(2), NOW)))
                            .total()
                            .sums()
                            .requests());
        }
        assertFalse(Files.exists(temp.resolve("new/folder/usage.db.before-4")));
    }

    @Test
    void itIsReadWhileItIsWritten() throws Exception {
        try (var store = open();
                var reports = UsageReports.of(UsageDatabase.sqlite(temp.resolve("new/folder/usage.db"))
                        .readOnly())) {
            for (int i = 1; i <= 3; i++) {
                store.accept(Calls.call(NOW.minusSeconds(1), "m", "ada", "", Usage.NONE));
                assertTrue(store.flush(SOON));

                assertEquals(
                        i,
                        reports.answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW)))
                                .total()
                                .sums()
                                .requests());
            }
        }
    }

    @Test
    void callsThatCannotBeWrittenCauseOneWarningAndAreWrittenLater() throws IOException, Exception {
        Files.createDirectories(temp.resolve("new"));
        var inTheWay = Files.writeString(temp.resolve("new/folder"), "");
        try (var store = open()) {
            store.accept(Calls.call(NOW.minusSeconds(1), "m", "ada", "", Usage.NONE));
            tests.support.Eventually.holds(() -> !warnings.isEmpty(), SOON, () -> "nothing was said");
            Files.delete(inTheWay);
            assertTrue(store.flush(SOON));
        }
        assertEquals(2, warnings.size(), warnings.toString());
        assertEquals(
                1,
                answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW)))
                        .total()
                        .sums()
                        .requests());
    }

    @Test
    void twoProcessesMayWriteToOneFile() throws Exception {
        try (var one = open();
                var other = open()) {
            for (int i = 0; i < 200; i++)
                (i % 2 == 0 ? one : other)
                        .accept(Calls.call(NOW.minusSeconds(i), "m", "ada", "s", new Usage(1, 1, 0, 0, 0, 0)));
            assertTrue(one.flush(SOON) && other.flush(SOON));
        }
        assertEquals(List.of(), warnings);
        assertEquals(
                400,
                answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW.plusSeconds(1))))
                        .total()
                        .sums()
                        .tokens()
                        .total());
    }
}
