///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

//JAVA 25+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../rpkai.java
//SOURCES ../support/*.java
//SOURCES ../support/gateway/*.java
//SOURCES ../support/identity/*.java
//SOURCES ../support/upstream/*.java
//SOURCES Bench.java
//SOURCES BenchHome.java
//SOURCES FirstRun.java

/// Measures how long the installed command takes to start, each command against its floor: a JVM that says hello,
/// and GitHub's `gh`, a Go binary that prints a token too. Pressing Tab waits for `completion --names`. Every
/// round runs all of them in turn, and the ratios are taken within a round, so that a machine that is busy is
/// busy for all.
///
///     ./jbang tests/bench/Startup.java                    # 20 rounds after 3 to warm up
///     ./jbang tests/bench/Startup.java --rounds 50 --json startup.json
///     ./jbang tests/bench/Startup.java --first-run        # and the very first run, from empty caches,
///                                                         # over the network
final class Startup {
    private static final int WARM_UP = 3;

    private Startup() {}

    public static void main(String... args) throws Exception {
        var words = Arrays.asList(args);
        int rounds = words.contains("--rounds") ? Integer.parseInt(words.get(words.indexOf("--rounds") + 1)) : 20;
        try (var gateway = FakeGateway.start()
                        .provider(ProviderJson.anthropic("claude"))
                        .provider(ProviderJson.openai("openai"))
                        .tokens(_ -> true);
                var home = BenchHome.create(gateway.url())) {
            var report = new ObjectMapper().createObjectNode();
            var cases = cases(home);
            for (int i = 0; i < WARM_UP + rounds; i++) {
                for (var bench : cases) bench.run(home, i >= WARM_UP);
            }
            System.out.printf(
                    "%nStart-up, median of %d, in turn; ratios within a round%n%n%-42s %9s %9s %9s %9s%n",
                    rounds, "", "ms", "x hello", "x gh", "MiB");
            var floor = cases.getFirst();
            var gh = cases.stream()
                    .filter(bench -> bench.name().equals("gh auth token"))
                    .findFirst();
            for (var bench : cases) {
                var line = report.withObject("/commands").putObject(bench.name());
                line.put("ms", Bench.median(bench.times()))
                        .put("of_hello", bench.ratio(floor))
                        .put("peak_mib", bench.peakMiB(home));
                gh.ifPresent(go -> line.put("of_gh", bench.ratio(go)));
                System.out.printf(
                        "%-42s %9.1f %9.2f %9s %9.0f%n",
                        bench.name(),
                        line.path("ms").asDouble(),
                        line.path("of_hello").asDouble(),
                        gh.isPresent() ? "%.2f".formatted(line.path("of_gh").asDouble()) : "-",
                        line.path("peak_mib").asDouble());
            }
            if (gh.isEmpty())
                System.out.println("gh auth token is left out: no gh on the PATH (Debian's package is gh)");
            dependencies(report);
            if (words.contains("--first-run")) FirstRun.measure(report);
            if (words.contains("--json"))
                Files.writeString(Path.of(words.get(words.indexOf("--json") + 1)), report.toPrettyString() + "\n");
        }
    }

    private static List<Bench> cases(BenchHome home) throws IOException {
        var cases = new ArrayList<Bench>();
        cases.add(Bench.of("hello JVM", home.hello()));
        home.gh().ifPresent(gh -> cases.add(Bench.of("gh auth token", List.of(gh, "auth", "token"))));
        for (var line : List.of(
                "auth token",
                "version",
                "--help",
                "completion --names PROVIDER --for claude",
                "auth status",
                "llm list",
                "run claude -L claude",
                "run codex -L openai")) cases.add(Bench.of(line, home.command(line.split(" "))));
        return cases;
    }

    /// Reports the jars that JBang fetches for rpkai, by library: its own jar, and those that only it needs.
    private static void dependencies(ObjectNode report) throws IOException {
        var jars = new ArrayList<Path>();
        for (var entry : System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator))) {
            if (entry.contains(".m2") || entry.contains("repository")) jars.add(Path.of(entry));
        }
        jars.sort(Comparator.comparingLong((Path jar) -> jar.toFile().length()).reversed());
        long all = jars.stream().mapToLong(jar -> jar.toFile().length()).sum();
        System.out.printf("%nDependencies: %d jars, %.1f MiB%n%n", jars.size(), all / 1048576.0);
        for (var jar : jars) {
            report.withObject("/dependencies")
                    .put(jar.getFileName().toString(), jar.toFile().length());
            System.out.printf(
                    "%-52s %9.0f KiB%n", jar.getFileName(), jar.toFile().length() / 1024.0);
        }
    }
}
