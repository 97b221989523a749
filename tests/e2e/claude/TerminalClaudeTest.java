package tests.e2e.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.e2e.Tmux;
import tests.support.Machine;

/// The real Claude Code under a real terminal, with the embedded gateway's scripted model.
@Tag("e2e")
class TerminalClaudeTest {
    @TempDir
    Path temp;

    private Machine machine;
    private Tmux terminal;

    @BeforeEach
    void openTerminal() {
        machine = new Machine(temp);
        Agents.install(ClaudeCode.BINARY, machine);
        // As after the first start: the questions about looks and trust are answered.
        machine.write("home/.claude.json", """
                {"hasCompletedOnboarding": true, "theme": "dark", "projects": {"%s": {"hasTrustDialogAccepted": \
                true, "hasCompletedProjectOnboarding": true}}}
                """.formatted(machine.cwd()));
        var words = Machine.command("run", "claude", "-L", "demo").stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        machine.program("rpkai", "echo $$ > '" + temp.resolve("rpkai.pid") + "'; exec " + words + " \"$@\"\n");
        terminal = Tmux.start(machine);
    }

    @AfterEach
    void closeTerminal() {
        if (terminal != null) terminal.close();
    }

    @Test
    void aPromptIsAnsweredOnTheScreenAndTheTerminalIsSaneAfterwards() {
        start();

        terminal.type("Say hello");
        terminal.await("(?m)^\\W*Hello");
        terminal.type("/exit");

        endedSane(0);
    }

    @Test
    void ctrlCIsAKeyThatOnlyTwiceEndsIt() {
        start();

        terminal.key("C-c");
        terminal.await("(?i)press ctrl-c again");
        terminal.key("C-c");

        endedSane(0);
    }

    @Test
    void ctrlCDuringAPromptOnTheCommandLineIsASignalAndItsExitCodeComesBack() {
        terminal.type("rpkai -- --dangerously-skip-permissions -p 'run: touch begun; exec tail -f /dev/null'; "
                + "echo ended $?; stty -a");
        terminal.until(() -> Files.exists(machine.cwd().resolve("begun")), "the tool has begun");

        terminal.key("C-c");

        endedSane(0);
    }

    @Test
    void sigtermToRpkaiEndsItAndTheTerminalIsSaneAfterwards() throws Exception {
        start();

        assertEquals(
                0,
                new ProcessBuilder("kill", "-s", "TERM", String.valueOf(rpkai()))
                        .start()
                        .waitFor());

        endedSane(143);
    }

    private long rpkai() throws IOException {
        return Long.parseLong(Files.readString(temp.resolve("rpkai.pid")).strip());
    }

    private void start() {
        terminal.type("rpkai; echo ended $?; stty -a");
        terminal.await("Claude Code v");
        terminal.await("(?m)^\\W*❯");
    }

    private void endedSane(int exitCode) {
        var screen = terminal.await("ended \\d+\\n(.*\\n)+.*echoctl");
        assertTrue(screen.contains("ended " + exitCode + "\n"), screen);
        assertTrue(screen.contains(" icanon ") && screen.contains(" echo ") && screen.contains("isig "), screen);
    }
}
