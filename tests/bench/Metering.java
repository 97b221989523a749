///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import lib.base.Host;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.MachineProviders;
import lib.gateway.config.GatewayConfig;
import lib.gateway.config.Operations;
import lib.gateway.exchange.CallListener;
import lib.gateway.server.HeapTrimmer;
import lib.gateway.state.GatewayState;
import lib.gateway.telemetry.AccessLog;
import lib.gateway.telemetry.Metrics;
import lib.usage.pricing.Prices;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageService;
import tests.bench.contender.Contender;
import tests.bench.contender.RpkaiContender;
import tests.bench.contender.Upstream;

//JAVA 25+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//SOURCES ../../rpkai.java
//SOURCES Bench.java
//SOURCES BenchHome.java
//SOURCES Load.java
//SOURCES contender/*.java
//SOURCES ../support/GatewayPart.java
//SOURCES ../support/OwnCertificate.java

/// Measures the cost of metering with gateways that differ in nothing else. One reads, prices, counts and stores
/// the usage of calls, as `rpkai gateway` does; one reads it for `/metrics` only; one ignores it. They are called
/// in turn, each round in another order.
///
///     ./jbang tests/bench/Metering.java                # 20 rounds, some 5 minutes
///     ./jbang tests/bench/Metering.java --rounds 40
final class Metering {
    private static final String SMALL =
            "{\"model\":\"gpt-6.1-sol\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hello to the "
                    + "people who read this.\"}]}";
    private static final String OFF = "off", METRICS = "metrics", ON = "on";
    private static final List<String> KINDS = List.of(OFF, METRICS, ON);
    private static final int[] CONNECTIONS = {1, 16, 64, 128};
    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private Metering() {}

    public static void main(String... args) throws Exception {
        if (args.length == 2 && KINDS.contains(args[0])) {
            serve(args[0], Integer.parseInt(args[1]));
            return;
        }
        var words = Arrays.asList(args);
        int rounds = words.contains("--rounds") ? Integer.parseInt(words.get(words.indexOf("--rounds") + 1)) : 20;
        var home = Files.createTempDirectory("rpkai-metering-bench");
        var upstream = Upstream.start();
        var contenders = new ArrayList<Contender>();
        try {
            var url = URI.create("http://127.0.0.1:" + upstream.inputReader().readLine());
            for (var kind : KINDS)
                contenders.add(RpkaiContender.embedded(kind, home, url, "tests.bench.Metering", kind));
            compare(contenders, rounds);
        } finally {
            contenders.forEach(Contender::close);
            upstream.destroy();
            BenchHome.delete(home);
        }
    }

    private static void compare(List<Contender> contenders, int rounds) throws Exception {
        for (var each : contenders) for (int connections : new int[] {16, 64}) rate(each, connections, WARM_UP);
        var rates = new HashMap<List<Object>, List<Double>>();
        for (int i = 0; i < rounds; i++) {
            for (int connections : CONNECTIONS) {
                for (var each : contenders)
                    rates.computeIfAbsent(List.of(each.name(), connections), _ -> new ArrayList<>())
                            .add(rate(each, connections, SLICE));
            }
            Collections.rotate(contenders, 1);
        }
        System.out.printf(
                "%nRequests/s, medians of %d rounds%n%n%-12s%12s%12s%12s%16s%16s%n",
                rounds, "connections", OFF, METRICS, ON, ON + "/" + OFF, ON + "/" + METRICS);
        for (int connections : CONNECTIONS) {
            double off = Bench.median(rates.get(List.of(OFF, connections))),
                    metrics = Bench.median(rates.get(List.of(METRICS, connections))),
                    on = Bench.median(rates.get(List.of(ON, connections)));
            System.out.printf(
                    "%-12d%,12.0f%,12.0f%,12.0f%16.3f%16.3f%n", connections, off, metrics, on, on / off, on / metrics);
        }
    }

    private static double rate(Contender contender, int connections, Duration time) throws Exception {
        var rate = Load.requests(contender.url(), contender.request(contender.calls(), SMALL), connections, time);
        if (rate.failed() > 0)
            throw new IllegalStateException("%d requests failed through %s".formatted(rate.failed(), contender.name()));
        return rate.perSecond();
    }

    /// Serves as `rpkai gateway` does, in the current folder.
    private static void serve(String kind, int port) throws IOException, InterruptedException {
        var host = Host.system();
        HeapTrimmer.keepSmall();
        var metrics = new Metrics();
        try (var state = GatewayState.open(host.cwd(), host);
                var accounting = UsageService.open(
                        UsageDatabase.sqlite(host.cwd().resolve("usage.db")),
                        Prices.list(),
                        host.clock(),
                        host::warn)) {
            var bare = GatewayConfig.local(MachineProviders.from(host.env()), Authenticator.ANYONE)
                    .withUpstreamsOf(host)
                    .withAddress("127.0.0.1", port)
                    .withState(state)
                    .withOperations(
                            Operations.quiet().withLog(AccessLog.to(System.out)).withMetrics(metrics));
            var config = kind.equals(OFF) ? bare : bare.withCallListener(new CallListener(metrics::call, host.clock()));
            try (var _ = EmbeddedGateway.start(kind.equals(ON) ? config.withUsage(accounting) : config)) {
                Thread.sleep(Duration.ofDays(1));
            }
        }
    }
}
