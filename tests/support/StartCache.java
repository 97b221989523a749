package tests.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// An AOT cache for the processes that tests start: each takes half of the processor time until it does its work. The
/// installed command has such caches, too. Training takes some seconds, which is too long for a few tests.
///
///     try (var cache = StartCache.train()) { launcher.execute(…); }
///
/// @param folder the folder of the cache
public record StartCache(Path folder) implements AutoCloseable {
    private static volatile List<String> options = List.of();

    /// The options of a JVM that starts from the cache; none if there is no cache.
    static List<String> options() {
        return options;
    }

    /// Records one launch. If that fails, or the classes are not in jars, there is no cache, and all tests work
    /// without.
    public static StartCache train() {
        try {
            var cache = new StartCache(Files.createTempDirectory("rpkai-start-cache"));
            if (File.separatorChar == '/') cache.record();
            return cache;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void record() throws IOException {
        var machine = new Machine(folder);
        machine.program("claude", "[ \"$1\" = --version ] && echo 99.0.0 || echo launched\n");
        machine.with("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
        var file = folder.resolve("tests.aot");
        var command = new ArrayList<>(Machine.command("run", "claude", "-L", "demo", "--", "-p", "hello"));
        command.add(1, "-XX:AOTCacheOutput=" + file);
        var process = machine.process(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            // A JVM says nothing of a cache that does not fit its other options.
            if (process.waitFor() == 0 && Files.exists(file))
                options = List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off,cds*=off");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        options = List.of();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
