package tests.support;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import lib.base.Host;
import lib.cli.Cli;
import lib.startup.shortcut.NamesShortcut;

/// A machine of the test's own, below a temporary folder: home, working folder, variables, clock. Commands run on
/// it in this process ([#run]) or in one of their own ([#start]), and see nothing of the real one.
///
///     var machine = new Machine(temp).with("RPAI_TOKEN", "t");
///     assertEquals("t\n", machine.run("auth", "token").out());
public final class Machine {
    private final Path root;
    private final Map<String, String> env = new TreeMap<>();
    private InstantSource clock = InstantSource.system();
    private String typed = "";
    private boolean interactive;

    /// The exit code and output of a command.
    public record Result(int exitCode, String out, String err) {}

    public Machine(Path root) {
        this.root = root;
        create(home());
        create(cwd());
        with("HOME", home().toString());
        with("PATH", root.resolve("bin").toString());
    }

    public Path home() {
        return root.resolve("home");
    }

    public Path cwd() {
        return root.resolve("work");
    }

    /// Sets a variable.
    public Machine with(String name, String value) {
        env.put(name, value);
        return this;
    }

    public Machine at(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /// Someone sits at the terminal and types this.
    public Machine typing(String text) {
        typed = text;
        interactive = true;
        return this;
    }

    /// Writes a file below the machine's root, such as `home/.rpai/config`.
    public Path write(String path, String text) {
        var file = root.resolve(path);
        create(file.getParent());
        try {
            Files.writeString(file, text);
            // As rpkai itself would have made them.
            if (path.startsWith("home/.rpai/")
                    && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A config file with one profile, in use.
    public Machine profile(String name, String yaml) {
        write("home/.rpai/config", "current: %s\nprofiles:\n  %s:\n%s".formatted(name, name, yaml.indent(4)));
        return this;
    }

    /// A program on the PATH: a shell script with that body.
    public Path program(String name, String body) {
        var file = write("bin/" + name, "#!/bin/sh\n" + body);
        file.toFile().setExecutable(true);
        return file;
    }

    public Host host() {
        return host(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    }

    /// Runs a command in this process.
    public Result run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var exitCode = Cli.run(host(out, err), Set.of(), args);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Returns the output of a start-up shortcut, before the full command line is loaded; empty if no shortcut
    /// applies.
    public String shortcut(String line) {
        var out = new ByteArrayOutputStream();
        NamesShortcut.print(host(out, new ByteArrayOutputStream()), line.split(" "));
        return out.toString(StandardCharsets.UTF_8);
    }

    /// The command line that runs a command in a process of its own.
    public static List<String> command(String... args) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-MaxFDLimit",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(StartCache.options());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "lib.Rpkai"));
        command.addAll(Arrays.asList(args));
        return command;
    }

    /// Starts a command in a process of its own.
    public ProcessBuilder start(String... args) {
        return process(command(args));
    }

    /// Any program, on this machine.
    public ProcessBuilder process(List<String> command) {
        var builder = new ProcessBuilder(command).directory(cwd().toFile());
        builder.environment().clear();
        builder.environment().putAll(env);
        return builder;
    }

    private Host host(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Host(
                env,
                new Host.Folders(home(), cwd(), root),
                new Host.Streams(
                        new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        interactive),
                clock);
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
