package tests.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The processor time and the memory of a process and its children, from `/proc`.
///
///     double begin = ProcessUse.processorMicros(nginx);
///
/// @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">/proc/PID/stat</a>
public final class ProcessUse {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /// Linux counts in hundredths of a second, on every architecture that a JDK runs on.
    private static final double MICROS_PER_TICK = 10_000;

    private ProcessUse() {}

    /// Returns what they have used so far, in user and in system mode.
    public static double processorMicros(Process process) {
        return sum(process, ProcessUse::processorMicros);
    }

    public static double residentMiB(Process process) {
        return sum(process, handle -> {
            var found = RESIDENT.matcher(read(handle, "status"));
            return found.find() ? Double.parseDouble(found.group(1)) / 1024 : 0;
        });
    }

    private static double processorMicros(ProcessHandle handle) {
        var stat = read(handle, "stat");
        // The second field is the program's name in parentheses, which may itself contain spaces.
        var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return fields.length < 13
                ? 0
                : (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) * MICROS_PER_TICK;
    }

    private static double sum(Process process, ToDoubleFunction<ProcessHandle> value) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToDouble(value)
                .sum();
    }

    private static String read(ProcessHandle handle, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(handle.pid()), file));
        } catch (IOException ended) {
            return "";
        }
    }
}
