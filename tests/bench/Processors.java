package tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// On which processors a program may run, where the system lets that be chosen.
///
///     if (Processors.canBeChosen()) Processors.choose(process.toHandle(), "1");
///
/// @see <a href="https://man7.org/linux/man-pages/man1/taskset.1.html">taskset</a>
final class Processors {
    static final String ALL = "0-" + (Runtime.getRuntime().availableProcessors() - 1);

    private Processors() {}

    /// Whether there are two at least, and a `taskset`.
    static boolean canBeChosen() {
        return Runtime.getRuntime().availableProcessors() > 1
                && Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "taskset")));
    }

    /// Sets the processors of all threads of a process, those that it will start, and its children.
    ///
    /// @param which as `taskset` takes it: `1`, `0-1`
    static void choose(ProcessHandle process, String which) throws IOException, InterruptedException {
        for (var each : Stream.concat(Stream.of(process), process.descendants()).toList()) {
            var command = List.of("taskset", "--all-tasks", "--cpu-list", "--pid", which, Long.toString(each.pid()));
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }
}
