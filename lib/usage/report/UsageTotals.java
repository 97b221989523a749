package lib.usage.report;

import java.util.Optional;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.pricing.Cost;

/// What some calls come to.
///
///     UsageTotals.of(call, prices.cost(call)).plus(others)
///
/// @param counts how many calls there were
/// @param unknown how much of this is not known; `cost` and `tokens` leave it out
/// @param tokens the tokens that the calls used
/// @param cost what they cost
public record UsageTotals(Counts counts, Unknown unknown, Usage tokens, Cost cost) {
    public static final UsageTotals NONE = new UsageTotals(Counts.NONE, Unknown.NONE, Usage.NONE, Cost.NONE);
    private static final int FIRST_ERROR = 400;

    /// How many calls there were.
    ///
    /// @param requests how many requests came in
    /// @param attempts how many upstreams were asked for them
    /// @param failed how many requests were answered with an error
    /// @param cut how many answers did not come to their end
    /// @param free how many requests the demo model answered, which costs nothing
    public record Counts(long requests, long attempts, long failed, long cut, long free) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        /// Both together.
        public Counts plus(Counts other) {
            return new Counts(
                    requests + other.requests,
                    attempts + other.attempts,
                    failed + other.failed,
                    cut + other.cut,
                    free + other.free);
        }
    }

    /// The calls whose cost or tokens are not known, or not exactly.
    ///
    /// @param unpriced how many have no cost: no price is known for what they used, or nothing is known of what
    ///     they used
    /// @param unmeasured how many of those used what no one could read from their answers
    /// @param estimated how many have counts that are an estimate in part
    /// @param assumedCost what the unpriced ones are assumed to have cost, in microcents: see
    ///     [lib.usage.pricing.PriceQuote]
    public record Unknown(long unpriced, long unmeasured, long estimated, long assumedCost) {
        public static final Unknown NONE = new Unknown(0, 0, 0, 0);

        /// Both together.
        public Unknown plus(Unknown other) {
            return new Unknown(
                    unpriced + other.unpriced,
                    unmeasured + other.unmeasured,
                    estimated + other.estimated,
                    assumedCost + other.assumedCost);
        }
    }

    /// One call.
    ///
    /// @param cost empty where it has no price
    public static UsageTotals of(Call call, Optional<Cost> cost) {
        return of(call, cost, 0);
    }

    /// One call.
    ///
    /// @param cost empty where it has no price
    /// @param assumed what it is then assumed to have cost, in microcents
    public static UsageTotals of(Call call, Optional<Cost> cost, long assumed) {
        var one = new Running();
        one.add(call, cost, assumed);
        return one.sums();
    }

    /// All of them together.
    public UsageTotals plus(UsageTotals other) {
        return new UsageTotals(
                counts.plus(other.counts),
                unknown.plus(other.unknown),
                tokens.plus(other.tokens),
                cost.plus(other.cost));
    }

    /// See [Counts#requests].
    public long requests() {
        return counts.requests;
    }

    /// See [Counts#attempts].
    public long attempts() {
        return counts.attempts;
    }

    /// See [Counts#failed].
    public long failed() {
        return counts.failed;
    }

    /// See [Counts#cut].
    public long cut() {
        return counts.cut;
    }

    /// See [Counts#free].
    public long free() {
        return counts.free;
    }

    /// How many used what has no price, or what is not known.
    public long unpriced() {
        return unknown.unpriced();
    }

    /// How many of the unpriced ones are not even measured.
    public long unmeasured() {
        return unknown.unmeasured();
    }

    /// How many have counts that are an estimate in part.
    public long estimated() {
        return unknown.estimated();
    }

    /// The same while more of them come in: for thousands a second that are not to leave three objects each.
    ///
    ///     running.add(call, cost, 0);
    ///     running.sums();
    ///
    /// Not for several threads.
    public static final class Running {
        private long requests, attempts, failed, cut, free, unpriced, unmeasured, estimated, assumedCost;
        private long input, output, cachedInput, cacheWrite5m, cacheWrite1h, reasoning;
        private Cost cost = Cost.NONE;

        /// One more.
        ///
        /// @param costs empty where it has no price
        /// @param assumed what it is then assumed to have cost, in microcents
        public void add(Call call, Optional<Cost> costs, long assumed) {
            requests++;
            attempts += call.attribution().attempts();
            if (call.status() >= FIRST_ERROR) failed++;
            if (!call.complete()) cut++;
            if (isUnpriced(call, costs)) unpriced++;
            if (call.isUnmeasured() && costs.isEmpty()) unmeasured++;
            if (call.measured() == Measured.ESTIMATED) estimated++;
            if (call.isDemo()) free++;
            assumedCost += assumed;
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
        public UsageTotals sums() {
            return new UsageTotals(
                    new Counts(requests, attempts, failed, cut, free),
                    new Unknown(unpriced, unmeasured, estimated, assumedCost),
                    new Usage(input, output, cachedInput, cacheWrite5m, cacheWrite1h, reasoning),
                    cost);
        }
    }

    /// Whether a call has no cost although it used something, or may have.
    public static boolean isUnpriced(Call call, Optional<Cost> cost) {
        return cost.isEmpty() && (call.isUnmeasured() || call.usage().total() > 0);
    }
}
