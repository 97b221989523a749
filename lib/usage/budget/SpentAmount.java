package lib.usage.budget;

import java.util.Optional;
import lib.usage.Call;
import lib.usage.pricing.Cost;
import lib.usage.pricing.PriceQuote;
import lib.usage.report.UsageTotals;

/// What calls have cost, and how many of them have no known cost.
///
///     SpentAmount.of(call, Prices.list().quote(call)).microcents()
///
/// @param microcents the known cost; 100,000,000 microcents are one US dollar
/// @param assumed an estimate of what the calls of unknown cost have cost, in microcents
/// @param unpriced the number of calls of unknown cost
/// @param unmeasured the number of those whose answers did not say what they used
public record SpentAmount(long microcents, long assumed, long unpriced, long unmeasured) {
    public static final SpentAmount NOTHING = new SpentAmount(0, 0, 0, 0);

    /// Returns the cost of one call.
    public static SpentAmount of(Call call, PriceQuote quote) {
        return of(call, quote.cost(call), quote.assumed(call));
    }

    /// @param cost the cost; empty if it is not known
    /// @param assumed what the call is assumed to have cost in that case, in microcents
    public static SpentAmount of(Call call, Optional<Cost> cost, long assumed) {
        if (cost.isPresent()) return new SpentAmount(cost.get().total(), 0, 0, 0);
        return UsageTotals.isUnpriced(call, cost)
                ? new SpentAmount(0, assumed, 1, call.isUnmeasured() ? 1 : 0)
                : NOTHING;
    }

    /// Returns the cost of the calls in `sums`.
    public static SpentAmount of(UsageTotals sums) {
        return new SpentAmount(sums.cost().total(), sums.unknown().assumedCost(), sums.unpriced(), sums.unmeasured());
    }

    /// Adds two amounts.
    public SpentAmount plus(SpentAmount other) {
        return new SpentAmount(
                microcents + other.microcents,
                assumed + other.assumed,
                unpriced + other.unpriced,
                unmeasured + other.unmeasured);
    }

    /// Subtracts an amount.
    public SpentAmount minus(SpentAmount other) {
        return new SpentAmount(
                microcents - other.microcents,
                assumed - other.assumed,
                unpriced - other.unpriced,
                unmeasured - other.unmeasured);
    }

    boolean isNothing() {
        return equals(NOTHING);
    }
}
