package lib.startup.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.startup.AotCache;
import lib.startup.Jdk;

/// What nobody waits for, such as training: a process of its own, of the lowest priority and no child of the one
/// that asked for it, which may be about to become an agent.
///
///     BackgroundTraining.train(classPath, folder, AotCache.QUICK);
public final class BackgroundTraining {
    private BackgroundTraining() {}

    /// Trains caches for a class path, in a process of its own.
    public static void train(String classPath, Path folder, AotCache... caches) throws IOException {
        var command = new ArrayList<>(List.of(Jdk.current().java().toString()));
        command.addAll(Jdk.OPTIONS);
        command.addAll(List.of("-cp", classPath, BackgroundTraining.class.getName(), folder.toString()));
        for (var cache : caches) command.add(cache.name());
        start(command);
    }

    /// Starts any program in that way.
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
