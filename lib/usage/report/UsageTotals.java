package lib.usage.report;

import java.util.Optional;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.pricing.Cost;

/// The sums of several calls.
///
///     UsageTotals.of(call, prices.cost(call)).plus(others)
///
/// @param counts the numbers of calls
/// @param unknown how many calls are not contained, or not exactly, in `cost` and `tokens`
/// @param tokens the tokens that the calls used
/// @param cost what the calls cost
public record UsageTotals(Counts counts, Unknown unknown, Usage tokens, Cost cost) {
    public static final UsageTotals NONE = new UsageTotals(Counts.NONE, Unknown.NONE, Usage.NONE, Cost.NONE);
    private static final int FIRST_ERROR = 400;

    /// The numbers of calls.
    ///
    /// @param requests the number of requests
    /// @param attempts the number of upstreams that were asked for them
    /// @param failed the number of requests that were answered with an error
    /// @param cut the number of answers that broke off
    /// @param free the number of requests that the demo model answered, which cost nothing
    public record Counts(long requests, long attempts, long failed, long cut, long free) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        /// Adds two counts.
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
    /// @param unpriced the number of calls without a cost: their usage has no known price, or is not known itself
    /// @param unmeasured the number of those whose usage could not be read from their answers
    /// @param estimated the number of calls whose counts are partly estimated
    /// @param assumedCost what the unpriced calls are assumed to have cost, in microcents: see
    ///     [lib.usage.pricing.PriceQuote]
    public record Unknown(long unpriced, long unmeasured, long estimated, long assumedCost) {
        public static final Unknown NONE = new Unknown(0, 0, 0, 0);

        /// Adds two counts.
        public Unknown plus(Unknown other) {
            return new Unknown(
                    unpriced + other.unpriced,
                    unmeasured + other.unmeasured,
                    estimated + other.estimated,
                    assumedCost + other.assumedCost);
        }
    }

    /// Returns the sums of one call.
    ///
    /// @param cost what the call cost; empty if it has no price
    public static UsageTotals of(Call call, Optional<Cost> cost) {
        return of(call, cost, 0);
    }

    /// Returns the sums of one call.
    ///
    /// @param cost what the call cost; empty if it has no price
    /// @param assumed what the call is assumed to have cost in that case, in microcents
    public static UsageTotals of(Call call, Optional<Cost> cost, long assumed) {
        var one = new Running();
        one.add(call, cost, assumed);
        return one.sums();
    }

    /// Adds two sums.
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

    /// See [Unknown#unpriced].
    public long unpriced() {
        return unknown.unpriced();
    }

    /// See [Unknown#unmeasured].
    public long unmeasured() {
        return unknown.unmeasured();
    }

    /// See [Unknown#estimated].
    public long estimated() {
        return unknown.estimated();
    }

    /// Adds up calls one by one. For thousands of calls a second this is cheaper than [#plus], which creates
    /// several objects for each.
    ///
    ///     running.add(call, cost, 0);
    ///     running.sums();
    ///
    /// It is not thread-safe.
    public static final class Running {
        private long requests, attempts, failed, cut, free, unpriced, unmeasured, estimated, assumedCost;
        private long input, output, cachedInput, cacheWrite5m, cacheWrite1h, reasoning;
        private Cost cost = Cost.NONE;

        /// Adds a call.
        ///
        /// @param costs what the call cost; empty if it has no price
        /// @param assumed what the call is assumed to have cost in that case, in microcents
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

        /// Returns the sums of the calls that were added.
        public UsageTotals sums() {
            return new UsageTotals(
                    new Counts(requests, attempts, failed, cut, free),
                    new Unknown(unpriced, unmeasured, estimated, assumedCost),
                    new Usage(input, output, cachedInput, cacheWrite5m, cacheWrite1h, reasoning),
                    cost);
        }
    }

    /// Tells whether a call has no cost although it used tokens, or may have used some.
    public static boolean isUnpriced(Call call, Optional<Cost> cost) {
        return cost.isEmpty() && (call.isUnmeasured() || call.usage().total() > 0);
    }
}
