package lib.usage.budget;

import lib.base.UserError;

/// An amount of money that may be spent in a period.
///
///     new Budget(BudgetTarget.of("each-user"), Period.DAILY, Cost.microcents("50"), 80, Unpriced.ALLOW)
///
/// @param target whose calls the budget counts
/// @param period how long the budget lasts before it starts again
/// @param microcents the amount; 100,000,000 microcents are one US dollar
/// @param warnPercent the percentage of the amount from which on callers are warned; 100 never warns
/// @param unpriced how the budget treats calls whose cost is not known
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

    /// Creates a budget that lets calls of unknown cost pass.
    public Budget(BudgetTarget target, Period period, long microcents, int warnPercent) {
        this(target, period, microcents, warnPercent, Unpriced.ALLOW);
    }

    /// Returns the part of `spent` that this budget counts: the known cost, and the assumed one unless unpriced
    /// calls are allowed.
    public long counted(SpentAmount spent) {
        return spent.microcents() + (unpriced == Unpriced.ALLOW ? 0 : spent.assumed());
    }

    /// Tells whether `spent` uses up the whole budget.
    boolean isSpent(long spent) {
        return spent >= microcents;
    }

    /// Tells whether `spent` has reached the percentage from which on callers are warned.
    boolean isNearlySpent(long spent) {
        return warnPercent < 100 && spent >= microcents / 100 * warnPercent + microcents % 100 * warnPercent / 100;
    }
}
