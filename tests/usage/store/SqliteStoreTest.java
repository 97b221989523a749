package tests.usage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import lib.usage.Usage;
import lib.usage.report.Question;
import lib.usage.report.Window;
import lib.usage.store.Database;
import lib.usage.store.UsageReports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
    @TempDir
    Path temp;

    @Override
    Database database() {
        return new Database.Sqlite(temp.resolve("new/folder/usage.db"), false);
    }

    @Test
    void nobodyElseMayReadIt() throws Exception {
        try (var store = open()) {
            store.accept(Calls.call(NOW, "m", "ada", "", Usage.NONE));
            assertTrue(store.flush(SOON));
            try (var files = Files.list(temp.resolve("new/folder"))) {
                for (var file : files.toList()) assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
            }
        }
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("new/folder"))));
    }

    @Test
    void oneOfTheFirstVersionIsReadAndWrittenOn() throws Exception {
        record(List.of(Calls.call(NOW.minusSeconds(60), "m", "ada", "", Usage.NONE)));
        try (var sql = database().connect(); var statement = sql.createStatement()) {
            statement.execute("ALTER TABLE call DROP COLUMN requests");
            statement.execute("UPDATE usage_version SET version = 1");
        }
        record(List.of(Calls.call(NOW.minusSeconds(30), "m", "ada", "", Usage.NONE)));

        assertEquals(2, answer(Question.of(new Window(NOW.minusSeconds(90), NOW)).every(Duration.ofMinutes(1))).total().sums().requests());
    }

    @Test
    void itIsReadWhileItIsWritten() throws Exception {
        try (var store = open(); var reports = UsageReports.of(new Database.Sqlite(temp.resolve("new/folder/usage.db"), true))) {
            for (int i = 1; i <= 3; i++) {
                store.accept(Calls.call(NOW.minusSeconds(1), "m", "ada", "", Usage.NONE));
                assertTrue(store.flush(SOON));

                assertEquals(i, reports.answer(Question.of(Window.last(Duration.ofHours(1), NOW))).total().sums().requests());
            }
        }
    }

    @Test
    void whatCannotBeWrittenIsSaidOnceAndWrittenLater() throws IOException, Exception {
        Files.createDirectories(temp.resolve("new"));
        var inTheWay = Files.writeString(temp.resolve("new/folder"), "");
        try (var store = open()) {
            store.accept(Calls.call(NOW.minusSeconds(1), "m", "ada", "", Usage.NONE));
            tests.support.Eventually.holds(() -> !warnings.isEmpty(), SOON, () -> "nothing was said");
            Files.delete(inTheWay);
            assertTrue(store.flush(SOON));
        }
        assertEquals(2, warnings.size(), warnings.toString());
        assertEquals(1, answer(Question.of(Window.last(Duration.ofHours(1), NOW))).total().sums().requests());
    }

    @Test
    void twoProcessesMayWriteToOneFile() throws Exception {
        try (var one = open(); var other = open()) {
            for (int i = 0; i < 200; i++) (i % 2 == 0 ? one : other).accept(Calls.call(NOW.minusSeconds(i), "m", "ada", "s", new Usage(1, 1, 0, 0, 0, 0)));
            assertTrue(one.flush(SOON) && other.flush(SOON));
        }
        assertEquals(List.of(), warnings);
        assertEquals(400, answer(Question.of(Window.last(Duration.ofHours(1), NOW.plusSeconds(1)))).total().sums().tokens().total());
    }
}
