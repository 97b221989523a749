package tests.gateway.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import lib.api.ResourceKind;
import lib.base.Secret;
import lib.base.UserError;
import lib.database.SqlRows;
import lib.gateway.access.Caller.Role;
import lib.gateway.management.definition.Definitions;
import lib.gateway.sealing.KeySource;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.StateLocation;
import lib.gateway.state.StoredResource;
import lib.gateway.transfer.GatewayImport;
import lib.gateway.transfer.StateGuard;
import lib.usage.store.StoredBudgets;
import lib.usage.store.UsageTransfer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine.Result;

/// What `rpkai gateway export` and `import` refuse, and what is left then.
@DisabledOnOs(OS.WINDOWS)
class ImportTest {
    @TempDir
    Path temp;

    private MovedGateway gateway;

    @BeforeEach
    void anExport() {
        gateway = new MovedGateway(temp);
        try (var state = gateway.open("one")) {
            var definition = JsonNodeFactory.instance.objectNode().put("name", "team");
            definition
                    .putObject("anthropicConfig")
                    .put("apiKeyRef", "TEAM_KEY")
                    .put("baseUrl", "https://api.example.com");
            var provider = Definitions.of(ResourceKind.LLM).create(definition);
            state.providers().change(table -> {
                table.put(StoredResource.now(provider, RandomGateway.NOW));
                return null;
            });
            state.storedSecrets().set("TEAM_KEY", new Secret("sk-team"));
            state.accounts().add(Kind.USER, "ada@example.com", Role.USER);
            state.signIns().start(state.accounts().list(Kind.USER).getFirst(), "rpkai");
        }
        new RandomGateway(1).fill(gateway.usage("one"), 30);
        gateway.succeed("export", "good.export", "one");
    }

    @Test
    void anotherExportKeyOpensNothing() {
        var result = gateway.machine.run(
                "gateway", "import", "good.export", "--export-key-file", "other.key", "--state", "two");

        assertFails(result, "the export key does not open", "--export-key-file");
        assertNothingIsIn("two");
    }

    @Test
    void aTruncatedFileIsRefusedAtAnyLengthAndNothingIsWritten() throws Exception {
        var bytes = Files.readAllBytes(gateway.file("good.export"));
        var random = new Random(1);
        for (int i = 0; i < 12; i++) {
            int length = i == 0 ? bytes.length - 1 : random.nextInt(bytes.length);
            Files.write(gateway.file("cut.export"), Arrays.copyOf(bytes, length));
            assertFails(gateway.run("import", "cut.export", "two"), "cut.export", ": ");
        }
        assertNothingIsIn("two");
    }

    @Test
    void aFileWithoutItsLastLinesIsRefused() {
        var lines = gateway.lines("good.export");
        for (int kept : new int[] {1, 3, lines.size() / 2, lines.size() - 1}) {
            gateway.write("cut.export", String.join("\n", lines.subList(0, kept)) + "\n");
            assertFails(gateway.run("import", "cut.export", "two"), "its end is missing", "copy it again");
        }
        assertNothingIsIn("two");
    }

    @Test
    void aChangedByteIsNoticedBeforeAnythingIsWritten() throws Exception {
        var bytes = Files.readAllBytes(gateway.file("good.export"));
        var random = new Random(2);
        for (int i = 0; i < 12; i++) {
            var changed = bytes.clone();
            // The ten bytes of the header say nothing about the content, such as the operating system.
            int at = 10 + random.nextInt(bytes.length - 10);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(gateway.file("bad.export"), changed);
            assertEquals(1, gateway.run("import", "bad.export", "two").exitCode(), "byte " + at);
        }
        assertNothingIsIn("two");
    }

    @Test
    void aChangedRowIsNoticedEvenWhereTheFileIsWellFormed() {
        var text = String.join("\n", gateway.lines("good.export")) + "\n";
        gateway.write(
                "bad.export",
                text.replace("\"user\",\"ada@example.com\",\"user\"", "\"user\",\"ada@example.com\",\"admin\""));

        assertFails(gateway.run("import", "bad.export", "two"), "it was changed after the export", "copy it again");
        assertNothingIsIn("two");
    }

    @Test
    void whatIsNoExportIsRefused() throws Exception {
        Files.writeString(gateway.file("a.txt"), "something else");
        gateway.write("b.gz", "something else\n");
        gateway.write("c.gz", "{\"format\":\"rpkai gateway export\",\"version\":1,\"rows\":{\"sqlite_master\":1}}\n");
        gateway.write("d.gz", "[".repeat(100_000) + "\n");
        gateway.write("e.gz", "x".repeat(20_000_000));
        for (var name : List.of("a.txt", "b.gz", "c.gz", "d.gz", "e.gz", "missing"))
            assertFails(gateway.run("import", name, "two"), name, ": ");
        assertNothingIsIn("two");
    }

    @Test
    void aNewerFormatAsksForAnUpgrade() {
        gateway.write(
                "new.export",
                String.join("\n", gateway.lines("good.export")).replaceFirst("\"version\":1", "\"version\":2") + "\n");

        assertFails(gateway.run("import", "new.export", "two"), "newer version of rpkai", "run rpkai upgrade");
    }

    /// Whoever has the export key can write a file that is whole.
    @Test
    void aHostileFileIsCheckedAsTheManagementApiChecksWhatItStores() throws Exception {
        var good = new ForgedExport(gateway, "good.export");
        var series = good.row("series").get(0).asText();
        var forged = new LinkedHashMap<String, ForgedExport>();
        forged.put("another table", good.replacing("{\"table\":\"account\"", "{\"table\":\"fact\""));
        forged.put(
                "another column",
                good.replacing("\"columns\":[\"name\",\"sealed\"", "\"columns\":[\"name\",\"x) --\""));
        forged.put(
                "a name",
                good.replacing("[\"team\",\"{\\\"name\\\":\\\"team\\\"", "[\"T m\",\"{\\\"name\\\":\\\"T m\\\""));
        forged.put("two names", good.replacing("{\\\"name\\\":\\\"team\\\"", "{\\\"name\\\":\\\"other\\\""));
        forged.put(
                "a value as a reference",
                good.replacing("\\\"apiKeyRef\\\":\\\"TEAM_KEY\\\"", "\\\"apiKeyRef\\\":\\\"sk-1\\\""));
        forged.put("a metadata service", good.replacing("https://api.example.com", "http://169.254.169.254/latest"));
        forged.put(
                "an unknown field",
                good.replacing("{\\\"name\\\":\\\"team\\\"", "{\\\"x\\\":1,\\\"name\\\":\\\"team\\\""));
        forged.put(
                "a deep definition",
                good.replacing(
                        "{\\\"name\\\":\\\"team\\\"",
                        "{\\\"x\\\":" + "[".repeat(500) + "]".repeat(500) + ",\\\"name\\\":\\\"team\\\""));
        forged.put("a role", good.replacing("\"ada@example.com\",\"user\"", "\"ada@example.com\",\"root\""));
        forged.put("an account", good.replacing("\"user\",\"ada@example.com\"", "\"user\",\"ada\\u0000@example.com\""));
        forged.put("a time", good.replacing("2026-11-30T12:00:00Z\",\"2026", "yesterday\",\"2026"));
        forged.put("a negative key", good.replacing("[" + series + ",\"anthropic\"", "[-1,\"anthropic\""));
        forged.put("a last key", good.replacing("[" + series + ",\"anthropic\"", "[9223372036854775807,\"anthropic\""));
        forged.put("a NUL", good.replacing("\"anthropic\",\"anthropic\"", "\"anthropic\",\"a\\u0000\""));
        forged.put("half a pair", good.replacing("\"anthropic\",\"anthropic\"", "\"anthropic\",\"\\ud800\""));
        forged.put(
                "a long text",
                good.replacing("\"anthropic\",\"anthropic\"", "\"anthropic\",\"" + "x".repeat(5_000) + "\""));
        forged.put("a negative budget", good.replacing("\"monthly\",12345678901,", "\"monthly\",-1,"));
        forged.put("a percentage", good.replacing("12345678901,80,", "12345678901,800,"));
        forged.put("a large percentage", good.replacing("12345678901,80,", "12345678901,99999999999,"));
        forged.put("a target", good.replacing("[\"everyone\"", "[\"nobody\""));
        var secret = good.row("secret").get(1).asText();
        forged.put("a header", good.replacing(secret, good.sealed("TEAM_KEY", "a\r\nb: c")));
        forged.put("another's secret", good.replacing(secret, good.sealed("OTHER_KEY", "sk-1")));
        for (var each : forged.entrySet()) {
            each.getValue().write("bad.export");
            var result = gateway.run("import", "bad.export", "two");
            assertEquals(1, result.exitCode(), each.getKey());
            assertTrue(result.err().startsWith("rpkai: "), each.getKey() + ": " + result.err());
            assertFalse(result.err().contains("internal error"), each.getKey() + ": " + result.err());
            assertFalse(result.err().contains("sk-"), each.getKey() + ": " + result.err());
            assertEquals(1, result.err().lines().count(), each.getKey() + ": " + result.err());
        }
        assertNothingIsIn("two");
        good.write("same.export");
        gateway.succeed("import", "same.export", "two");
    }

    /// The file is read twice, and nothing of a second one may be imported.
    @Test
    void aFileThatIsReplacedDuringTheImportIsNoticedBeforeTheStateIsStored() throws Exception {
        new RandomGateway(2).fill(gateway.usage("one"), 1_000);
        gateway.succeed("export", "large.export", "one");
        new ForgedExport(gateway, "large.export")
                .replacing("\"ada@example.com\",\"user\"", "\"ada@example.com\",\"admin\"")
                .write("other.export");
        var file = gateway.file("large.export");
        var key = KeySource.file(gateway.file("export.key"), "export key", gateway.machine.host())
                .read();
        try (var state = gateway.open("two");
                var usage = new UsageTransfer(gateway.usage("two"), state.clock())) {
            Consumer<String> replacing = progress -> {
                if (progress.startsWith("Checking") && Files.exists(gateway.file("other.export")))
                    move(gateway.file("other.export"), file);
            };
            var error = assertThrows(UserError.class, () -> new GatewayImport(state, usage, replacing).from(file, key));
            assertTrue(error.line().contains("it was replaced during the import"), error.line());
        }
        assertNothingIsIn("two");
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoeverHasSomethingOfTheirOwnKeepsIt() {
        var id = gateway.machine.run("gateway", "user", "add", "bob", "--state", "two");
        assertEquals(0, id.exitCode(), id.err());
        assertFails(gateway.run("import", "good.export", "two"), "holds the state of another gateway", "--state");

        // The same state, from another export.
        assertFails(gateway.run("import", "good.export", "one"), "holds this state already", "--state");

        new RandomGateway(5).fill(gateway.usage("three"), 1);
        assertFails(gateway.run("import", "good.export", "three"), "holds usage or budgets already", "--usage-store");
        try (var state = gateway.open("three")) {
            assertEquals(0, state.providers().latest().size());
        }
    }

    @Test
    void anImportThatFailedGoesOnAndNothingElseIsPossibleUntilThen() throws Exception {
        // Opening it creates its tables.
        gateway.usage("two").connect().close();
        new StoredBudgets(gateway.usage("two")).list();
        change("CREATE TRIGGER refuse BEFORE INSERT ON call BEGIN SELECT RAISE(ABORT, 'no room'); END");
        assertFails(gateway.run("import", "good.export", "two"), "cannot use the usage store", "run the command again");

        var command = "run rpkai gateway import " + gateway.file("good.export") + " again";
        assertFails(gateway.machine.run("gateway", "user", "add", "bob", "--state", "two"), "is unfinished", command);
        assertFails(
                gateway.machine.run("gateway", "--listen", "127.0.0.1:0", "--state", "two"), "is unfinished", command);
        gateway.succeed("export", "other.export", "one");
        assertFails(gateway.run("import", "other.export", "two"), "is unfinished", command);

        change("DROP TRIGGER refuse");
        gateway.succeed("import", "good.export", "two");
        Content.assertSame(Content.of(gateway.usage("one")), Content.of(gateway.usage("two")));
        Content.assertSame(Content.of(gateway.state("one")), Content.of(gateway.state("two")));
        assertEquals(
                0,
                gateway.machine
                        .run("gateway", "user", "add", "bob", "--state", "two")
                        .exitCode());
        var again = gateway.run("import", "good.export", "two");
        assertEquals(0, again.exitCode(), again.err());
        assertTrue(again.err().contains("Nothing to do"), again.err());
    }

    @Test
    void aGatewayThatWritesUsageDuringTheImportIsNoticed() throws Exception {
        new StoredBudgets(gateway.usage("two")).list();
        change("CREATE TRIGGER refuse BEFORE INSERT ON call BEGIN SELECT RAISE(ABORT, 'no room'); END");
        gateway.run("import", "good.export", "two");
        change("DROP TRIGGER refuse");
        new RandomGateway(9).fill(gateway.usage("two"), 1);

        assertFails(gateway.run("import", "good.export", "two"), "a gateway wrote to", "stop it");
    }

    @Test
    void anImportAndAGatewayKeepOffEachOther() {
        var two = new StateLocation.Folder(gateway.file("two"));
        try (var _ = StateGuard.forGateway(two);
                var _ = StateGuard.forGateway(two)) {
            assertFails(gateway.run("import", "good.export", "two"), "is running on", "stop it");
        }
        gateway.succeed("import", "good.export", "two");
    }

    @Test
    void aFileIsReplacedOnlyOnRequest() throws Exception {
        var before = Files.readAllBytes(gateway.file("good.export"));
        assertFails(gateway.run("export", "good.export", "one"), "exists already", "--force");
        assertTrue(Arrays.equals(before, Files.readAllBytes(gateway.file("good.export"))));

        gateway.succeed("export", "good.export", "one", "--force");
        assertFalse(Arrays.equals(before, Files.readAllBytes(gateway.file("good.export"))));
    }

    @Test
    void whatCannotBeImportedIsNotExportedAndTheFileIsLeftAsItWas() throws Exception {
        var before = Files.readAllBytes(gateway.file("good.export"));
        try (var sql = gateway.state("one").connect()) {
            SqlRows.update(sql, "UPDATE provider SET definition = '{\"name\":\"team\",\"anthropicConfig\":{}}'");
        }
        assertFails(
                gateway.run("export", "good.export", "one", "--force"),
                "provider \"team\" cannot be exported",
                "correct");
        assertTrue(Arrays.equals(before, Files.readAllBytes(gateway.file("good.export"))));
        try (var files = Files.list(gateway.file(""))) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".new")));
        }
    }

    private void change(String statement) throws Exception {
        try (var sql = gateway.usage("two").connect()) {
            SqlRows.execute(sql, statement);
        }
    }

    private void assertNothingIsIn(String place) {
        for (var database : List.of(gateway.state(place), gateway.usage(place)))
            Content.of(database).forEach((table, rows) -> assertEquals(List.of(), rows, table));
    }

    private static void assertFails(Result result, String... texts) {
        assertEquals(1, result.exitCode(), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        for (var text : texts) assertTrue(result.err().contains(text), result.err());
        assertFalse(result.err().contains("internal error"), result.err());
    }
}
