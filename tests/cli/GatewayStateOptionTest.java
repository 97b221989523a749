package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;
import tests.support.Postgres;

class GatewayStateOptionTest {
    private static final String SEALING_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void machine() {
        machine = new Machine(temp).with("NO_COLOR", "1").typing("sk-the-value\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway",
                "gateway user list",
                "gateway client add ci",
                "secret set KEY",
                "secret list",
                "secret delete KEY"
            })
    void aUrlOfAnotherDatabaseIsAnErrorAndMakesNoFolder(String command) throws IOException {
        for (var url : List.of("redis://secret-word@db/x", "jdbc:postgresql://db/x", "mysql://db/x")) {
            var result = run(command + " --state " + url);

            assertEquals(2, result.exitCode(), result.err());
            assertTrue(result.err().contains("set --state to a path, or, for example, to postgresql://"), result.err());
            assertFalse(result.err().contains("secret-word"), result.err());
        }
        for (var url : List.of("postgresql:/db/x", "postgres:x", "postgresql://db")) {
            var result = run(command + " --state " + url + (command.equals("gateway") ? key() : ""));

            assertEquals(1, result.exitCode(), result.err());
            assertTrue(result.err().contains("the URL of the gateway's state is not valid"), result.err());
        }
        try (var files = Files.list(machine.cwd())) {
            assertEquals(
                    List.of(),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.contains(":"))
                            .toList());
        }
    }

    @Test
    void aGatewayWithItsStateInPostgresqlNeedsASealingKey() {
        var result = run("gateway --state postgresql://rpkai@127.0.0.1:1/x");

        assertEquals(2, result.exitCode());
        assertTrue(
                result.err().contains("pass --sealing-key-file FILE or --sealing-key-command COMMAND"), result.err());
    }

    @Test
    void aStaleLimitIsForAStateInPostgresqlAndAtLeastFiveSeconds() throws IOException {
        var here = run("gateway --stale-limit 1m");
        assertEquals(2, here.exitCode());
        assertTrue(here.err().contains("--stale-limit requires a state in PostgreSQL"), here.err());
        var shared = "gateway --state postgresql://rpkai@127.0.0.1:1/x" + key();
        var tooShort = run(shared + " --stale-limit 4s");
        assertEquals(2, tooShort.exitCode());
        assertTrue(tooShort.err().contains("--stale-limit must be at least 5 s"), tooShort.err());
        assertEquals(2, run(shared + " --stale-limit soon").exitCode());
        assertEquals(1, run(shared + " --stale-limit 5s").exitCode());
    }

    @Test
    void aSealingKeyIsForAStateInPostgresqlAndComesFromOnePlace() throws IOException {
        assertTrue(run("secret list --state here" + key()).err().contains("require a state in PostgreSQL"));
        assertTrue(run("secret list --local" + key()).err().contains("require a state in PostgreSQL"));
        var both = run("secret list --state postgresql://rpkai@127.0.0.1:1/x --sealing-key-command true" + key());
        assertEquals(2, both.exitCode());
        assertTrue(both.err().contains("exclude each other"), both.err());
    }

    @Test
    void commandsUseAStateInPostgresql() throws Exception {
        try (var postgres = Postgres.start()) {
            var state = " --state " + postgres.newDatabase("state");
            machine = machine.with("PGPASSWORD", Postgres.PASSWORD.reveal());

            assertEquals(0, run("secret set KEY" + state + key()).exitCode());
            assertTrue(run("secret list" + state).out().contains("KEY"));
            assertEquals(0, run("gateway user add ada@example.com" + state).exitCode());
            assertTrue(run("gateway user list" + state).out().contains("ada@example.com"));
            var wrong = Files.writeString(temp.resolve("wrong"), "BAAA" + SEALING_KEY.substring(4));
            var refused = run("gateway" + state + " --listen 127.0.0.1:0 --sealing-key-file " + wrong);
            assertEquals(1, refused.exitCode());
            assertTrue(refused.err().contains("the sealing key is a different one"), refused.err());
            assertFalse(Files.exists(machine.home().resolve(".rpai/gateway")), "a state was made on this machine, too");
        }
    }

    private String key() throws IOException {
        return " --sealing-key-file " + Files.writeString(temp.resolve("sealing-key"), SEALING_KEY);
    }

    private Machine.Result run(String line) {
        return machine.run(line.split(" "));
    }
}
