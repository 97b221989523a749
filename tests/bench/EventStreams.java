package tests.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import tests.bench.contender.BenchClient;
import tests.bench.contender.Bodies;
import tests.bench.contender.Contender;
import tests.bench.contender.HttpSocket;

/// Reads event streams, each on a connection of its own, all at the same time.
///
///     EventStreams.read(clients, contender, Bodies.streaming(500, 2), 1, 500).gaps()
///
/// @param firsts milliseconds to each first event, in order of length
/// @param gaps milliseconds between two events that arrived apart, in order of length
/// @param cut how many did not come to their end
record EventStreams(double[] firsts, double[] gaps, int cut) {
    /// As many connect at the same time: more would not fit into a server's backlog.
    private static final int CONNECTING = 64;

    /// @param streams how many
    /// @param events how many each has
    static EventStreams read(BenchClient clients, Contender contender, String body, int streams, int events)
            throws Exception {
        var request = contender.request(contender.streams(), body);
        var connecting = new Semaphore(CONNECTING);
        var tasks = new ArrayList<Callable<One>>();
        for (int i = 0; i < streams; i++) tasks.add(() -> one(clients, contender, request, events, connecting));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<One>();
            for (var each : threads.invokeAll(tasks)) all.add(each.get());
            return new EventStreams(
                    sorted(all.stream().map(one -> one.firsts).toList()),
                    sorted(all.stream().map(one -> one.gaps).toList()),
                    (int) all.stream().filter(one -> !one.isWhole).count());
        }
    }

    /// Streams of one event, one after the other on one connection: how long the first event takes.
    static EventStreams inTurn(BenchClient clients, Contender contender, int times) throws IOException {
        var request = contender.request(contender.streams(), Bodies.streaming(1, 1));
        var all = new One();
        try (var socket = clients.open(contender.url())) {
            for (int i = 0; i < times; i++) {
                all.begin();
                socket.send(request, all::arrived);
            }
        }
        return new EventStreams(sorted(List.of(all.firsts)), new double[0], times - all.firsts.size());
    }

    static double percentile(double[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * share))];
    }

    private static One one(BenchClient clients, Contender contender, byte[] request, int events, Semaphore connecting)
            throws InterruptedException {
        var one = new One();
        connecting.acquire();
        HttpSocket opened;
        try {
            opened = clients.open(contender.url());
        } catch (IOException refused) {
            return one;
        } finally {
            connecting.release();
        }
        try (var socket = opened) {
            one.begin();
            one.isWhole = socket.send(request, one::arrived) == 200 && one.seen == events;
        } catch (IOException cut) {
            one.isWhole = false;
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
        int seen;
        private long latest;

        void begin() {
            seen = 0;
            latest = System.nanoTime();
        }

        void arrived(int count) {
            long now = System.nanoTime();
            (seen == 0 ? firsts : gaps).add((now - latest) / 1e6);
            seen = count;
            latest = now;
        }
    }
}
