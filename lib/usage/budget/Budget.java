package lib.usage.budget;

import lib.base.UserError;

/// How much may be spent.
///
///     new Budget(BudgetTarget.of("each-user"), Period.DAILY, Cost.microcents("50"), 80, Unpriced.ALLOW)
///
/// @param target whose calls count
/// @param period for how long
/// @param microcents how much, a hundred million to a US dollar
/// @param warnPercent from how much of it on callers are warned; 100 never warns
/// @param unpriced what it does about calls whose cost is not known
public record Budget(BudgetTarget target, Period period, long microcents, int warnPercent, Unpriced unpriced) {
    public static final int WARN_PERCENT = 80;

    /// @throws UserError for a negative amount, or a percentage that is not 1 to 100
    public Budget {
        if (microcents < 0) throw UserError.usage("a budget cannot be negative", "use US dollars, such as 50 or 12.50");
        if (warnPercent < 1 || warnPercent > 100)
            throw UserError.usage(
                    "--warn must be between 1 and 100, not %d".formatted(warnPercent),
                    "use a percentage from 1 to 100");
    }

    /// A budget that lets calls pass whose cost is not known.
    public Budget(BudgetTarget target, Period period, long microcents, int warnPercent) {
        this(target, period, microcents, warnPercent, Unpriced.ALLOW);
    }

    /// How much of what was spent counts.
    public long counted(SpentAmount spent) {
        return spent.microcents() + (unpriced == Unpriced.ALLOW ? 0 : spent.assumed());
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
