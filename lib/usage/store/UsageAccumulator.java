package lib.usage.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
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

/// Calls that are to be written together, summed as they come in: thousands that waited one by one would be
/// copied by each young collection.
///
///     gathered.add(Series.of(call), call);
///     gathered.batch().hours();
///
/// Not for several threads.
final class UsageAccumulator {
    /// Milliseconds; so many make an hour.
    private static final long MOMENT = 100;
    private static final long DAY = Duration.ofDays(1).toSeconds();

    private final Prices prices;
    private final Map<Series, Group> groups = new HashMap<>();
    private int count;

    UsageAccumulator(Prices prices) {
        this.prices = prices;
    }

    /// @return what it cost, or is assumed to have cost
    SpentAmount add(Series series, Call call) {
        count++;
        return groups.computeIfAbsent(series, _ -> new Group()).add(call);
    }

    /// How many calls they are.
    int count() {
        return count;
    }

    /// What is to be written.
    Batch batch() {
        var calls = new ArrayList<Calls>();
        var hours = new TreeMap<Hour, UsageTotals>();
        var latencies = new TreeMap<Slow, Long>();
        groups.forEach((series, group) -> {
            for (var moment : group.moments.values()) {
                var each = moment.calls(series);
                calls.add(each);
                hours.merge(new Hour(floor(each.time(), Batch.HOUR), series), each.sums(), UsageTotals::plus);
            }
            group.latencies.forEach(
                    (slowness, times) -> latencies.merge(slowness.of(series.ofAll()), times, Long::sum));
        });
        calls.sort(Comparator.comparing(Calls::time));
        return new Batch(List.copyOf(calls), hours, latencies);
    }

    private static long floor(Instant time, long step) {
        return Math.floorDiv(time.toEpochMilli(), step) * step;
    }

    /// What is kept as one: alike, and from the same tenth of a second. Single calls are for looking into what
    /// happened; a hundred rows of the same moment would tell no more than one.
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

    /// @param begin when that tenth began
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
        /// Looked up once for all of them, and again where a day has ended.
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
