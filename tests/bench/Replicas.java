///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import tests.bench.contender.Contender;
import tests.bench.contender.RpkaiContender;
import tests.bench.contender.Upstream;
import tests.support.Postgres;

//JAVA 25+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//SOURCES ../../rpkai.java
//SOURCES Bench.java
//SOURCES BenchHome.java
//SOURCES Load.java
//SOURCES contender/*.java
//SOURCES ../support/OwnCertificate.java
//SOURCES ../support/Postgres.java
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

/// Measures what a shared state costs: one, two and three gateways with an SQLite file each, and as many with one
/// PostgreSQL database, in turn, each round in another order. Several gateways share this machine's processors,
/// so that they are compared with as many that share nothing else. Shows requests per second, the gateways'
/// processor time per request, and how many statements the database executed for them. Needs PostgreSQL on this
/// machine.
///
///     ./jbang tests/bench/Replicas.java                # 10 rounds
///     ./jbang tests/bench/Replicas.java --rounds 20
final class Replicas {
    private static final String BODY = "{\"model\":\"bench\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hello "
            + "to the people who read this.\"}]}";
    private static final int CONNECTIONS = 12;

    /// For each gateway of a group, since its connections share the machine with the others'.
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private static final Duration SLICE = Duration.ofSeconds(2);

    private final Map<String, List<Contender>> all = new LinkedHashMap<>();
    private final Map<String, List<Double>> perSecond = new LinkedHashMap<>();
    private final Map<String, List<Double>> processor = new LinkedHashMap<>();
    private final Map<String, List<Double>> statements = new LinkedHashMap<>();
    private final URI database;

    private Replicas(URI database) {
        this.database = database;
    }

    public static void main(String... args) throws Exception {
        int rounds = args.length == 2 && args[0].equals("--rounds") ? Integer.parseInt(args[1]) : 10;
        var home = Files.createTempDirectory("rpkai-replicas-bench");
        // Another address than usual, since only then it counts statements.
        try (var postgres = Postgres.startAt("127.0.0.2")) {
            var it = new Replicas(postgres.newDatabase("bench"));
            try {
                it.measure(home, rounds);
                it.print(rounds);
            } finally {
                for (var group : it.all.values()) for (var each : group) each.close();
            }
        }
    }

    private void measure(Path home, int rounds) throws Exception {
        var upstream = Upstream.start();
        try {
            var url = URI.create("http://127.0.0.1:" + upstream.inputReader().readLine());
            var key = Files.writeString(
                    home.resolve("sealing-key"), Base64.getEncoder().encodeToString(new byte[32]));
            Files.setPosixFilePermissions(key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
            sql("CREATE EXTENSION pg_stat_statements");
            for (int replicas = 1; replicas <= 3; replicas++) {
                var alone = new ArrayList<Contender>();
                for (int i = 0; i < replicas; i++)
                    alone.add(RpkaiContender.plain(folder(home, "sqlite-%d-%d".formatted(replicas, i)), url, Map.of()));
                all.put(name("SQLite", replicas), alone);
                var group = new ArrayList<Contender>();
                for (int i = 0; i < replicas; i++)
                    group.add(RpkaiContender.plain(
                            folder(home, "postgres-%d-%d".formatted(replicas, i)),
                            url,
                            Map.of("PGPASSWORD", Postgres.PASSWORD.reveal()),
                            "--state",
                            database.toString(),
                            "--sealing-key-file",
                            key.toString()));
                all.put(name("PostgreSQL", replicas), group);
            }
            for (var name : all.keySet())
                load(name, WARM_UP.multipliedBy(all.get(name).size()), false);
            for (int round = 0; round < rounds; round++) {
                var order = new ArrayList<>(all.keySet());
                Collections.rotate(order, round);
                for (var name : order) load(name, SLICE, true);
            }
        } finally {
            upstream.destroy();
        }
    }

    private static String name(String database, int gateways) {
        return "%s, %d gateway%s".formatted(database, gateways, gateways == 1 ? "" : "s");
    }

    private static Path folder(Path home, String name) throws IOException {
        return Files.createDirectories(home.resolve(name));
    }

    private void load(String name, Duration time, boolean counts) throws Exception {
        var group = all.get(name);
        var before = processorTime(group);
        var statementsBefore = statements();
        long requests = 0;
        double seconds = 0;
        try (var threads = Executors.newFixedThreadPool(group.size())) {
            var tasks = new ArrayList<Callable<Load.Rate>>();
            for (var each : group)
                tasks.add(() -> Load.requests(each.url(), each.request(each.calls(), BODY), CONNECTIONS, time));
            for (var rate : threads.invokeAll(tasks)) {
                if (rate.get().failed() > 0) throw new IOException(name + ": requests failed");
                requests += rate.get().nanos().length;
                seconds = Math.max(seconds, rate.get().seconds());
            }
        }
        if (!counts) return;
        add(perSecond, name, requests / seconds);
        add(processor, name, (processorTime(group) - before) / 1e3 / requests);
        add(statements, name, (double) (statements() - statementsBefore) / requests);
    }

    private static void add(Map<String, List<Double>> to, String name, double value) {
        to.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }

    /// Nanoseconds. The process that serves may be a child of the one that was started.
    private static long processorTime(List<Contender> group) {
        return group.stream()
                .map(each -> each.process().orElseThrow().toHandle())
                .flatMap(process ->
                        java.util.stream.Stream.concat(java.util.stream.Stream.of(process), process.descendants()))
                .mapToLong(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }

    private long statements() throws SQLException {
        try (var sql = connection();
                var statement = sql.createStatement();
                var row = statement.executeQuery("SELECT COALESCE(SUM(calls), 0) FROM pg_stat_statements")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void sql(String text) throws SQLException {
        try (var sql = connection();
                var statement = sql.createStatement()) {
            statement.execute(text);
        }
    }

    private java.sql.Connection connection() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + database.toString().replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal());
    }

    private void print(int rounds) {
        System.out.printf(
                "%nMedian of %d rounds, in turn, %d connections to each gateway; a ratio is that of each round to as"
                        + "%nmany gateways with SQLite in it%n%n",
                rounds, CONNECTIONS);
        System.out.printf(
                "%-24s %12s %8s %16s %8s %20s%n",
                "", "requests/s", "ratio", "processor, µs", "ratio", "statements/request");
        for (var name : all.keySet())
            System.out.printf(
                    "%-24s %12.0f %8.3f %16.0f %8.3f %20.4f%n",
                    name,
                    median(perSecond.get(name)),
                    ratio(perSecond, name),
                    median(processor.get(name)),
                    ratio(processor, name),
                    median(statements.get(name)));
    }

    private static double ratio(Map<String, List<Double>> values, String name) {
        var mine = values.get(name);
        var first = values.get(name.replace("PostgreSQL", "SQLite"));
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < mine.size(); i++) ratios.add(mine.get(i) / first.get(i));
        return median(ratios);
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
