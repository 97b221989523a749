package lib.usage.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.usage.Call;
import lib.usage.report.Latencies;
import lib.usage.report.Sums;
import lib.usage.store.Batch.Calls;
import lib.usage.store.Batch.Entry;
import lib.usage.store.Batch.Hour;
import lib.usage.store.Batch.Series;
import lib.usage.store.Batch.Slow;

/// Calls that are to be written together, summed as they come in: thousands that waited one by one would be copied by each
/// young collection.
///
///     gathered.add(Entry.of(call, cost));
///     gathered.batch().hours();
final class Gathered {
    /// Milliseconds; so many make an hour.
    private static final long MOMENT = 100;

    private final Map<Series, Group> groups = new HashMap<>();
    private int count;

    void add(Entry entry) {
        groups.computeIfAbsent(entry.series(), _ -> new Group()).add(entry);
        count++;
    }

    /// How many calls they are.
    int count() {
        return count;
    }

    /// What is to be written.
    Batch batch() {
        var calls = new ArrayList<Calls>();
        var hours = new TreeMap<Hour, Sums>();
        var latencies = new TreeMap<Slow, Long>();
        groups.forEach((series, group) -> {
            for (var each : group.calls.values()) {
                calls.add(each);
                hours.merge(new Hour(floor(each.time(), Batch.HOUR), series), each.sums(), Sums::plus);
            }
            group.latencies.forEach((slowness, times) -> latencies.merge(slowness.of(series.ofAll()), times, Long::sum));
        });
        calls.sort(Comparator.comparing(Calls::time));
        return new Batch(List.copyOf(calls), hours, latencies);
    }

    private static long floor(Instant time, long step) {
        return Math.floorDiv(time.toEpochMilli(), step) * step;
    }

    /// What is kept as one: alike, and from the same tenth of a second. Single calls are for looking into what happened; a
    /// hundred rows of the same moment would tell no more than one.
    ///
    /// @param begin when that began
    private record Moment(long begin, int status) {
        static Moment of(Call call) {
            return new Moment(floor(call.time(), MOMENT), call.status());
        }
    }

    private record Slowness(long hour, int what, int latency) {
        Slow of(Series series) {
            return new Slow(new Hour(hour, series), what, latency);
        }
    }

    /// The calls of one series.
    private static final class Group {
        private final Map<Moment, Calls> calls = new HashMap<>();
        private final Map<Slowness, Long> latencies = new HashMap<>();

        void add(Entry entry) {
            var call = entry.call();
            calls.merge(Moment.of(call), Calls.of(entry), Calls::and);
            var hour = floor(call.time(), Batch.HOUR);
            latencies.merge(new Slowness(hour, Batch.WHOLE, Latencies.classOf(call.latency())), 1L, Long::sum);
            call.firstByte().ifPresent(first -> latencies.merge(new Slowness(hour, Batch.FIRST_BYTE, Latencies.classOf(first)), 1L, Long::sum));
        }
    }
}
