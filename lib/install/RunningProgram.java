package lib.install;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import lib.base.Host;
import lib.startup.AotCache;
import lib.startup.Jdk;
import lib.startup.training.BackgroundTraining;

/// This program: the command that starts it again, and the cache that makes it start fast.
///
///     RunningProgram.command(host)
///     // [/home/ada/.local/bin/rpkai], or [/…/java, …, lib.Rpkai] where it is not installed
public final class RunningProgram {
    /// The system property in which the [Shim] passes its own path.
    private static final String INSTALLED_AS = "rpkai.command";

    /// Variables of a server's JVM, unless they are set: otherwise glibc keeps a heap for each thread that ever
    /// existed.
    public static final Map<String, String> SERVER_VARIABLES = Map.of("MALLOC_ARENA_MAX", "1");

    private RunningProgram() {}

    /// The command that starts it, without arguments: the installed command, which stays in place after an
    /// upgrade, else the JVM and class path of this process. JBang is not involved in either case.
    public static List<String> command(Host host) {
        var command = installed().filter(_ -> !Shim.WINDOWS).filter(Files::isExecutable);
        if (command.isPresent()) return List.of(command.get().toString());
        var words = new ArrayList<>(List.of(Jdk.current().java().toString()));
        words.addAll(AotCache.QUICK.options(installed().isPresent() ? folder() : cached(host)));
        words.addAll(List.of("-cp", classPath(), "lib.Rpkai"));
        return words;
    }

    /// The command that starts it as a server, in a JVM that is tuned to run for long. Empty if this JVM
    /// already is one, if another program has rpkai in it, and if the platform can't replace a process.
    public static Optional<List<String>> server() {
        if (Boolean.getBoolean(Jdk.SERVER)
                || Shim.WINDOWS
                || !isScript() && !mainClass().equals("lib.Rpkai")) return Optional.empty();
        var words = new ArrayList<>(List.of(Jdk.current().java().toString()));
        // Outside an installation the folder has no cache, which does no harm.
        words.addAll(AotCache.SERVER.options(folder()));
        installed().ifPresent(shim -> words.add("-D" + INSTALLED_AS + "=" + shim));
        words.addAll(List.of("-cp", classPath(), "lib.Rpkai"));
        return Optional.of(words);
    }

    /// Trains the cache that [#command] names, once and in the background, for users who run rpkai through
    /// JBang.
    public static void prepare(Host host) {
        // A cache is useless in CI, where it is not used again, and for tests and classes started by hand.
        if (installed().isPresent() || !isScript() || host.enabled("CI") || Shim.WINDOWS) return;
        var folder = cached(host);
        try {
            if (Files.exists(folder)) return;
            Files.createDirectories(folder);
            BackgroundTraining.train(classPath(), folder, AotCache.QUICK);
        } catch (IOException e) {
            // The cache is optional.
        }
    }

    /// Trains the installed command's caches again, in the background, when a different JDK has replaced the
    /// one for which they were made. This is tried once for each JDK.
    public static void keepFit() {
        if (installed().isEmpty()) return;
        var folder = folder();
        try {
            if (InstalledVersion.fits(folder, Jdk.current())) return;
            InstalledVersion.stamp(folder, Jdk.current());
            BackgroundTraining.train(classPath(), folder, AotCache.values());
        } catch (IOException e) {
            // A home that can't be written to keeps its old caches.
        }
    }

    /// Offers the installation to users who run rpkai through JBang.
    public static void offer(Host host, String... args) {
        // No offer in a user's own script, which has rpkai among its sources.
        if (!mainClass().equals("rpkai") || !host.interactive() || List.of(args).contains("install")) return;
        InstallHint.make(host, InstallSource.find(host));
    }

    /// Runs it in the background, without output.
    public static void runBehind(Host host, List<String> args) {
        if (Shim.WINDOWS) return;
        var words = new ArrayList<>(command(host));
        words.addAll(args);
        try {
            BackgroundTraining.start(words);
        } catch (IOException e) {
            // The next command tries again.
        }
    }

    /// The text of `--help` that was stored at the installation; empty if it is not installed.
    public static Optional<String> overview() {
        var jar = System.getProperty("java.class.path");
        return jar.indexOf(File.pathSeparatorChar) < 0 ? InstalledVersion.overview(Path.of(jar)) : Optional.empty();
    }

    static String classPath() {
        return String.join(File.pathSeparator, entries());
    }

    private static Optional<Path> installed() {
        return Optional.ofNullable(System.getProperty(INSTALLED_AS)).map(Path::of);
    }

    private static Path folder() {
        return Path.of(entries().getFirst()).getParent();
    }

    /// The path of the cache for this class path and this JDK.
    private static Path cached(Host host) {
        var key = new CRC32C();
        key.update((classPath() + "\n" + Jdk.current()).getBytes(StandardCharsets.UTF_8));
        return host.cache().resolve("aot").resolve("%08x".formatted(key.getValue()));
    }

    /// Returns whether JBang runs it: as a user's script, whose class has no package, or as `rpkai.java`
    /// itself.
    private static boolean isScript() {
        return !mainClass().contains(".")
                || mainClass().equals("lib.Rpkai")
                        && String.valueOf(folder().getFileName()).startsWith("rpkai.java.");
    }

    private static String mainClass() {
        return System.getProperty("sun.java.command", ".").split(" ", 2)[0];
    }

    private static List<String> entries() {
        return Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .toList();
    }
}
