package lib.base;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The machine that a command runs on, as far as a command may see it: variables, folders, streams and the clock.
/// Nothing in `lib` reaches for them by itself, so that a test is a table and a catalogue script can say
/// otherwise.
///
///     var host = Host.system();
///     host.variable("RPAI_PROFILE").orElse("prod")
///
/// @param env the process environment
/// @param home the user's home folder
/// @param cwd the working folder
/// @param root where absolute system paths such as `/etc` begin; `/` but in tests
/// @param in standard input
/// @param out what a command answers
/// @param err what a command says besides: warnings, progress, errors
/// @param interactive whether someone sits at a terminal and can be asked
/// @param clock the time of day
/// @param speaks whether `err` is this process's own standard error, so that a terminal may be at its other end
/// @param trace the debug log of `-v`
public record Host(
        Map<String, String> env,
        Path home,
        Path cwd,
        Path root,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean interactive,
        InstantSource clock,
        boolean speaks,
        Trace trace) {

    public Host {
        env = Map.copyOf(env);
    }

    /// One that keeps what is said, or says it elsewhere.
    public Host(
            Map<String, String> env,
            Path home,
            Path cwd,
            Path root,
            InputStream in,
            PrintStream out,
            PrintStream err,
            boolean interactive,
            InstantSource clock) {
        this(env, home, cwd, root, in, out, err, interactive, clock, false, new Trace());
    }

    /// The real one. From here on the process formats everything alike, in whatever language its user reads.
    public static Host system() {
        return system(System.console() != null && System.console().isTerminal());
    }

    /// The real one for what asks nobody: finding out whether someone sits at the terminal takes longer than
    /// printing a token.
    public static Host unattended() {
        return system(false);
    }

    private static Host system(boolean interactive) {
        // What is printed is read by programs, too: in some languages even a number has other digits.
        Locale.setDefault(Locale.ROOT);
        var env = System.getenv();
        // $HOME before the user database: it is what every other tool on the machine goes by.
        var home = env.getOrDefault("HOME", "").isEmpty() ? System.getProperty("user.home") : env.get("HOME");
        return new Host(
                env,
                Path.of(home),
                Path.of("").toAbsolutePath(),
                Path.of("").toAbsolutePath().getRoot(),
                System.in,
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                interactive,
                InstantSource.system(),
                true,
                new Trace());
    }

    /// A variable's value; an empty one counts as unset, as in every shell's `${NAME:-…}`.
    public Optional<String> variable(String name) {
        var value = env.get(name);
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /// Whether a variable is set to something that means yes: anything but empty, `0`, `false`, `no`, `off`.
    public boolean enabled(String name) {
        return variable(name).filter(v -> !v.matches("(?i)0|false|no|off")).isPresent();
    }

    /// Where rpkai keeps what it can make again: throwaway homes, look-ups (`$XDG_CACHE_HOME/rpkai`).
    public Path cache() {
        return variable("XDG_CACHE_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(home.resolve(".cache"))
                .resolve("rpkai");
    }

    /// Where rpkai keeps what it installed: agents (`$XDG_DATA_HOME/rpkai`).
    public Path data() {
        return variable("XDG_DATA_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(home.resolve(".local/share"))
                .resolve("rpkai");
    }

    /// The same with those variables in place of its own.
    public Host with(Map<String, String> variables) {
        return new Host(variables, home, cwd, root, in, out, err, interactive, clock, speaks, trace);
    }

    /// The same, with nothing said: for a script that only wants a command's exit code.
    public Host silent() {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new Host(env, home, cwd, root, in, nowhere, nowhere, false, clock);
    }

    /// One line that does not stop anything.
    public void warn(String message) {
        err.println("rpkai: warning: " + message);
    }
}
