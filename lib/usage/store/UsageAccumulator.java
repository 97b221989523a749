package lib.usage.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lib.usage.Call;
import lib.usage.budget.SpentAmount;
import lib.usage.pricing.Cost;
import lib.usage.pricing.PriceQuote;
import lib.usage.pricing.Prices;
import lib.usage.report.Latencies;
import lib.usage.report.UsageTotals;
import lib.usage.store.Batch.Calls;
import lib.usage.store.Batch.Hour;
import lib.usage.store.Batch.Series;
import lib.usage.store.Batch.Slow;

/// The calls of the next batch, summed as they arrive: thousands of single calls would be copied by each young
/// collection.
///
///     waiting.add(Series.of(call), call);
///     waiting.batch().hours();
///
/// Not for several threads.
final class UsageAccumulator {
    /// The calls of so many milliseconds are stored as one.
    private static final long MOMENT = 100;
    private static final long DAY = Duration.ofDays(1).toSeconds();

    private final Prices prices;
    private final Map<Series, Group> groups = new HashMap<>();
    private int count;

    UsageAccumulator(Prices prices) {
        this.prices = prices;
    }

    /// Adds a call.
    ///
    /// @return its cost, or its assumed cost
    SpentAmount add(Series series, Call call) {
        count++;
        return groups.computeIfAbsent(series, _ -> new Group()).add(call);
    }

    /// Returns the number of calls.
    int count() {
        return count;
    }

    /// Returns the batch of all calls.
    Batch batch() {
        var calls = new ArrayList<Calls>();
        var latencies = new TreeMap<Slow, Long>();
        groups.forEach((series, group) -> {
            for (var moment : group.moments.values()) calls.add(moment.calls(series));
            group.latencies.forEach(
                    (slowness, times) -> latencies.merge(slowness.of(series.ofAll()), times, Long::sum));
        });
        calls.sort(Comparator.comparing(Calls::time));
        return Batch.of(calls, latencies);
    }

    private static long floor(Instant time, long step) {
        return Math.floorDiv(time.toEpochMilli(), step) * step;
    }

    /// Calls that are stored as one: of the same series and status, and from the same tenth of a second. A
    /// hundred rows of the same moment would tell no more than one.
    private static final class Moment {
        private final UsageTotals.Running sums = new UsageTotals.Running();
        private Instant first;
        private Call slowest;

        Moment(Call call) {
            first = call.time();
            slowest = call;
        }

        void add(Call call, Optional<Cost> cost, long assumed) {
            sums.add(call, cost, assumed);
            if (call.time().isBefore(first)) first = call.time();
            if (call.latency().compareTo(slowest.latency()) > 0) slowest = call;
        }

        Calls calls(Series series) {
            return new Calls(series, first, slowest.status(), sums.sums(), slowest.latency(), slowest.firstByte());
        }
    }

    /// @param begin the beginning of the tenth of a second
    private record Alike(long begin, int status) {
        static Alike of(Call call) {
            return new Alike(floor(call.time(), MOMENT), call.status());
        }
    }

    private record Slowness(long hour, int what, int latency) {
        Slow of(Series series) {
            return new Slow(new Hour(hour, series), what, latency);
        }
    }

    /// The calls of one series.
    private final class Group {
        private final Map<Alike, Moment> moments = new HashMap<>();
        private final Map<Slowness, Long> latencies = new HashMap<>();
        /// Looked up once for all calls of a day.
        private PriceQuote quote;
        private long quoted = Long.MIN_VALUE;

        SpentAmount add(Call call) {
            var price = quote(call);
            var cost = price.cost(call);
            var assumed = cost.isPresent() ? 0 : price.assumed(call);
            moments.computeIfAbsent(Alike.of(call), _ -> new Moment(call)).add(call, cost, assumed);
            var hour = floor(call.time(), Batch.HOUR);
            latencies.merge(new Slowness(hour, Batch.WHOLE, Latencies.classOf(call.latency())), 1L, Long::sum);
            call.firstByte()
                    .ifPresent(first -> latencies.merge(
                            new Slowness(hour, Batch.FIRST_BYTE, Latencies.classOf(first)), 1L, Long::sum));
            return SpentAmount.of(call, cost, assumed);
        }

        private PriceQuote quote(Call call) {
            var day = Math.floorDiv(call.time().getEpochSecond(), DAY);
            if (day != quoted) quote = prices.quote(call);
            quoted = day;
            return quote;
        }
    }
}
