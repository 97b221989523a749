package lib.startup.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.startup.AotCache;
import lib.startup.Jdk;

/// Starts background work, such as training, in a separate process. The process has the lowest priority and is
/// not a child of this one, which may be about to become an agent.
///
///     BackgroundTraining.train(classPath, folder, AotCache.QUICK);
public final class BackgroundTraining {
    private BackgroundTraining() {}

    /// Trains caches for a class path in such a process.
    public static void train(String classPath, Path folder, AotCache... caches) throws IOException {
        var command = new ArrayList<>(List.of(Jdk.current().java().toString()));
        command.addAll(Jdk.OPTIONS);
        command.addAll(List.of("-cp", classPath, BackgroundTraining.class.getName(), folder.toString()));
        for (var cache : caches) command.add(cache.name());
        start(command);
    }

    /// Starts any program in such a process.
    public static void start(List<String> command) throws IOException {
        var words = new ArrayList<>(List.of("/bin/sh", "-c", "nice -n 19 \"$@\" </dev/null >/dev/null 2>&1 &", "sh"));
        words.addAll(command);
        try {
            new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String... args) throws IOException {
        var caches = Arrays.stream(args).skip(1).map(AotCache::valueOf).toArray(AotCache[]::new);
        AotTrainer.train(Jdk.current(), System.getProperty("java.class.path"), Path.of(args[0]), caches);
    }
}
