package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;

/// The command tree built only as far as a command line needs gives the same output as the whole tree.
class CommandsTest {
    @TempDir
    Path temp;

    @Test
    void theOverviewIsTheOneOfTheWholeTree() {
        var machine = new Machine(temp);

        var overview = machine.run("--help");

        assertEquals(0, overview.exitCode());
        assertEquals(machine.run("-v", "--help").out(), overview.out());
        assertEquals(overview.out(), machine.run("-h").out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth",
                "env",
                "environment",
                "profile",
                "llm",
                "lp",
                "run",
                "explain",
                "doctor",
                "install",
                "version",
                "auth token",
                "env ls",
                "llm-provider list",
                "run claude",
                "run codex",
                "explain claude"
            })
    void aCommandsHelpIsTheOneOfTheWholeTree(String line) {
        var machine = new Machine(temp);
        var words = (line + " --help").split(" ");
        // A cluster of short flags takes a parser to see through.
        var whole = ("-vo wide " + line + " --help").split(" ");

        assertEquals(machine.run(whole).out(), machine.run(words).out());
        assertTrue(machine.run(words).out().contains("\nUsage: rpkai "), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "auht token",
                "auth tokne",
                "auth",
                "run",
                "run cluade",
                "auth token --nonsense",
                "--nonsense",
                "version extra",
                "-p",
                "-p auth",
                "--config auth token",
                "run --config x"
            })
    void errorsAreTheSameAsFromTheWholeTree(String line) {
        var machine = new Machine(temp);

        var said = machine.run(line.split(" "));

        assertEquals(withoutIndex(machine.run(("-vo json " + line).split(" ")).err()), withoutIndex(said.err()));
        assertEquals(2, said.exitCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-p auth version",
                "--profile run version",
                "-v --no-color version",
                "-o auth version",
                "version -p auth"
            })
    void aFlagsValueIsNoCommand(String line) {
        assertEquals(
                "rpkai 0.2.0 (source)\n", new Machine(temp).run(line.split(" ")).out());
    }

    private static String withoutIndex(String message) {
        return message.replaceAll("index \\d", "index N");
    }
}
