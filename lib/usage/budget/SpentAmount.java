package lib.usage.budget;

import java.util.Optional;
import lib.usage.Call;
import lib.usage.pricing.Cost;
import lib.usage.pricing.PriceQuote;
import lib.usage.report.UsageTotals;

/// What calls have cost, and what is not known of that.
///
///     SpentAmount.of(call, Prices.list().quote(call)).microcents()
///
/// @param microcents what is known, a hundred million to a US dollar
/// @param assumed what the calls without a known cost are assumed to have cost, in microcents
/// @param unpriced how many those are
/// @param unmeasured how many of those used what could not be read from their answers
public record SpentAmount(long microcents, long assumed, long unpriced, long unmeasured) {
    public static final SpentAmount NOTHING = new SpentAmount(0, 0, 0, 0);

    /// What one call cost.
    public static SpentAmount of(Call call, PriceQuote quote) {
        return of(call, quote.cost(call), quote.assumed(call));
    }

    /// @param cost empty where it is not known
    /// @param assumed what it is then assumed to be, in microcents
    public static SpentAmount of(Call call, Optional<Cost> cost, long assumed) {
        if (cost.isPresent()) return new SpentAmount(cost.get().total(), 0, 0, 0);
        return UsageTotals.isUnpriced(call, cost)
                ? new SpentAmount(0, assumed, 1, call.isUnmeasured() ? 1 : 0)
                : NOTHING;
    }

    /// What those calls cost.
    public static SpentAmount of(UsageTotals sums) {
        return new SpentAmount(sums.cost().total(), sums.unknown().assumedCost(), sums.unpriced(), sums.unmeasured());
    }

    /// Both together.
    public SpentAmount plus(SpentAmount other) {
        return new SpentAmount(
                microcents + other.microcents,
                assumed + other.assumed,
                unpriced + other.unpriced,
                unmeasured + other.unmeasured);
    }

    /// This without that.
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
