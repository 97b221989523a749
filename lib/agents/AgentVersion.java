package lib.agents;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// The version of an agent's program: its first three numbers, which is enough to compare versions.
///
///     AgentVersion.in("codex-cli 0.169.0").map(v -> v.compareTo(new AgentVersion(0, 118, 0)) >= 0)   // Optional[true]
public record AgentVersion(int major, int minor, int patch) implements Comparable<AgentVersion> {
    /// The default time limit for a program to print its version.
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");

    /// The first version in a text, such as the output of `codex --version`.
    public static Optional<AgentVersion> in(String text) {
        var numbers = NUMBERS.matcher(text);
        if (!numbers.find()) return Optional.empty();
        return Optional.of(
                new AgentVersion(number(numbers.group(1)), number(numbers.group(2)), number(numbers.group(3))));
    }

    /// Runs the program to read its version.
    ///
    /// @param environment the whole environment; without `CODEX_HOME` in it, even this call makes Codex write
    ///     into the user's own home
    /// @param patience the time limit for the program
    /// @return empty if the output has no version in it
    public static Optional<AgentVersion> of(Path program, Map<String, String> environment, Duration patience) {
        var builder =
                new ProcessBuilder(program.toString(), "--version").redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            process.getOutputStream().close();
            // A separate thread reads: a process that the program left behind may hold the pipe open for ever.
            var said = new FutureTask<>(() -> process.getInputStream().readNBytes(1000));
            Thread.ofPlatform().daemon().start(said);
            try {
                return in(new String(said.get(patience.toMillis(), TimeUnit.MILLISECONDS), StandardCharsets.UTF_8));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    @Override
    public int compareTo(AgentVersion other) {
        return Comparator.comparingInt(AgentVersion::major)
                .thenComparingInt(AgentVersion::minor)
                .thenComparingInt(AgentVersion::patch)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
