package tests.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.Set;
import lib.base.Host;
import lib.base.UserError;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayStateTest extends StateContract {
    private Path folder;

    @BeforeEach
    void folder() {
        folder = temp.resolve("state");
    }

    /// Its release looks at `user_version`, and writes rows without naming columns.
    @Test
    void theFirstReleaseReadsAndWritesTheStateOfThisOne() throws Exception {
        try (var state = open()) {
            put(state, "a");
        }
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
                var statement = sql.createStatement()) {
            assertEquals(3, statement.executeQuery("PRAGMA user_version").getInt(1));
            statement.execute("INSERT INTO provider VALUES ('b', '{\"name\":\"b\"}', '2026-11-22T12:00:00Z', "
                    + "'2026-11-22T12:00:00Z')");
            statement.execute("INSERT INTO mcp_server VALUES ('s', '{\"name\":\"s\"}', '2026-11-22T12:00:00Z', "
                    + "'2026-11-22T12:00:00Z')");
            statement.execute("INSERT INTO secret VALUES ('K', X'00', '2026-11-22T12:00:00Z')");
            statement.execute("INSERT INTO account VALUES ('1', 'user', 'ada', 'user', 'h', '2026-11-22T12:00:00Z')");
            statement.execute("INSERT INTO signin VALUES ('1', '1', 'rpkai', 'f', 'h', 0, '2026-11-22T12:00:00Z')");
        }
        try (var state = open()) {
            assertEquals(Set.of("a", "b"), state.providers().all().keySet());
        }
    }

    @Test
    void aCopyIsKeptFromBeforeItsTablesChanged() throws Exception {
        Files.createDirectories(folder);
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
                var statement = sql.createStatement()) {
            statement.execute("CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT");
            statement.execute("CREATE TABLE provider (name TEXT PRIMARY KEY, definition TEXT NOT NULL, created "
                    + "TEXT NOT NULL, updated TEXT NOT NULL) STRICT");
            statement.execute(
                    "CREATE TABLE secret (name TEXT PRIMARY KEY, sealed BLOB NOT NULL, updated TEXT NOT NULL) STRICT");
            statement.execute("INSERT INTO provider VALUES ('a', '{\"name\":\"a\"}', '2026-11-22T12:00:00Z', "
                    + "'2026-11-22T12:00:00Z')");
            statement.execute("PRAGMA user_version = 1");
        }
        try (var state = open()) {
            assertEquals(Set.of("a"), state.providers().all().keySet());
            put(state, "b");
        }
        var copy = folder.resolve("state.db.before-6");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + copy);
                var statement = sql.createStatement()) {
            assertEquals(1, statement.executeQuery("PRAGMA user_version").getInt(1));
            assertEquals(
                    1, statement.executeQuery("SELECT COUNT(*) FROM provider").getInt(1));
        }
    }

    @Test
    void aStateThatANewerVersionOnlyExtendedIsUsed() throws Exception {
        try (var state = open()) {
            put(state, "a");
        }
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
                var statement = sql.createStatement()) {
            statement.execute("UPDATE fact SET value = '99' WHERE name = 'schema'");
        }
        try (var state = open()) {
            assertEquals(Set.of("a"), state.providers().all().keySet());
        }
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
                var statement = sql.createStatement()) {
            assertEquals(
                    "99",
                    statement
                            .executeQuery("SELECT value FROM fact WHERE name = 'schema'")
                            .getString(1));
        }
    }

    @Test
    void aStateOfANewerVersionIsLeftAlone() throws Exception {
        open().close();
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
                var statement = sql.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        var error = assertThrows(UserError.class, this::open);

        assertTrue(error.line().endsWith("was written by a newer version of rpkai: run rpkai upgrade"), error.line());
    }

    @Test
    void aFileThatIsNoDatabaseIsReported() throws Exception {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("state.db"),
                "something else, and long enough for a header of SQLite's, whatever it is that was put there. "
                        .repeat(20));
        var error = assertThrows(UserError.class, this::open);

        assertTrue(
                error.line().startsWith("cannot use the gateway's state " + folder.resolve("state.db")), error.line());
    }

    @Test
    void aFolderThatCannotBeCreatedIsReported() throws Exception {
        Files.writeString(folder, "a file");
        var error = assertThrows(UserError.class, this::open);

        assertTrue(error.line().contains("choose another place with --state"), error.line());
    }

    @Override
    GatewayState open(Host host) {
        return GatewayState.open(folder, host);
    }
}
