package lib.install;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.base.Host;
import lib.base.UserError;
import lib.startup.Jdk;

/// Upgrades rpkai: JBang fetches and builds the newest version, which then installs itself, because only that
/// version knows how it must be installed.
///
///     Upgrader.install("rpkai@org", Path.of("/home/ada/.local/bin"), host);
public final class Upgrader {
    private Upgrader() {}

    /// Builds the program at `source` and lets it install itself into `bin`. The version in use becomes the one
    /// for a rollback.
    ///
    /// @return the exit code of its `install`
    /// @throws UserError when it can't be fetched or built; nothing has changed then
    public static int install(String source, Path bin, Host host) {
        var jbang = jbang(source, host);
        run(jbang, host, "build", "--fresh", source);
        var classPath = run(jbang, host, "info", "classpath", source).lines().reduce("", (_, line) -> line);
        var command = new ArrayList<>(List.of(Jdk.current().java().toString()));
        command.addAll(Jdk.OPTIONS);
        command.addAll(List.of("-cp", classPath, "lib.Rpkai", "install", "--dir", bin.toString(), "--from", source));
        try {
            return process(command, host).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw failed(source, e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static String run(List<String> jbang, Host host, String... args) {
        var command = new ArrayList<>(jbang);
        command.addAll(Arrays.asList(args));
        try {
            var process = process(command, host)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) throw failed(args[args.length - 1], "see JBang's messages above");
            return out;
        } catch (IOException e) {
            throw failed(args[args.length - 1], e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static ProcessBuilder process(List<String> command, Host host) {
        var builder = new ProcessBuilder(command)
                .directory(host.cwd().toFile())
                .redirectInput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JAVA_HOME", Jdk.current().home().toString());
        return builder;
    }

    /// The JBang command: that of the checkout, of the PATH, of its own installer, or the one that a checkout's
    /// bootstrap downloaded once.
    private static List<String> jbang(String source, Host host) {
        var name = Shim.WINDOWS ? "jbang.cmd" : "jbang";
        var beside = Optional.of(source)
                .filter(s -> s.endsWith(".java") && !s.contains("://"))
                .map(s -> host.cwd().resolve(s).resolveSibling(name));
        var onPath = Arrays.stream(host.variable("PATH").orElse("").split(Pattern.quote(File.pathSeparator)))
                .filter(e -> !e.isEmpty())
                .map(e -> Path.of(e, name));
        return Stream.concat(
                        beside.stream(),
                        Stream.concat(
                                onPath,
                                Stream.of(host.home().resolve(".jbang/bin").resolve(name))))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> List.of(program.toString()))
                // JBang notes the catalogues in the home; without this, Java would look the home up in the user
                // database.
                .or(() -> bootstrapped(host)
                        .map(jar -> List.of(
                                Jdk.current().java().toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-Duser.home=" + host.home(),
                                "-cp",
                                jar.toString(),
                                "dev.jbang.Main")))
                .orElseThrow(() -> new UserError(
                        "JBang is required to build the new version of rpkai, but it is not installed",
                        "install it from https://www.jbang.dev, or run ./jbang rpkai.java install in a checkout"));
    }

    private static Optional<Path> bootstrapped(Host host) {
        try (var files = Files.list(host.cache())) {
            return files.filter(file -> file.getFileName().toString().matches("jbang-cli-.*-all\\.jar"))
                    .max(Path::compareTo);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static UserError failed(String source, String why) {
        return new UserError(
                "cannot get a new version of rpkai from %s (%s)".formatted(source, why),
                "the installed version is unchanged; try again, or choose another source with " + "--from");
    }

    private static UserError interrupted() {
        Thread.currentThread().interrupt();
        return new UserError("interrupted", "the installed version is unchanged");
    }
}
