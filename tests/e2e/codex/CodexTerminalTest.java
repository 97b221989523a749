package tests.e2e.codex;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Tmux;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.upstream.ResponsesReplies;

/// The real Codex on the screen, in a repository whose settings start a lasting server: when the session is over,
/// however it ended, no home and no process remain and the terminal is restored.
@Tag("e2e")
class CodexTerminalTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    private CodexMachine codex;
    private Tmux terminal;
    private Path home;

    @BeforeEach
    void launch() throws IOException {
        codex = CodexMachine.signedIn(temp);
        codex.machine.write("work/.codex/config.toml", "features.daemon_auto_start = true\n");
        codex.gateway.handle(ResponsesReplies.upstream(ResponsesReplies.text("Hello on the screen.")));
        var words = Machine.command("run", "codex", "-L", "openai", "--", "say hello").stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        codex.machine.program("rpkai", "echo $$ > '" + temp.resolve("rpkai.pid") + "'; exec " + words + "\n");
        terminal = Tmux.start(codex.machine);
        terminal.type("rpkai; echo ended $?; stty -a");
        terminal.await("(?m)^\\W*Hello on the screen");
        home = codex.homes().getFirst();
    }

    @AfterEach
    void close() {
        if (terminal != null) terminal.close();
        codex.close();
    }

    @Test
    void aPromptIsAnsweredAndAKeyEndsIt() {
        terminal.key("C-d");

        endedSane(0);
    }

    @Test
    void sigtermEndsIt() throws Exception {
        new ProcessBuilder("kill", Files.readString(temp.resolve("rpkai.pid")).strip())
                .start()
                .waitFor();

        endedSane(143);
    }

    @Test
    void theTerminalGoesAway() {
        terminal.close();
        terminal = null;

        nothingIsLeft();
    }

    private void endedSane(int exitCode) {
        terminal.await("ended " + exitCode + "\\b");
        terminal.await("(?s)ended.* icanon.* echo .*\\$$");
        nothingIsLeft();
    }

    private void nothingIsLeft() {
        Eventually.holds(
                () -> codex.homes().isEmpty()
                        && CodexLaunchTest.processesIn(home).isEmpty(),
                LIMIT,
                () -> codex.homes() + " with " + CodexLaunchTest.processesIn(home));
        assertEquals(List.of(), codex.homes());
        assertEquals(0, codex.refused.get());
    }
}
