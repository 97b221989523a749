package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

/// Launches under a real terminal, with a stand-in for the agent. `rpkai` waits for it, the gateway being in the
/// same process. What a shell sees of the two may not differ from the agent alone.
@Tag("processes")
class TerminalTest {
    /// Says what is typed. Only once it was continued has the shell set the terminal for it: what is typed before
    /// that is not a line to it.
    private static final String ECHO =
            "trap 'n=$((n+1)); echo continued $n' CONT; echo ready; while [ -t 0 ]; do read line && echo "
                    + "got $line; done";

    @TempDir
    Path temp;

    private Machine machine;
    private Tmux terminal;

    @BeforeEach
    void openTerminal() throws IOException {
        machine = new Machine(temp);
        machine.with("PATH", temp.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
        command("rpkai", "run", "claude", "-L", "demo");
        terminal = Tmux.start(machine);
    }

    @AfterEach
    void closeTerminal() {
        if (terminal != null) terminal.close();
    }

    @Test
    void ctrlCIsAKeyForAnAgentInRawMode() {
        agent("stty raw -echo; printf 'ready\\r\\n'; k=$(dd bs=1 count=1 2>/dev/null | od -An -tu1); "
                + "stty sane; echo key $k");
        start();

        terminal.key("C-c");

        terminal.await("(?m)^key 3$");
        terminal.await("(?m)^ended 0$");
    }

    @Test
    void ctrlCInterruptsAnAgentInCookedModeAndItsExitCodeComesBack() {
        agent("trap 'echo interrupted; exit 7' INT; echo ready; tail -f /dev/null");
        start();

        terminal.key("C-c");

        terminal.await("(?m)^(\\^C)?interrupted$");
        terminal.await("(?m)^ended 7$");
    }

    @Test
    void ctrlCEndsAnAgentThatDoesNotHandleItWith130() {
        agent("echo ready; exec tail -f /dev/null");
        // A shell that sees the interrupt in its own right ends the line; its status is asked for on the next.
        terminal.type("rpkai");
        terminal.await("(?m)^ready$");

        terminal.key("C-c");

        terminal.await("\\$$");
        terminal.type("echo ended $?");
        terminal.await("(?m)^ended 130$");
    }

    @Test
    void ctrlBackslashReachesTheAgentAndTheJvmPrintsNothing() {
        agent("trap 'echo quit; exit 6' QUIT; echo ready; tail -f /dev/null");
        start();

        terminal.key("C-\\");

        var screen = terminal.await("(?m)^ended 6$");
        assertFalse(screen.contains("Full thread dump"), screen);
    }

    @Test
    void ctrlZGivesThePromptBackAndFgContinues() {
        agent(ECHO);
        start();

        terminal.key("C-z");
        terminal.await("Stopped.*\\n(.*\\n)*\\$$");
        terminal.type("fg");
        terminal.await("(?m)^continued 1$");
        terminal.type("hello");

        terminal.await("(?m)^got hello$");
    }

    @Test
    void anAgentThatStopsItselfGivesThePromptBackAndFgContinues() {
        agent("echo ready; kill -STOP $$; echo continued; exit 5");
        terminal.type("rpkai");

        terminal.await("Stopped.*\\n(.*\\n)*\\$$");
        terminal.type("fg; echo ended $?");

        terminal.await("(?m)^continued$");
        terminal.await("(?m)^ended 5$");
    }

    @Test
    void stoppingAndContinuingWorksEveryTime() {
        agent(ECHO);
        start();

        for (int i = 1; i <= 3; i++) {
            terminal.key("C-z");
            terminal.await("\\$$");
            terminal.type("fg");
            terminal.await("(?m)^continued " + i + "$");
            terminal.type("line" + i);
            terminal.await("(?m)^got line" + i + "$");
        }
    }

    @Test
    void theAgentSeesTheTerminalResized() {
        agent("trap 'stty size' WINCH; echo ready; tail -f /dev/null & while :; do wait $!; done");
        start();

        terminal.resize(90, 30);

        terminal.await("(?m)^30 90$");
    }

    @Test
    void sigtermToRpkaiPutsTheTerminalBackThatTheAgentLeftRaw() {
        agent("stty raw -echo; printf 'ready %s\\r\\n' $PPID; exec tail -f /dev/null");
        var before = settings();
        terminal.type("rpkai; echo ended $?; stty -a > after");
        kill("TERM", pidAfter("ready"));

        terminal.await("(?m)^ended 143$");
        assertEquals(before, settings("after"));
    }

    @Test
    void sighupToRpkaiPutsTheTerminalBackThatTheAgentLeftRaw() {
        agent("stty raw -echo; printf 'ready %s\\r\\n' $PPID; exec tail -f /dev/null");
        var before = settings();
        terminal.type("rpkai; echo ended $?; stty -a > after");
        kill("HUP", pidAfter("ready"));

        terminal.await("(?m)^ended 129$");
        assertEquals(before, settings("after"));
    }

    @Test
    void anAgentThatIsKilledLeavesTheTerminalAsItWas() {
        agent("stty raw -echo; printf 'ready %s\\r\\n' $$; exec tail -f /dev/null");
        var before = settings();
        terminal.type("rpkai; echo ended $?; stty -a > after");
        kill("KILL", pidAfter("ready"));

        terminal.await("(?m)^ended 137$");
        assertEquals(before, settings("after"));
    }

    @Test
    void terminalSettingsOfAnAgentThatEndsByItselfAreKept() {
        agent("stty -echo; exit 1");
        terminal.type("rpkai; echo ended $?; stty -a > after; stty sane");

        terminal.await("(?m)^ended 1$");
        assertEquals(true, settings("after").contains("-echo "));
    }

    @Test
    void anAgentWhoseRpkaiIsKilledLosesTheTerminalToTheShell() {
        agent("echo ready $PPID; while read line; do :; done; echo reads no more > outcome");
        terminal.type("rpkai");
        kill("KILL", pidAfter("ready"));

        terminal.await("Killed");
        // What it was reading at that moment may still be its own.
        terminal.key("Enter");
        terminal.type("clear; until [ -e outcome ]; do read -t 0.05 line; done; cat outcome");

        terminal.await("(?m)^reads no more$");
    }

    @Test
    void anAgentThatReplacedRpkaiIsAsLaunchedByHandInTheTerminalToo() throws IOException {
        try (var gateway =
                FakeGateway.start().provider(ProviderJson.anthropic("claude")).tokens(_ -> true)) {
            machine.program("claude", ProcessReport.SCRIPT);
            machine.profile("open", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.url()));
            command("rpkai", "run", "claude", "-L", "claude");
            terminal.type("claude > out; cp out by-hand; rpkai > out; cp out launched; echo done");
            terminal.await("(?m)^done$");

            var names = new ArrayList<String>();
            new ObjectMapper()
                    .readTree(machine.run("run", "claude", "-L", "claude", "--print-settings")
                            .out())
                    .path("env")
                    .fieldNames()
                    .forEachRemaining(names::add);
            var byHand = report("by-hand");
            var launched = report("launched");

            assertEquals(List.of(), byHand.differences(launched, Set.copyOf(names)));
            assertEquals(byHand.state().get("stat session"), launched.state().get("stat session"));
            assertEquals(launched.state().get("pid"), launched.state().get("group"), "a job of its own");
            assertEquals(byHand.state().get("parent"), launched.state().get("parent"), "the shell");
        }
    }

    /// The stand-in. It says its version at once: a launch waits seconds for one that doesn't.
    private void agent(String script) {
        machine.program("claude", "[ \"$1\" = --version ] && echo 99.0.0 && exit\n" + script + "\n");
    }

    private void start() {
        terminal.type("rpkai; echo ended $?");
        terminal.await("(?m)^ready");
    }

    /// A command that is rpkai with these arguments, and the same process.
    private void command(String name, String... arguments) {
        var words = Machine.command(arguments).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        machine.program(name, "exec " + words + " \"$@\"\n");
    }

    private String pidAfter(String word) {
        return terminal.await("(?m)^" + word + " \\d+").replaceAll("(?s).*\\n" + word + " (\\d+).*", "$1");
    }

    private void kill(String signal, String pid) {
        try {
            assertEquals(
                    0, new ProcessBuilder("kill", "-s", signal, pid).start().waitFor());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String settings() {
        terminal.type("stty -a > before; clear");
        terminal.await("^\\$$");
        return settings("before");
    }

    private String settings(String file) {
        terminal.type("echo seen");
        terminal.await("(?m)^seen$");
        return text(file);
    }

    private ProcessReport report(String file) {
        return ProcessReport.read(text(file));
    }

    private String text(String file) {
        try {
            return Files.readString(machine.cwd().resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
