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

/// The version of an agent's program, as far as versions can be compared.
///
///     AgentVersion.in("codex-cli 0.169.0").map(v -> v.compareTo(new AgentVersion(0, 118, 0)) >= 0)   // Optional[true]
public record AgentVersion(int major, int minor, int patch) implements Comparable<AgentVersion> {
    /// How long a program may take to print its version by default.
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");

    /// The first version in a text, such as what `codex --version` printed.
    public static Optional<AgentVersion> in(String text) {
        var numbers = NUMBERS.matcher(text);
        if (!numbers.find()) return Optional.empty();
        return Optional.of(
                new AgentVersion(number(numbers.group(1)), number(numbers.group(2)), number(numbers.group(3))));
    }

    /// Asks a program.
    ///
    /// @param environment the whole environment; without a `CODEX_HOME` in it, even this writes into the user's
    ///     own
    /// @param patience how long the program may take
    /// @return empty where it says nothing that can be read
    public static Optional<AgentVersion> of(Path program, Map<String, String> environment, Duration patience) {
        var builder =
                new ProcessBuilder(program.toString(), "--version").redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            process.getOutputStream().close();
            // In a thread of its own: a program that it left behind may hold the pipe open for ever.
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
