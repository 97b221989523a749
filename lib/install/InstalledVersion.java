package lib.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.UserError;
import lib.startup.AotCache;
import lib.startup.ClassPath;
import lib.startup.GatewayClasses;
import lib.startup.InstalledLibrary;
import lib.startup.Jdk;
import lib.startup.SingleJar;
import lib.startup.training.AotTrainer;

/// One version's folder: the program, the text of its `--help`, the caches, and the JDK for which they were
/// trained. The caches are written last and make the folder complete.
///
///     InstalledVersion.make(folder, ClassPath.ofThisProcess(), Jdk.current(), host);
final class InstalledVersion {
    private static final String OVERVIEW = "overview";

    private InstalledVersion() {}

    static boolean isComplete(Path folder, Jdk jdk) throws IOException {
        return fits(folder, jdk) && Arrays.stream(AotCache.values()).allMatch(cache -> Files.exists(cache.in(folder)));
    }

    /// Returns whether the caches are for that JDK. The JVM silently ignores a cache for another one.
    static boolean fits(Path folder, Jdk jdk) throws IOException {
        var stamp = folder.resolve("jdk");
        return Files.exists(stamp) && Files.readAllLines(stamp).equals(lines(jdk));
    }

    /// Completes a folder. The program also works without caches, only slower.
    static void make(Path folder, ClassPath classPath, Jdk jdk, Host host) throws IOException {
        Files.createDirectories(folder);
        copyLibrary(folder, host);
        Files.deleteIfExists(folder.resolve(OVERVIEW));
        SingleJar.of(classPath.jars(), jar(folder));
        note(folder.resolve(OVERVIEW), jdk, jar(folder));
        stamp(folder, jdk);
        AotTrainer.train(jdk, jar(folder).toString(), folder, AotCache.values());
    }

    /// Copies SQLite's library beside the program. Launches through a configured gateway do without, and so does an
    /// installation where it can't be fetched.
    private static void copyLibrary(Path folder, Host host) throws IOException {
        try {
            GatewayClasses.create(InstalledLibrary.class, "lib.database.NativeSqlite", host)
                    .copyTo(folder, host);
        } catch (UserError e) {
            host.warn(e.line());
        }
    }

    /// Stores the program's own help text, so that it can be printed without building it.
    private static void note(Path overview, Jdk jdk, Path jar) throws IOException {
        var command = new ArrayList<>(List.of(jdk.java().toString()));
        command.addAll(Jdk.OPTIONS);
        command.addAll(List.of("-cp", jar.toString(), "lib.Rpkai", "--help"));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var text = process.getInputStream().readAllBytes();
        try {
            if (process.waitFor() == 0) PrivateFile.write(overview, text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The text of `--help`; empty if it was not stored.
    static Optional<String> overview(Path jar) {
        try {
            return Optional.of(Files.readString(jar.resolveSibling(OVERVIEW)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Path jar(Path folder) {
        return folder.resolve("rpkai.jar");
    }

    static void stamp(Path folder, Jdk jdk) throws IOException {
        PrivateFile.write(
                folder.resolve("jdk"), (String.join("\n", lines(jdk)) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// The JDK that a complete folder was made with.
    static Jdk jdk(Path folder) throws IOException {
        var lines = Files.readAllLines(folder.resolve("jdk"));
        return new Jdk(Path.of(lines.get(0)), lines.get(1));
    }

    private static List<String> lines(Jdk jdk) {
        return List.of(jdk.home().toString(), jdk.stamp());
    }
}
