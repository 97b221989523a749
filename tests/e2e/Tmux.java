package tests.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import tests.support.Machine;

/// A terminal of 120 by 40 with an interactive bash in it, on a machine of the test's own. Its prompt is `$ `.
///
///     try (var terminal = Tmux.start(machine)) {
///         terminal.type("echo hello");
///         terminal.await("(?m)^hello$");
///     }
public final class Tmux implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Machine machine;
    private final Path socket;

    private Tmux(Machine machine, Path socket) {
        this.machine = machine;
        this.socket = socket;
    }

    /// The test is skipped where there is no tmux or no bash.
    public static Tmux start(Machine machine) {
        for (var program : List.of("tmux", "bash")) {
            var found = List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin").stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            Assumptions.assumeTrue(found, "needs " + program);
        }
        machine.with("TERM", "xterm-256color").with("LC_ALL", "C.UTF-8");
        var terminal = new Tmux(machine, machine.home().resolve("tmux"));
        terminal.tmux(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                "120",
                "-y",
                "40",
                "exec env PS1='$ ' HISTFILE= bash --norc --noprofile");
        try {
            terminal.await("\\$$");
        } catch (AssertionError e) {
            terminal.close();
            throw e;
        }
        return terminal;
    }

    /// Types a line and presses Enter.
    public void type(String line) {
        tmux("send-keys", "-l", line);
        key("Enter");
    }

    /// Presses a key, by tmux's name for it: `C-c`, `Enter`, `Escape`.
    public void key(String name) {
        tmux("send-keys", name);
    }

    void resize(int columns, int rows) {
        tmux("resize-window", "-x", String.valueOf(columns), "-y", String.valueOf(rows));
    }

    /// Returns the text on the screen without blank lines at its end.
    String screen() {
        return tmux("capture-pane", "-p", "-J").stripTrailing();
    }

    /// Waits until the screen shows something.
    ///
    /// @param regex looked for in the whole screen
    public String await(String regex) {
        var pattern = Pattern.compile(regex);
        until(() -> pattern.matcher(screen()).find(), regex);
        return screen();
    }

    /// Waits until something is so; the screen is shown when it never is.
    public void until(BooleanSupplier condition, String what) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("never: " + what + "\n" + screen());
            LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
        }
    }

    @Override
    public void close() {
        tmux("kill-server");
    }

    private String tmux(String... arguments) {
        var command = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            var process = machine.process(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) throw new IllegalStateException(String.join(" ", command) + ": " + said);
            return said;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
