package tests.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import tests.bench.contender.BenchClient;
import tests.bench.contender.Bodies;
import tests.bench.contender.Candidate;
import tests.bench.contender.Proxies;
import tests.bench.contender.Setting;

/// Measures the first requests to contenders that have just become ready, each time a new process.
///
///     new ColdStart(setting, clients, figures).measure(candidates, 3);
record ColdStart(Setting setting, BenchClient clients, Figures figures) {
    private static final String MEASURE = "Right after the start, ms";
    private static final int FIRST = 200;
    private static final int AT_ONCE = 64;

    void measure(List<Candidate> candidates, int rounds) throws Exception {
        var large = Bodies.modelFirst(Rounds.LARGE);
        warmUp(large);
        var order = new ArrayList<>(candidates);
        for (int i = 0; i < rounds; i++) {
            for (var each : order) {
                try {
                    first(each);
                    for (var body : List.of(Bodies.SMALL, large)) atOnce(each, body);
                } catch (IOException | ExecutionException refused) {
                    System.err.printf("%s: right after the start: %s%n", each.name(), refused.getMessage());
                }
            }
            Collections.rotate(order, 1);
        }
    }

    private void first(Candidate candidate) throws Exception {
        try (var fresh = candidate.start().start(setting, clients)) {
            var took = clients.inTurn(fresh, Bodies.SMALL, FIRST);
            Arrays.sort(took);
            figures.add(MEASURE, "first 200, p50", candidate.name(), EventStreams.percentile(took, 0.5));
            figures.add(MEASURE, "first 200, p99", candidate.name(), EventStreams.percentile(took, 0.99));
            figures.add(MEASURE, "first 200, longest", candidate.name(), took[FIRST - 1]);
        }
    }

    private void atOnce(Candidate candidate, String body) throws Exception {
        try (var fresh = candidate.start().start(setting, clients)) {
            var row = "64 at once, " + (body.equals(Bodies.SMALL) ? "small" : "300 KB");
            figures.add(MEASURE, row, candidate.name(), clients.atOnce(fresh, body, AT_ONCE));
        }
    }

    /// The client is a JVM too, and must not be what is cold.
    private void warmUp(String large) throws Exception {
        try (var proxy = Proxies.nginx(setting, false)) {
            for (int i = 0; i < 10; i++) {
                clients.inTurn(proxy, Bodies.SMALL, FIRST);
                clients.atOnce(proxy, large, AT_ONCE);
            }
        }
    }
}
