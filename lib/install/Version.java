package lib.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import lib.PrivateFile;

/// One version's folder: the program, the caches, and which JDK those were trained for. That is written last and makes the
/// folder complete.
///
///     Version.make(folder, ClassPath.ofThisProcess(), Jdk.current());
final class Version {
    private Version() {}

    static boolean isComplete(Path folder, Jdk jdk) throws IOException {
        return fits(folder, jdk) && Arrays.stream(AotCache.values()).allMatch(cache -> Files.exists(cache.in(folder)));
    }

    /// Whether the caches are for that JDK. One that is not is ignored by the JVM, without a word.
    static boolean fits(Path folder, Jdk jdk) throws IOException {
        var stamp = folder.resolve("jdk");
        return Files.exists(stamp) && Files.readAllLines(stamp).equals(lines(jdk));
    }

    /// Makes a folder complete. Without caches it works too.
    static void make(Path folder, ClassPath classPath, Jdk jdk) throws IOException {
        Files.createDirectories(folder);
        OneJar.of(classPath.jars(), jar(folder));
        AotCache.train(jdk, jar(folder).toString(), folder, AotCache.values());
        stamp(folder, jdk);
    }

    static Path jar(Path folder) {
        return folder.resolve("rpkai.jar");
    }

    static void stamp(Path folder, Jdk jdk) throws IOException {
        PrivateFile.write(folder.resolve("jdk"), (String.join("\n", lines(jdk)) + "\n").getBytes(StandardCharsets.UTF_8));
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
