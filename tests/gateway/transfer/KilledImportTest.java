package tests.gateway.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import lib.database.SqlRows;
import lib.usage.store.StoredBudgets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Postgres;
import tests.support.PostgresDatabases;

/// Imports that are killed, and run again.
@DisabledOnOs(OS.WINDOWS)
@Tag("processes")
class KilledImportTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    @TempDir
    Path temp;

    private MovedGateway gateway;

    @BeforeEach
    void anExport() {
        gateway = new MovedGateway(temp);
        var random = new RandomGateway(4);
        try (var state = gateway.open("one")) {
            random.fill(state);
        }
        random.fill(gateway.usage("one"), 3_000);
        gateway.succeed("export", "all.export", "one");
    }

    @Test
    void anImportThatIsKilledInAnyTableGoesOnInPostgresql() throws Exception {
        var url = POSTGRES.empty().toString();
        gateway.usage(url).connect().close();
        new StoredBudgets(gateway.usage(url)).list();
        for (var table : List.of("series", "call")) {
            try (var blocking = connect(url)) {
                // The import waits at its first row of this table, and dies there.
                blocking.setAutoCommit(false);
                SqlRows.execute(blocking, "LOCK TABLE %s IN EXCLUSIVE MODE".formatted(table));
                var running = start(url);
                Eventually.holds(() -> isWaiting(blocking), LIMIT, () -> "the import does not reach " + table);
                running.destroyForcibly().waitFor();
            }
            var refused = gateway.machine.run("gateway", "user", "add", "bob", "--state", url);
            assertEquals(1, refused.exitCode());
            assertTrue(refused.err().contains("run rpkai gateway import"), refused.err());
        }
        gateway.succeed("import", "all.export", url);

        var moved = Content.of(gateway.usage("one"));
        moved.putAll(Content.of(gateway.state("one")));
        Content.assertSame(moved, Content.of(gateway.usage(url)));
    }

    @Test
    void anImportThatIsKilledAtRandomMomentsGoesOnInSqlite() throws Exception {
        var random = new Random(11);
        for (int i = 0; i < 2; i++) {
            var running = start("two");
            var rows = random.nextInt(8_000);
            Eventually.holds(
                    () -> !running.isAlive() || written("two") >= rows, LIMIT, () -> written("two") + " of " + rows);
            running.destroyForcibly().waitFor();
        }
        gateway.succeed("import", "all.export", "two");

        Content.assertSame(Content.of(gateway.usage("one")), Content.of(gateway.usage("two")));
        Content.assertSame(Content.of(gateway.state("one")), Content.of(gateway.state("two")));
        try (var before = gateway.open("one");
                var after = gateway.open("two")) {
            assertEquals(Content.secrets(before), Content.secrets(after));
        }
    }

    @Test
    void aGatewayThatStartsBeforeTheStateIsWrittenMakesTheImportFail() throws Exception {
        var url = POSTGRES.empty().toString();
        var asked = temp.resolve("asked");
        var go = temp.resolve("go");
        var command = ": > %s; while [ ! -e %s ]; do /bin/sleep 0.1; done; /bin/cat %s"
                .formatted(asked, go, gateway.file("sealing.key"));
        try (var threads = Executors.newSingleThreadExecutor()) {
            // It has looked for gateways when it asks for the sealing key.
            var running = threads.submit(() -> gateway.machine.run(
                    "gateway",
                    "import",
                    "all.export",
                    "--export-key-file",
                    "export.key",
                    "--state",
                    url,
                    "--sealing-key-command",
                    command));
            Eventually.holds(() -> Files.exists(asked) || running.isDone(), LIMIT, () -> "it does not ask for the key");
            try (var _ = gateway.open(url)) {
                Files.createFile(go);
                assertEquals(1, running.get().exitCode());
                assertTrue(
                        running.get().err().contains("a gateway or another command of rpkai uses"),
                        running.get().err());
            }
        }
        gateway.succeed("import", "all.export", url);
    }

    private Process start(String place) throws IOException {
        return gateway.machine
                .start(gateway.command("import", "all.export", place))
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("output").toFile())
                .start();
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection("jdbc:" + url.replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal());
    }

    private static boolean isWaiting(Connection sql) {
        try {
            return SqlRows.number(sql, "SELECT COUNT(*) FROM pg_locks WHERE NOT granted") > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns how many rows of usage are imported.
    private long written(String place) {
        try (var sql =
                DriverManager.getConnection("jdbc:sqlite:" + gateway.file(place).resolve("usage.db"))) {
            return SqlRows.number(sql, "SELECT MAX(batch) FROM writer");
        } catch (SQLException e) {
            // There is no file or no table yet.
            return -1;
        }
    }
}
