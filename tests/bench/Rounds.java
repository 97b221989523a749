package tests.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import tests.bench.contender.BenchClient;
import tests.bench.contender.Bodies;
import tests.bench.contender.Contender;

/// Measures contenders that are running, one after the other in every case of every round, each round in
/// another order.
///
///     new Rounds(wrk, clients, figures, contenders).requests(Case.ALL, 10, 1);
record Rounds(Wrk wrk, BenchClient clients, Figures figures, List<Contender> contenders) {
    static final int LARGE = 300_000;

    /// Programs that are as fast at once as they will ever be.
    private static final Set<String> COMPILED = Set.of("direct", "nginx", "nginx-buffering", "haproxy");

    private static final long SAMPLE = 50_000_000;
    private static final int EVENTS = 500;

    /// How requests are sent to all contenders.
    record Case(String body, int connections, String name) {
        static final List<Case> QUICK = List.of(small(1), small(64), large(1, false), large(64, false));

        static final List<Case> ALL = List.of(
                small(1),
                small(16),
                small(64),
                large(1, false),
                large(16, false),
                large(64, false),
                large(1, true),
                large(16, true),
                large(64, true));

        private static Case small(int connections) {
            return new Case(Bodies.SMALL, connections, "small, " + times(connections));
        }

        private static Case large(int connections, boolean modelLast) {
            return new Case(
                    modelLast ? Bodies.modelLast(LARGE) : Bodies.modelFirst(LARGE),
                    connections,
                    "300 KB, model %s, %s".formatted(modelLast ? "last" : "first", times(connections)));
        }

        private static String times(int connections) {
            return connections == 1 ? "1 connection" : connections + " connections";
        }
    }

    /// Lets the JVMs among them compile what is measured: that takes requests, not time, but on a slow machine
    /// not forever.
    void warmUp() throws Exception {
        for (var each : contenders) {
            boolean isCompiled = COMPILED.contains(each.name());
            warmUp(each, Case.small(64), isCompiled ? 1 : 60_000);
            warmUp(each, Case.large(64, true), isCompiled ? 1 : 4_000);
        }
    }

    private void warmUp(Contender contender, Case one, int requests) throws Exception {
        long sent = 0;
        for (int i = 0; i < 6 && sent < requests; i++)
            sent += wrk.run(contender, one.body(), one.connections(), 2).requests();
    }

    /// @param seconds how long each contender is asked in each case and round
    void requests(List<Case> cases, int rounds, int seconds) throws Exception {
        var order = new ArrayList<>(contenders);
        for (int i = 0; i < rounds; i++) {
            for (var one : cases) for (var each : order) requests(one, each, seconds);
            Collections.rotate(order, 1);
        }
    }

    private void requests(Case one, Contender contender, int seconds) throws Exception {
        double before = contender.processorMicros();
        var result = new Wrk.Result[1];
        double resident =
                residentDuring(contender, () -> result[0] = wrk.run(contender, one.body(), one.connections(), seconds));
        double micros = contender.processorMicros() - before;
        add("Requests/s", one.name(), contender, result[0].perSecond());
        // With fewer answers, most of what was done belongs to requests that are not finished.
        boolean isEnough = result[0].requests() >= 2L * one.connections();
        add("Latency p50, ms", one.name(), contender, isEnough ? result[0].p50() : Double.NaN);
        add("Latency p99, ms", one.name(), contender, isEnough ? result[0].p99() : Double.NaN);
        if (contender.process().isPresent()) {
            double each = isEnough ? micros / result[0].requests() : Double.NaN;
            add("Processor time per request, µs", one.name(), contender, each);
            if (one.connections() == 64) add("Resident memory, MiB", one.name(), contender, resident);
        }
        if (result[0].failed() > 0) add("Failed requests", one.name(), contender, (double) result[0].failed());
    }

    /// One stream of events for their gaps, twenty for the processor time.
    void streams(int rounds) throws Exception {
        var order = new ArrayList<>(contenders);
        var ended = new HashSet<Contender>();
        for (int i = 0; i < rounds; i++) {
            for (var each : order) {
                // Some never end a stream: they are left out of the next rounds.
                if (!ended.contains(each) && !attempt(each, "streams", () -> streams(each))) ended.add(each);
            }
            Collections.rotate(order, 1);
        }
    }

    private void streams(Contender contender) throws Exception {
        var first = EventStreams.inTurn(clients, contender, 20).firsts();
        add("Streams", "first event, ms", contender, EventStreams.percentile(first, 0.5));
        var alone = EventStreams.read(clients, contender, Bodies.streaming(EVENTS, 2), 1, EVENTS);
        add("Streams", "gap of 2 ms, p50, ms", contender, EventStreams.percentile(alone.gaps(), 0.5));
        add("Streams", "gap of 2 ms, p99, ms", contender, EventStreams.percentile(alone.gaps(), 0.99));
        double before = contender.processorMicros();
        var twenty = EventStreams.read(clients, contender, Bodies.streaming(EVENTS, 2), 20, EVENTS);
        double micros = contender.processorMicros() - before;
        if (contender.process().isPresent())
            add("Streams", "processor time per event, µs", contender, micros / 20 / EVENTS);
        if (alone.cut() + twenty.cut() > 0) add("Streams", "cut", contender, alone.cut() + twenty.cut());
    }

    /// What they hold while a thousand streams are open, and with very large bodies, in that order: some never
    /// give memory back.
    void memory() throws Exception {
        for (var each : contenders) {
            if (each.process().isEmpty()) continue;
            var streams = new EventStreams[1];
            add(
                    "Resident memory, MiB",
                    "1,000 open streams",
                    each,
                    residentDuring(
                            each,
                            () -> streams[0] = EventStreams.read(clients, each, Bodies.streaming(20, 500), 1000, 20)));
            if (streams[0].cut() > 0) add("Streams", "cut of 1,000", each, streams[0].cut());
        }
        var large = Bodies.modelFirst(LARGE);
        var largest = Bodies.modelLast(31 << 20);
        for (var each : contenders) {
            if (each.process().isEmpty()) continue;
            resident("64 × 300 KB at once", each, large, 64);
            resident("20 × 31 MB at once", each, largest, 20);
        }
    }

    private void resident(String row, Contender contender, String body, int requests) throws Exception {
        attempt(
                contender,
                row,
                () -> add(
                        "Resident memory, MiB",
                        row,
                        contender,
                        residentDuring(contender, () -> clients.atOnce(contender, body, requests))));
    }

    /// Returns whether it could be done: not every contender can do everything.
    private static boolean attempt(Contender contender, String what, Step work) throws Exception {
        try {
            work.run();
            return true;
        } catch (IOException | ExecutionException refused) {
            System.err.printf("%s: %s: %s%n", contender.name(), what, refused.getMessage());
            return false;
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private interface Work {
        Object run() throws Exception;
    }

    /// Returns the most memory that was seen.
    private static double residentDuring(Contender contender, Work work) throws Exception {
        if (contender.process().isEmpty()) {
            work.run();
            return 0;
        }
        var over = new AtomicBoolean();
        var most = new double[1];
        var watch = Thread.ofPlatform().start(() -> {
            do {
                most[0] = Math.max(most[0], contender.residentMiB());
                LockSupport.parkNanos(SAMPLE);
            } while (!over.get());
        });
        try {
            work.run();
        } finally {
            over.set(true);
            watch.join();
        }
        return most[0];
    }

    private void add(String measure, String row, Contender contender, double value) {
        figures.add(measure, row, contender.name(), value);
    }
}
