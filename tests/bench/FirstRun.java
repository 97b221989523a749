package tests.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tests.support.Repository;

/// `./jbang rpkai.java version` where nothing was ever fetched, neither JBang nor a library, and again when all is
/// there. Beside it, the same of a script that says hello: what JBang itself takes.
///
///     FirstRun.measure(report);
final class FirstRun {
    private static final int AGAIN = 5;
    /// What the shell's `times` says of the processes that it waited for.
    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s\\s*$");

    private FirstRun() {}

    /// @param processor seconds of all processes, user and system
    private record Run(double seconds, double processor) {}

    static void measure(ObjectNode report) throws IOException, InterruptedException {
        var temp = Files.createTempDirectory("rpkai-first-run");
        try {
            var script = Files.writeString(temp.resolve("hello.java"), """
                    //JAVA 25+
                    class hello { public static void main(String[] args) { System.out.println("hello"); } }
                    """);
            var hello = List.of(script.toString());
            var rpkai = List.of(Repository.root().resolve("rpkai.java").toString(), "version");
            var floor = run(temp.resolve("hello"), hello);
            var first = run(temp.resolve("rpkai"), rpkai);
            double fetched = fetched(temp.resolve("rpkai"));
            var ratios = new ArrayList<Double>();
            for (int i = 0; i < AGAIN; i++) {
                double alone = run(temp.resolve("hello"), hello).processor();
                ratios.add(run(temp.resolve("rpkai"), rpkai).processor() / alone);
            }
            report.withObject("/first_run")
                    .put("seconds", first.seconds())
                    .put("processor_seconds", first.processor())
                    .put("processor_of_hello", first.processor() / floor.processor())
                    .put("mib", fetched)
                    .put("again_of_hello", Bench.median(ratios));
            System.out.printf(
                    "%nFirst run from empty caches: %.1f s, %.1f s of processor time (%.1f x hello), %.1f MiB fetched%n"
                            + "Runs after it: %.2f x hello%n",
                    first.seconds(),
                    first.processor(),
                    first.processor() / floor.processor(),
                    fetched,
                    Bench.median(ratios));
        } finally {
            BenchHome.delete(temp);
        }
    }

    private static Run run(Path home, List<String> script) throws IOException, InterruptedException {
        Files.createDirectories(home);
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "\"$@\" || exit; times", "sh"));
        command.add(Repository.root().resolve("jbang").toString());
        command.addAll(script);
        var out = home.resolve("out");
        var builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(home.resolve("errors").toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JBANG_REPO", home.resolve("repository").toString());
        builder.environment().keySet().removeAll(List.of("XDG_CACHE_HOME", "JBANG_DIR", "JBANG_CACHE_DIR"));
        long begin = System.nanoTime();
        int exitCode = builder.start().waitFor();
        double seconds = (System.nanoTime() - begin) / 1e9;
        var times = TIMES.matcher(Files.readString(out));
        if (exitCode != 0 || !times.find())
            throw new IllegalStateException(
                    script + " ended with " + exitCode + ": " + Files.readString(home.resolve("errors")));
        double processor = 60 * Double.parseDouble(times.group(1))
                + Double.parseDouble(times.group(2))
                + 60 * Double.parseDouble(times.group(3))
                + Double.parseDouble(times.group(4));
        return new Run(seconds, processor);
    }

    /// What is in the home and was not built there, in MiB.
    private static double fetched(Path home) throws IOException {
        try (var files = Files.walk(home)) {
            return files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains("/cache/jars/"))
                            .mapToLong(file -> file.toFile().length())
                            .sum()
                    / 1048576.0;
        }
    }
}
