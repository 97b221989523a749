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
        return new Sums(
                1, call.status() >= FIRST_ERROR ? 1 : 0, call.complete() ? 0 : 1, cost.isEmpty() && call.usage().total() > 0 ? 1 : 0, call.isDemo() ? 1 : 0,
                call.usage(), cost.orElse(Cost.NONE));
    }

    /// All of them together.
    public Sums plus(Sums other) {
        return new Sums(
                requests + other.requests, failed + other.failed, cut + other.cut, unpriced + other.unpriced, free + other.free,
                tokens.plus(other.tokens), cost.plus(other.cost));
    }
}
