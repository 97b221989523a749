package tests.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// One command that is timed from its start to its end, which for a launch is the stand-in agent's beginning.
///
///     Bench.of("version", command).run(home, true);
///
/// @param times milliseconds, a round each
record Bench(String name, List<String> command, List<Double> times) {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    static Bench of(String name, List<String> command) {
        return new Bench(name, command, new ArrayList<>());
    }

    void run(BenchHome home, boolean counts) throws IOException, InterruptedException {
        var builder = builder(home);
        long begin = System.nanoTime();
        var process = builder.start();
        int exitCode = process.waitFor();
        double time = (System.nanoTime() - begin) / 1e6;
        if (exitCode != 0)
            throw new IllegalStateException(name + " ended with " + exitCode + ": " + Files.readString(home.errors()));
        if (counts) times.add(time);
    }

    /// The most memory it had resident, looked at as often as can be in a run that is not timed; 0 where there is
    /// no `/proc`.
    double peakMiB(BenchHome home) throws IOException {
        var process = builder(home).start();
        var status = Path.of("/proc", Long.toString(process.pid()), "status");
        double peak = 0;
        while (process.isAlive()) {
            try {
                var found = PEAK.matcher(Files.readString(status));
                if (found.find()) peak = Math.max(peak, Double.parseDouble(found.group(1)) / 1024);
            } catch (IOException ended) {
                break;
            }
        }
        return peak;
    }

    double ratio(Bench floor) {
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < times.size(); i++) ratios.add(times.get(i) / floor.times.get(i));
        return median(ratios);
    }

    static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private ProcessBuilder builder(BenchHome home) {
        var builder = new ProcessBuilder(command)
                .directory(home.folder().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(home.errors().toFile());
        builder.environment().clear();
        builder.environment().putAll(home.environment());
        return builder;
    }
}
