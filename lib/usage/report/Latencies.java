package lib.usage.report;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// How long calls took: half of them at most `p50`, and 95% of them at most `p95`. Durations are counted in
/// classes, four for each doubling, so that the counts of months can be added up. The results are therefore
/// within a tenth of the exact values.
///
///     Latencies.of(counts).map(Latencies::p95)
public record Latencies(Duration p50, Duration p95) {
    private static final double CLASSES_TO_A_DOUBLING = 4;

    /// Returns the class of a duration; 0 is the class of durations up to a millisecond.
    public static int classOf(Duration latency) {
        var ms = Math.max(1.0, latency.toNanos() / 1e6);
        return (int) Math.floor(CLASSES_TO_A_DOUBLING * Math.log(ms) / Math.log(2));
    }

    /// Returns the latencies of the calls in these classes; empty if there are none.
    ///
    /// @param counts the number of calls in each class
    public static Optional<Latencies> of(Map<Integer, Long> counts) {
        var sorted = new TreeMap<>(counts);
        var all = sorted.values().stream().mapToLong(Long::longValue).sum();
        return all == 0
                ? Optional.empty()
                : Optional.of(new Latencies(rank(sorted, (all + 1) / 2), rank(sorted, (all * 95 + 99) / 100)));
    }

    private static Duration rank(NavigableMap<Integer, Long> counts, long rank) {
        long seen = 0;
        for (var count : counts.entrySet()) {
            seen += count.getValue();
            // The middle of the class stands for all durations in it.
            if (seen >= rank)
                return Duration.ofMillis(Math.round(Math.pow(2, (count.getKey() + 0.5) / CLASSES_TO_A_DOUBLING)));
        }
        throw new IllegalStateException("a rank beyond all of them");
    }
}
