///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

//JAVA 25+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//SOURCES ../../rpkai.java
//SOURCES Bench.java
//SOURCES BenchHome.java
//SOURCES Burst.java
//SOURCES Contender.java
//SOURCES Load.java
//SOURCES Message.java
//SOURCES Processors.java
//SOURCES Upstream.java
//SOURCES ../support/Eventually.java
//SOURCES ../support/OwnCertificate.java

/// Measures the cost of the gateway: one scripted upstream, called directly, through `rpkai gateway`, through
/// nginx as a plain reverse proxy, and through `@portkey-ai/gateway` from npm. Every round asks all of them in
/// turn; the upstream, each gateway and the clients are processes of their own on the same machine.
///
///     ./jbang tests/bench/Gateway.java                     # 10 rounds, some 5 minutes
///     ./jbang tests/bench/Gateway.java --rounds 20 --json gateway.json
///     ./jbang tests/bench/Gateway.java --only rpkai,nginx  # a quick look
///     ./jbang tests/bench/Gateway.java --burst             # 64 at once to a fresh gateway, for a TLS upstream;
///                                                          # also part of a full run
///     ./jbang tests/bench/Gateway.java --soak 10           # 1,000 streams for ten minutes through rpkai alone
final class Gateway {
    private static final String SMALL =
            "{\"model\":\"bench\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hello to the people "
                    + "who read this.\"}]}";
    private static final int[] CONNECTIONS = {1, 16, 64, 128};
    private static final int EVENTS = 500;
    private static final int STREAMS = 1000;
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final Duration SLICE = Duration.ofSeconds(1);

    private Gateway() {}

    public static void main(String... args) throws Exception {
        var words = Arrays.asList(args);
        int rounds = words.contains("--rounds") ? Integer.parseInt(words.get(words.indexOf("--rounds") + 1)) : 10;
        var only = words.contains("--only") ? words.get(words.indexOf("--only") + 1) : "";
        var home = Files.createTempDirectory("rpkai-gateway-bench");
        if (words.contains("--burst")) {
            try {
                bursts(home, rounds);
            } finally {
                BenchHome.delete(home);
            }
            return;
        }
        var upstream = Upstream.start();
        var contenders = new ArrayList<Contender>();
        try {
            var url = URI.create("http://127.0.0.1:" + upstream.inputReader().readLine());
            if (words.contains("--soak")) {
                contenders.add(Contender.rpkai(home, url));
                soak(contenders.getFirst(), Integer.parseInt(words.get(words.indexOf("--soak") + 1)));
                return;
            }
            contenders.add(Contender.direct(url));
            for (var each : List.<Start>of(
                    () -> Contender.rpkai(home, url),
                    () -> Contender.nginx(home, url),
                    () -> Contender.portkey(home, cache(), url))) {
                try {
                    var contender = each.start();
                    contenders.add(contender);
                    if (!only.isEmpty() && Arrays.stream(only.split(",")).noneMatch(contender.name()::startsWith))
                        contenders.removeLast().close();
                } catch (Contender.Missing reason) {
                    System.err.println("left out: " + reason.getMessage());
                }
            }
            var results = contenders.stream().map(Figures::new).toList();
            for (var result : results)
                Load.requests(
                        result.contender.url(),
                        result.contender.request(SMALL),
                        16,
                        result == results.getFirst() ? WARM_UP.dividedBy(3) : WARM_UP);
            for (int i = 0; i < rounds; i++) for (var result : results) result.round();
            if (Processors.canBeChosen()) apart(results, rounds);
            for (var result : results) result.openStreams();
            var report = new ObjectMapper().createObjectNode();
            System.out.printf(
                    "%nThrough each gateway, median of %d rounds, in turn; microseconds unless it says otherwise%n%n",
                    rounds);
            System.out.printf(
                    "%-30s%s%n",
                    "",
                    String.join(
                            "",
                            results.stream()
                                    .map(result -> "%15s".formatted(result.contender.name()))
                                    .toList()));
            var floor = results.getFirst();
            for (var result : results) result.write(report.putObject(result.contender.name()), floor);
            for (var line : Figures.LINES) {
                System.out.printf(
                        "%-30s%s%n",
                        line,
                        String.join(
                                "",
                                results.stream()
                                        .map(result -> "%,15.0f"
                                                .formatted(report.path(result.contender.name())
                                                        .path(line)
                                                        .asDouble()))
                                        .toList()));
            }
            System.out.println();
            if (only.isEmpty() || Arrays.stream(only.split(",")).anyMatch("rpkai gateway"::startsWith))
                bursts(home, Math.min(rounds, 3));
            if (words.contains("--json"))
                Files.writeString(Path.of(words.get(words.indexOf("--json") + 1)), report.toPrettyString() + "\n");
        } finally {
            contenders.forEach(Contender::close);
            upstream.destroy();
            BenchHome.delete(home);
        }
    }

    /// Starts a new gateway each time, since a fresh one is measured.
    private static void bursts(Path home, int rounds) throws Exception {
        try (var burst = Burst.in(home)) {
            for (int size : new int[] {20, 300_000}) {
                var millis = new ArrayList<Double>();
                for (int i = 0; i < rounds; i++) millis.add(burst.millis(size));
                System.out.printf(
                        "%d at once of %,d bytes, over TLS, right after /readyz: %,.0f ms, at most %,.0f ms%n",
                        Burst.REQUESTS, size, Bench.median(millis), Collections.max(millis));
            }
        }
    }

    /// Measures again with each gateway on a processor of its own, and the clients and the upstream on another.
    /// With one connection, chance decides which program gets which processor, and that matters more than the
    /// programs: nginx's cost comes out between a tenth of a round trip and a negative number.
    private static void apart(List<Figures> results, int rounds) throws Exception {
        // The upstream is a child of this process, as the gateways are.
        Processors.choose(ProcessHandle.current(), "0");
        for (var result : results)
            if (result.contender.process().isPresent())
                Processors.choose(result.contender.process().get().toHandle(), "1");
        for (int i = 0; i < rounds; i++) for (var result : results) result.roundApart();
        Processors.choose(ProcessHandle.current(), Processors.ALL);
    }

    private interface Start {
        Contender start() throws IOException, InterruptedException;
    }

    /// All that is seen of one contender.
    private static final class Figures {
        static final List<String> LINES = List.of(
                "latency p50",
                "latency p99",
                "added p50",
                "added p50, 16 connections",
                "added p50, processors apart",
                "added p99",
                "first event p50",
                "first event added",
                "event gap p50",
                "event gap p99",
                "requests/s, 1 connection",
                "requests/s, 16 connections",
                "requests/s, 64 connections",
                "requests/s, 128 connections",
                "failed",
                "1,000 streams: cut",
                "1,000 streams: gap p99",
                "resident under load, MiB",
                "resident at most, MiB",
                "resident, 1,000 streams, MiB");
        final Contender contender;
        final List<Load.Rate>[] rates = lists();
        final List<Double> apart = new ArrayList<>();
        final List<Double> firsts = new ArrayList<>(), gaps = new ArrayList<>(), lateGaps = new ArrayList<>();
        Load.Streams open;
        final List<Double> resident = new ArrayList<>();
        double residentOpen;
        int failed;

        Figures(Contender contender) {
            this.contender = contender;
        }

        @SuppressWarnings("unchecked")
        private static List<Load.Rate>[] lists() {
            return Arrays.stream(CONNECTIONS)
                    .mapToObj(_ -> new ArrayList<Load.Rate>())
                    .toArray(List[]::new);
        }

        void round() throws Exception {
            for (int i = 0; i < CONNECTIONS.length; i++) {
                var rate = Load.requests(contender.url(), contender.request(SMALL), CONNECTIONS[i], SLICE);
                rates[i].add(rate);
                failed += rate.failed();
            }
            resident.add(contender.residentMiB());
            var stream = Load.streams(
                    contender.url(), contender.request(streaming(EVENTS, 2)), 1, EVENTS, Duration.ofSeconds(20));
            failed += stream.cut();
            for (int i = 0; i < 20; i++) {
                firsts.add(Load.percentile(
                                Load.streams(
                                                contender.url(),
                                                contender.request(streaming(1, 1)),
                                                1,
                                                1,
                                                Duration.ofSeconds(5))
                                        .firsts(),
                                0.5)
                        / 1e3);
            }
            gaps.add(Load.percentile(stream.gaps(), 0.5) / 1e3);
            lateGaps.add(Load.percentile(stream.gaps(), 0.99) / 1e3);
        }

        void roundApart() throws Exception {
            apart.add(Load.requests(contender.url(), contender.request(SMALL), 1, SLICE)
                    .percentile(0.5));
        }

        void openStreams() throws Exception {
            var over = new AtomicBoolean();
            var watch = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    residentOpen = Math.max(residentOpen, contender.residentMiB());
                    pause(200);
                }
            });
            open = Load.streams(
                    contender.url(), contender.request(streaming(20, 500)), STREAMS, 20, Duration.ofSeconds(60));
            over.set(true);
            watch.join();
        }

        void write(ObjectNode json, Figures floor) {
            json.put("latency p50", latency(0, 0.5)).put("latency p99", latency(0, 0.99));
            json.put("added p50", latency(0, 0.5) - floor.latency(0, 0.5))
                    .put("added p99", latency(0, 0.99) - floor.latency(0, 0.99));
            // Of more connections it is in part the length of a queue.
            json.put("added p50, 16 connections", latency(1, 0.5) - floor.latency(1, 0.5));
            if (!apart.isEmpty())
                json.put("added p50, processors apart", Bench.median(apart) - Bench.median(floor.apart));
            json.put("first event p50", Bench.median(firsts))
                    .put("first event added", Bench.median(firsts) - Bench.median(floor.firsts));
            json.put("event gap p50", Bench.median(gaps)).put("event gap p99", Bench.median(lateGaps));
            for (int i = 0; i < CONNECTIONS.length; i++) {
                json.put(
                        "requests/s, %d connection%s".formatted(CONNECTIONS[i], CONNECTIONS[i] == 1 ? "" : "s"),
                        Bench.median(rates[i].stream().map(Load.Rate::perSecond).toList()));
            }
            json.put("failed", failed)
                    .put("1,000 streams: cut", open.cut())
                    .put("1,000 streams: gap p99", Load.percentile(open.gaps(), 0.99) / 1e3);
            json.put("resident under load, MiB", Bench.median(resident))
                    .put("resident at most, MiB", Collections.max(resident))
                    .put("resident, 1,000 streams, MiB", residentOpen);
        }

        /// @param connections which of [#CONNECTIONS]
        private double latency(int connections, double share) {
            return Bench.median(rates[connections].stream()
                    .map(rate -> rate.percentile(share))
                    .toList());
        }
    }

    /// Restarts streams as they end, for that long; resident memory must not grow.
    private static void soak(Contender contender, int minutes) throws Exception {
        var over = new AtomicBoolean();
        var watch = Thread.ofPlatform().start(() -> {
            for (int seconds = 0; !over.get(); seconds += 10) {
                System.out.printf("%5d s %8.0f MiB%n", seconds, contender.residentMiB());
                pause(10_000);
            }
        });
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        int streams = 0, cut = 0;
        while (System.nanoTime() < end) {
            cut += Load.streams(
                            contender.url(),
                            contender.request(streaming(300, 100)),
                            STREAMS,
                            300,
                            Duration.ofMinutes(2))
                    .cut();
            streams += STREAMS;
        }
        over.set(true);
        watch.join();
        System.out.printf("%,d streams, %d cut, %.0f MiB%n", streams, cut, contender.residentMiB());
    }

    private static String streaming(int events, int millis) {
        return SMALL.replace("\"bench\"", "\"sse-%d-%d\",\"stream\":true".formatted(events, millis));
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path cache() {
        return Path.of(System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"))
                .resolve("rpkai/bench/portkey");
    }
}
