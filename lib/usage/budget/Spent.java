package lib.usage.budget;

import java.util.Optional;
import lib.usage.Call;
import lib.usage.prices.Cost;
import lib.usage.prices.Quote;
import lib.usage.report.Sums;

/// What calls have cost, and what is not known of that.
///
///     Spent.of(call, Prices.list().quote(call)).microcents()
///
/// @param microcents what is known, a hundred million to a US dollar
/// @param assumed what the calls without a known cost are assumed to have cost, in microcents
/// @param unpriced how many those are
/// @param unmeasured how many of those used what could not be read from their answers
public record Spent(long microcents, long assumed, long unpriced, long unmeasured) {
    public static final Spent NOTHING = new Spent(0, 0, 0, 0);

    /// What one call cost.
    public static Spent of(Call call, Quote quote) {
        return of(call, quote.cost(call), quote.assumed(call));
    }

    /// @param cost empty where it is not known
    /// @param assumed what it is then assumed to be, in microcents
    public static Spent of(Call call, Optional<Cost> cost, long assumed) {
        if (cost.isPresent()) return new Spent(cost.get().total(), 0, 0, 0);
        return Sums.isUnpriced(call, cost) ? new Spent(0, assumed, 1, call.isUnmeasured() ? 1 : 0) : NOTHING;
    }

    /// What those calls cost.
    public static Spent of(Sums sums) {
        return new Spent(sums.cost().total(), sums.unknown().assumedCost(), sums.unpriced(), sums.unmeasured());
    }

    /// Both together.
    public Spent plus(Spent other) {
        return new Spent(microcents + other.microcents, assumed + other.assumed, unpriced + other.unpriced, unmeasured + other.unmeasured);
    }

    /// This without that.
    public Spent minus(Spent other) {
        return new Spent(microcents - other.microcents, assumed - other.assumed, unpriced - other.unpriced, unmeasured - other.unmeasured);
    }

    boolean isNothing() {
        return equals(NOTHING);
    }
}
