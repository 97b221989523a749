///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tests.bench.contender.BenchClient;
import tests.bench.contender.Candidate;
import tests.bench.contender.Contender;
import tests.bench.contender.OriginServer;
import tests.bench.contender.Setting;
import tests.support.OwnCertificate;

//JAVA 25+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//SOURCES ../../rpkai.java
//SOURCES Bench.java
//SOURCES BenchHome.java
//SOURCES ColdStart.java
//SOURCES EventStreams.java
//SOURCES Figures.java
//SOURCES Rounds.java
//SOURCES Soak.java
//SOURCES Wrk.java
//SOURCES contender/*.java
//SOURCES ../support/OwnCertificate.java

/// Measures the cost of the gateway on the path that users run: TLS to the upstream, bodies as large as agents
/// send them, metering on. The same requests go directly to the upstream, through `rpkai gateway`, through
/// nginx and HAProxy as plain reverse proxies, and through two gateways from npm. docs/performance.md explains
/// the method. Needs nginx and wrk on this machine.
///
///     ./jbang tests/bench/Gateway.java --quick          # some 80 seconds: rpkai and nginx
///     ./jbang tests/bench/Gateway.java                  # all three tables
///     ./jbang tests/bench/Gateway.java --table tls --rounds 20 --json gateway.json
///     ./jbang tests/bench/Gateway.java --table clients --only rpkai,nginx
///     ./jbang tests/bench/Gateway.java --soak 10 --tls  # 1,000 streams, in cleartext and over TLS
final class Gateway {
    /// For each contender in each case and round.
    private static final int SECONDS = 2;

    private final List<String> words;
    private final Path home;

    private Gateway(List<String> words, Path home) {
        this.words = words;
        this.home = home;
    }

    /// Which connections use TLS.
    private enum Table {
        TLS("cleartext from the client, TLS to the upstream"),
        CLEARTEXT("cleartext on both sides"),
        CLIENTS("TLS on both sides");

        final String title;

        Table(String title) {
            this.title = title;
        }

        Setting setting(Path home, OriginServer origin, OwnCertificate certificate) {
            return new Setting(
                    home, this == CLEARTEXT ? origin.cleartext() : origin.tls(), certificate, this == CLIENTS);
        }
    }

    public static void main(String... args) throws Exception {
        var home = Files.createTempDirectory("rpkai-gateway-bench");
        int exitCode;
        try {
            exitCode = new Gateway(Arrays.asList(args), home).run();
        } finally {
            BenchHome.delete(home);
        }
        System.exit(exitCode);
    }

    private int run() throws Exception {
        var certificate = OwnCertificate.in(home);
        var clients = BenchClient.trusting(certificate);
        try (var origin = OriginServer.start(home, certificate)) {
            if (option("--soak").isPresent()) return soak(origin, certificate, clients);
            var report = new ObjectMapper().createObjectNode();
            System.out.printf(
                    "%d processors, load average %.1f before the run%n",
                    Runtime.getRuntime().availableProcessors(),
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            for (var table : tables()) {
                System.out.printf("%n## %s%n", table.title);
                measure(
                        table.setting(home, origin, certificate),
                        clients,
                        report.putObject(table.name().toLowerCase(Locale.ROOT)));
            }
            if (option("--json").isPresent())
                Files.writeString(Path.of(option("--json").get()), report.toPrettyString() + "\n");
        }
        return 0;
    }

    private void measure(Setting setting, BenchClient clients, ObjectNode report) throws Exception {
        boolean isQuick = words.contains("--quick");
        int rounds = option("--rounds").map(Integer::parseInt).orElse(isQuick ? 3 : 10);
        var figures = new Figures("nginx");
        var candidates = new ArrayList<Candidate>();
        var contenders = new ArrayList<Contender>();
        try {
            for (var each : candidates(isQuick)) {
                try {
                    contenders.add(each.start().start(setting, clients));
                    candidates.add(each);
                } catch (Contender.Missing reason) {
                    System.err.println("left out: " + reason.getMessage());
                }
            }
            var all = new Rounds(Wrk.in(home), clients, figures, contenders);
            all.warmUp();
            all.requests(isQuick ? Rounds.Case.QUICK : Rounds.Case.ALL, rounds, SECONDS);
            if (!isQuick) {
                all.streams(rounds);
                all.memory();
            }
        } finally {
            contenders.forEach(Contender::close);
        }
        if (!isQuick) {
            candidates.removeIf(each -> each.name().equals("direct"));
            new ColdStart(setting, clients, figures).measure(candidates, Math.min(rounds, 5));
        }
        figures.print(contenders.stream().map(Contender::name).toList());
        figures.write(report);
    }

    private int soak(OriginServer origin, OwnCertificate certificate, BenchClient clients) throws Exception {
        int minutes = Integer.parseInt(option("--soak").orElseThrow());
        var tables = words.contains("--tls") ? List.of(Table.CLEARTEXT, Table.CLIENTS) : List.of(Table.CLEARTEXT);
        var runs = new ArrayList<Soak>();
        for (var table : tables) {
            System.out.println(table.title);
            runs.add(Soak.run(table.setting(home, origin, certificate), clients, minutes));
        }
        Soak.print(tables.stream().map(table -> table.title).toList(), runs);
        return runs.stream().allMatch(Soak::isSound) ? 0 : 1;
    }

    private List<Table> tables() {
        return option("--table")
                .map(name -> List.of(Table.valueOf(name.toUpperCase(Locale.ROOT))))
                .orElse(words.contains("--quick") ? List.of(Table.TLS) : List.of(Table.values()));
    }

    private List<Candidate> candidates(boolean isQuick) throws IOException {
        var names = Candidate.ALL.stream().map(Candidate::name).toList();
        var only = option("--only")
                .map(value -> List.of(value.split(",")))
                .orElse(isQuick ? List.of("rpkai", "nginx") : names);
        for (var name : only)
            if (!names.contains(name)) throw new IOException("no contender %s, only %s".formatted(name, names));
        return Candidate.ALL.stream().filter(each -> only.contains(each.name())).toList();
    }

    private Optional<String> option(String name) {
        int at = words.indexOf(name);
        return at < 0 ? Optional.empty() : Optional.of(words.get(at + 1));
    }
}
