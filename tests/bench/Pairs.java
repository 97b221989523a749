///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

//JAVA 25+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1
//SOURCES Bench.java
//SOURCES BenchHome.java

/// Two programs, started in turn with the same arguments: how much more the second takes, in processor time and on the
/// clock. What a trick of docs/start-up.md saves is measured with it, on two installations that differ in that trick
/// alone: `HOME=/elsewhere ./jbang rpkai.java install` makes one.
///
///     ./jbang tests/bench/Pairs.java 30 ~/.local/bin/rpkai /elsewhere/.local/bin/rpkai auth token
final class Pairs {
    private static final int WARM_UP = 3;
    private static final int RUSAGE_CHILDREN = -1;
    private static final Linker LINKER = Linker.nativeLinker();

    @SuppressWarnings("restricted") // native access is what it is for
    private static final MethodHandle RUSAGE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("getrusage"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

    private Pairs() {}

    /// @param wall milliseconds, as `processor`
    private record Run(double wall, double processor) {}

    public static void main(String... args) throws Throwable {
        int pairs = Integer.parseInt(args[0]);
        var words = Arrays.asList(args).subList(3, args.length);
        var first = new ArrayList<Run>();
        var second = new ArrayList<Run>();
        for (int i = -WARM_UP; i < pairs; i++) {
            // Which of them begins changes, so that neither always follows the other.
            boolean isFirst = i % 2 == 0;
            var one = run(isFirst ? args[1] : args[2], words);
            var other = run(isFirst ? args[2] : args[1], words);
            if (i < 0) continue;
            first.add(isFirst ? one : other);
            second.add(isFirst ? other : one);
        }
        System.out.printf("%-20s %28s %28s%n", "ms, median [quartiles]", "processor", "clock");
        print("first", first);
        print("second", second);
        var more = new ArrayList<Run>();
        for (int i = 0; i < pairs; i++)
            more.add(new Run(
                    second.get(i).wall() - first.get(i).wall(),
                    second.get(i).processor() - first.get(i).processor()));
        print("second - first", more);
    }

    private static Run run(String program, List<String> words) throws Throwable {
        var command = new ArrayList<>(List.of(program));
        command.addAll(words);
        var builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // An installation belongs to a home, three folders up.
        builder.environment().put("HOME", program.replaceFirst("/[^/]+/[^/]+/[^/]+$", ""));
        double before = children();
        long begin = System.nanoTime();
        int exitCode = builder.start().waitFor();
        var run = new Run((System.nanoTime() - begin) / 1e6, children() - before);
        if (exitCode != 0) throw new IOException(command + " ended with " + exitCode);
        return run;
    }

    /// What the children that have ended used, in milliseconds: `ru_utime` and `ru_stime`.
    private static double children() throws Throwable {
        try (var arena = Arena.ofConfined()) {
            var usage = arena.allocate(512, 8);
            if ((int) RUSAGE.invokeExact(RUSAGE_CHILDREN, usage) != 0) throw new IOException("no getrusage");
            double millis = 0;
            for (int i = 0; i < 2; i++)
                millis += usage.getAtIndex(JAVA_LONG, 2L * i) * 1e3
                        + (usage.getAtIndex(JAVA_LONG, 2L * i + 1) & 0xffff_ffffL) / 1e3;
            return millis;
        }
    }

    private static void print(String name, List<Run> runs) {
        System.out.printf(
                "%-20s %28s %28s%n",
                name,
                spread(runs.stream().map(Run::processor).toList()),
                spread(runs.stream().map(Run::wall).toList()));
    }

    private static String spread(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return "%.1f [%.1f .. %.1f]".formatted(Bench.median(values), sorted.get(n / 4), sorted.get(3 * n / 4));
    }
}
