package tests.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import tests.bench.contender.BenchClient;
import tests.bench.contender.Bodies;
import tests.bench.contender.Contender;

/// Reads event streams, each on a connection of its own, all at the same time.
///
///     EventStreams.read(clients, contender, Bodies.streaming(500, 2), 1, 500).gaps()
///
/// @param firsts milliseconds to each first event, in order of length
/// @param gaps milliseconds between two events that arrived apart, in order of length
/// @param cut how many did not come to their end
/// @param reasons why these were cut, without repetitions
record EventStreams(double[] firsts, double[] gaps, int cut, Set<String> reasons) {
    /// As many wait for their first event at the same time. Servers close connections whose request does not
    /// come, and so many clients would be slow to send theirs.
    private static final int BEGINNING = 64;

    /// @param streams how many
    /// @param events how many each has
    static EventStreams read(BenchClient clients, Contender contender, String body, int streams, int events)
            throws Exception {
        var request = contender.request(contender.streams(), body);
        var beginning = new Semaphore(BEGINNING);
        var tasks = new ArrayList<Callable<One>>();
        for (int i = 0; i < streams; i++) tasks.add(() -> one(clients, contender, request, events, beginning));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<One>();
            for (var each : threads.invokeAll(tasks)) all.add(each.get());
            return new EventStreams(
                    sorted(all.stream().map(one -> one.firsts).toList()),
                    sorted(all.stream().map(one -> one.gaps).toList()),
                    (int) all.stream().filter(one -> !one.isWhole).count(),
                    all.stream()
                            .filter(one -> !one.isWhole)
                            .map(one -> one.reason)
                            .collect(Collectors.toSet()));
        }
    }

    /// Streams of one event, one after the other on one connection: how long the first event takes.
    static EventStreams inTurn(BenchClient clients, Contender contender, int times) throws IOException {
        var request = contender.request(contender.streams(), Bodies.streaming(1, 1));
        var all = new One(new Semaphore(0));
        try (var socket = clients.open(contender.url())) {
            for (int i = 0; i < times; i++) {
                all.begin();
                socket.send(request, all::arrived);
            }
        }
        return new EventStreams(sorted(List.of(all.firsts)), new double[0], times - all.firsts.size(), Set.of());
    }

    static double percentile(double[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * share))];
    }

    private static One one(BenchClient clients, Contender contender, byte[] request, int events, Semaphore beginning)
            throws InterruptedException {
        var one = new One(beginning);
        beginning.acquire();
        try (var socket = clients.open(contender.url())) {
            one.begin();
            int status = socket.send(request, one::arrived);
            one.isWhole = status == 200 && one.seen >= events;
            one.reason = "%d after %d events".formatted(status, one.seen);
        } catch (IOException cut) {
            one.reason = "%s after %d events, %.0f s after the latest"
                    .formatted(cut.getMessage(), one.seen, (System.nanoTime() - one.latest) / 1e9);
        } finally {
            one.hasBegun();
        }
        return one;
    }

    private static double[] sorted(List<List<Double>> lists) {
        var values = lists.stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .toArray();
        Arrays.sort(values);
        return values;
    }

    /// What is seen of one stream.
    private static final class One {
        final List<Double> firsts = new ArrayList<>();
        final List<Double> gaps = new ArrayList<>();
        boolean isWhole;
        String reason = "";
        int seen;
        private final Semaphore beginning;
        private boolean begun;
        private long latest;

        One(Semaphore beginning) {
            this.beginning = beginning;
        }

        /// Lets another one begin.
        void hasBegun() {
            if (!begun) beginning.release();
            begun = true;
        }

        void begin() {
            seen = 0;
            latest = System.nanoTime();
        }

        void arrived(int count) {
            long now = System.nanoTime();
            (seen == 0 ? firsts : gaps).add((now - latest) / 1e6);
            hasBegun();
            seen = count;
            latest = now;
        }
    }
}
