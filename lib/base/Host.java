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
/// Nothing in `lib` reaches for them by itself, so that a test or a script can replace each of them.
///
///     var host = Host.system();
///     host.variable("RPAI_PROFILE").orElse("prod")
///
/// @param env the environment of the process
/// @param clock the time of day
/// @param trace the debug log of `-v`
public record Host(Map<String, String> env, Folders folders, Streams streams, InstantSource clock, Trace trace) {

    /// The folders that paths start from.
    ///
    /// @param home the user's home folder
    /// @param cwd the working folder
    /// @param root where absolute system paths such as `/etc` begin: `/`, and another folder in tests
    public record Folders(Path home, Path cwd, Path root) {}

    /// The standard streams.
    ///
    /// @param in standard input
    /// @param out the output of a command
    /// @param err everything else that a command prints: warnings, progress, errors
    /// @param interactive whether a person sits at the terminal and can be asked
    /// @param isProcess whether these are the streams of this process, so that `err` may lead to a terminal
    public record Streams(InputStream in, PrintStream out, PrintStream err, boolean interactive, boolean isProcess) {
        /// Streams that are collected, or lead elsewhere.
        public Streams(InputStream in, PrintStream out, PrintStream err, boolean interactive) {
            this(in, out, err, interactive, false);
        }
    }

    public Host {
        env = Map.copyOf(env);
    }

    /// A host without a debug log.
    public Host(Map<String, String> env, Folders folders, Streams streams, InstantSource clock) {
        this(env, folders, streams, clock, new Trace());
    }

    /// The user's home folder.
    public Path home() {
        return folders.home();
    }

    /// The working folder.
    public Path cwd() {
        return folders.cwd();
    }

    /// Where absolute system paths begin.
    public Path root() {
        return folders.root();
    }

    /// Standard input.
    public InputStream in() {
        return streams.in();
    }

    /// The output of a command.
    public PrintStream out() {
        return streams.out();
    }

    /// Warnings, progress and errors.
    public PrintStream err() {
        return streams.err();
    }

    /// Whether a person sits at the terminal and can be asked.
    public boolean interactive() {
        return streams.interactive();
    }

    /// The machine of this process. From here on the process formats numbers and dates alike in every language.
    public static Host system() {
        return system(System.console() != null && System.console().isTerminal());
    }

    /// The same for a command that never asks: to find out whether a person sits at the terminal takes longer than to
    /// print a token.
    public static Host unattended() {
        return system(false);
    }

    private static Host system(boolean interactive) {
        // Programs read the output, too, and some languages write numbers with other digits.
        Locale.setDefault(Locale.ROOT);
        var env = System.getenv();
        // $HOME comes before the user database, as for every other tool on the machine.
        var home = env.getOrDefault("HOME", "").isEmpty() ? System.getProperty("user.home") : env.get("HOME");
        var cwd = Path.of("").toAbsolutePath();
        return new Host(
                env,
                new Folders(Path.of(home), cwd, cwd.getRoot()),
                new Streams(
                        System.in,
                        new PrintStream(System.out, true, StandardCharsets.UTF_8),
                        new PrintStream(System.err, true, StandardCharsets.UTF_8),
                        interactive,
                        true),
                InstantSource.system());
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

    /// The folder for files that rpkai can make again: temporary homes, look-ups (`$XDG_CACHE_HOME/rpkai`).
    public Path cache() {
        return variable("XDG_CACHE_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(home().resolve(".cache"))
                .resolve("rpkai");
    }

    /// The folder for what rpkai has installed: agents (`$XDG_DATA_HOME/rpkai`).
    public Path data() {
        return variable("XDG_DATA_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(home().resolve(".local/share"))
                .resolve("rpkai");
    }

    /// The same machine with those variables in place of its own.
    public Host withVariables(Map<String, String> variables) {
        return new Host(variables, folders, streams, clock, trace);
    }

    /// The same machine, with nothing printed: for a script that only wants a command's exit code.
    public Host silent() {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new Host(env, folders, new Streams(in(), nowhere, nowhere, false), clock);
    }

    /// Prints a warning.
    public void warn(String message) {
        err().println("rpkai: warning: " + message);
    }
}
