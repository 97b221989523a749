package lib.usage.report;

import java.util.Optional;
import lib.usage.Call;
import lib.usage.Usage;
import lib.usage.prices.Cost;

/// What some calls come to.
///
///     Sums.of(call, prices.cost(call)).plus(others)
///
/// @param requests how many they were
/// @param failed how many of them were answered with an error
/// @param cut how many did not come to their end
/// @param unpriced how many used tokens that have no price: `cost` is without them
/// @param free how many the demo model answered, which costs nothing
/// @param tokens what they used
/// @param cost what they cost
public record Sums(long requests, long failed, long cut, long unpriced, long free, Usage tokens, Cost cost) {
    public static final Sums NONE = new Sums(0, 0, 0, 0, 0, Usage.NONE, Cost.NONE);
    private static final int FIRST_ERROR = 400;

    /// One call.
    ///
    /// @param cost empty where it has no price
    public static Sums of(Call call, Optional<Cost> cost) {
        var one = new Running();
        one.add(call, cost);
        return one.sums();
    }

    /// All of them together.
    public Sums plus(Sums other) {
        return new Sums(
                requests + other.requests, failed + other.failed, cut + other.cut, unpriced + other.unpriced, free + other.free,
                tokens.plus(other.tokens), cost.plus(other.cost));
    }

    /// The same while more of them come in: for thousands a second that are not to leave three objects each.
    ///
    ///     running.add(call, cost);
    ///     running.sums();
    ///
    /// Not for several threads.
    public static final class Running {
        private long requests, failed, cut, unpriced, free;
        private long input, output, cachedInput, cacheWrite5m, cacheWrite1h, reasoning;
        private Cost cost = Cost.NONE;

        /// One more.
        ///
        /// @param costs empty where it has no price
        public void add(Call call, Optional<Cost> costs) {
            requests++;
            if (call.status() >= FIRST_ERROR) failed++;
            if (!call.complete()) cut++;
            if (costs.isEmpty() && call.usage().total() > 0) unpriced++;
            if (call.isDemo()) free++;
            var usage = call.usage();
            input += Usage.believable(usage.input());
            output += Usage.believable(usage.output());
            cachedInput += Usage.believable(usage.cachedInput());
            cacheWrite5m += Usage.believable(usage.cacheWrite5m());
            cacheWrite1h += Usage.believable(usage.cacheWrite1h());
            reasoning += Usage.believable(usage.reasoning());
            if (costs.isPresent()) cost = cost.plus(costs.get());
        }

        /// All so far.
        public Sums sums() {
            return new Sums(requests, failed, cut, unpriced, free, new Usage(input, output, cachedInput, cacheWrite5m, cacheWrite1h, reasoning), cost);
        }
    }
}
