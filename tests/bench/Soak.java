package tests.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import tests.bench.contender.BenchClient;
import tests.bench.contender.Bodies;
import tests.bench.contender.RpkaiContender;
import tests.bench.contender.Setting;

/// A thousand streams through `rpkai gateway`, started again as they end, for minutes. None may be cut, and
/// resident memory must not grow.
///
///     Soak.run(setting, clients, 10).isSound()
///
/// @param early the most memory, MiB, in the first half of the time, after the first streams
/// @param late the most in the second half
/// @param micros the processor time per event, in microseconds
record Soak(int streams, int cut, double early, double late, double micros) {
    private static final int STREAMS = 1000;
    private static final int EVENTS = 300;
    private static final int PACE = 100;

    /// The heap's size differs by this much from one collection to the next.
    private static final double GROWTH = 1.15;

    static Soak run(Setting setting, BenchClient clients, int minutes) throws Exception {
        try (var contender = RpkaiContender.start(setting, clients, true)) {
            var resident = Collections.synchronizedList(new ArrayList<Double>());
            var over = new AtomicBoolean();
            var watch = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    resident.add(contender.residentMiB());
                    LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                }
            });
            double before = contender.processorMicros();
            long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
            int streams = 0, cut = 0;
            while (System.nanoTime() < end) {
                var read = EventStreams.read(clients, contender, Bodies.streaming(EVENTS, PACE), STREAMS, EVENTS);
                read.reasons().stream().limit(5).forEach(reason -> System.out.println("cut: " + reason));
                cut += read.cut();
                streams += STREAMS;
                System.out.printf("%,d streams, %d cut, %.0f MiB%n", streams, cut, contender.residentMiB());
            }
            over.set(true);
            watch.join();
            int begun = resident.size() / 6, half = resident.size() / 2;
            return new Soak(
                    streams,
                    cut,
                    Collections.max(resident.subList(begun, half)),
                    Collections.max(resident.subList(half, resident.size())),
                    (contender.processorMicros() - before) / streams / EVENTS);
        }
    }

    boolean isSound() {
        return cut == 0 && late <= early * GROWTH;
    }

    static void print(List<String> names, List<Soak> runs) {
        System.out.printf(
                "%n| | streams | cut | MiB, first half | MiB, second half | processor time per event, µs |%n");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
        for (int i = 0; i < runs.size(); i++) {
            var run = runs.get(i);
            System.out.printf(
                    "| %s | %,d | %d | %.0f | %.0f | %.1f |%n",
                    names.get(i), run.streams, run.cut, run.early, run.late, run.micros);
        }
    }
}
