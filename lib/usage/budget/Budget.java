package lib.usage.budget;

import lib.UserError;

/// How much may be spent.
///
///     new Budget(Target.of("each-user"), Period.DAILY, Cost.microcents("50"), 80)
///
/// @param target whose calls count
/// @param period for how long
/// @param microcents how much, a hundred million to a US dollar
/// @param warnPercent from how much of it on callers are warned; 100 never warns
public record Budget(Target target, Period period, long microcents, int warnPercent) {
    public static final int WARN_PERCENT = 80;

    /// @throws UserError for amounts that are none
    public Budget {
        if (microcents < 0) throw UserError.usage("a budget cannot be negative", "give it in US dollars, such as 50 or 12.50");
        if (warnPercent < 1 || warnPercent > 100) throw UserError.usage("a warning at %d %% is none".formatted(warnPercent), "use 1 to 100");
    }

    /// Whether nothing is left.
    boolean isSpent(long spent) {
        return spent >= microcents;
    }

    /// Whether it is time to warn.
    boolean isNearlySpent(long spent) {
        return warnPercent < 100 && spent >= microcents / 100 * warnPercent + microcents % 100 * warnPercent / 100;
    }
}
