package lib.agents.codex;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import lib.UserError;

/// A version of Codex.
///
///     CodexVersion.parse("codex-cli 0.169.0")   // Optional[0.169.0]
///
/// @see <a href="https://github.com/openai/codex/releases">its releases</a>
record CodexVersion(int major, int minor, int patch) implements Comparable<CodexVersion> {
    /// The first with command auth; the one before ignores it without a word and sends no token at all.
    static final CodexVersion NEEDED = new CodexVersion(0, 118, 0);

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");
    private static final int SECONDS = 20;

    /// The version in what `codex --version` printed.
    static Optional<CodexVersion> parse(String text) {
        var numbers = NUMBERS.matcher(text);
        return numbers.find()
                ? Optional.of(new CodexVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)), Integer.parseInt(numbers.group(3))))
                : Optional.empty();
    }

    /// Asks a program.
    ///
    /// @param environment the whole environment; without a `CODEX_HOME` in it, even this writes into the user's own
    /// @return empty where it says nothing that can be read
    static Optional<CodexVersion> of(Path program, Map<String, String> environment) {
        var builder = new ProcessBuilder(program.toString(), "--version").redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            process.getOutputStream().close();
            // Where it hangs it is killed, which ends the reading too.
            process.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
            return parse(new String(process.getInputStream().readNBytes(1000), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// What to say of a Codex that is too old.
    UserError tooOld() {
        return new UserError(
                "Codex %s is too old: %s or later is needed, which can ask for a fresh token".formatted(this, NEEDED),
                "run npm install -g %s@latest, or launch with --install-agent".formatted(Codex.BINARY.npmPackage()));
    }

    @Override
    public int compareTo(CodexVersion other) {
        return Comparator.comparingInt(CodexVersion::major).thenComparingInt(CodexVersion::minor).thenComparingInt(CodexVersion::patch).compare(this, other);
    }

    @Override
    public String toString() {
        return "%d.%d.%d".formatted(major, minor, patch);
    }
}
