package lib.usage.budget;

import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import lib.usage.prices.Cost;

/// Whether a call may be made.
///
///     switch (budgets.decide("ada@example.com", "codex")) { case Verdict.Spent spent -> …; case Verdict.Open open -> …; }
public sealed interface Verdict {
    /// It may.
    ///
    /// @param warnings the budgets that are nearly spent, in words
    record Open(List<String> warnings) implements Verdict {}

    /// It may not.
    ///
    /// @param message which budget is spent
    /// @param reset when it begins anew
    record Spent(String message, Instant reset) implements Verdict {}

    /// @param whose the user, the agent, or all
    static Spent spent(Budget budget, String whose, long spent, Instant reset) {
        return new Spent("the %s budget of %s is used up (%s of %s)".formatted(budget.period().wire(), whose, dollars(spent), dollars(budget.microcents())), reset);
    }

    static String warning(Budget budget, String whose, long spent, Instant reset) {
        return "%s of the %s budget of %s (%s) are used up; it begins anew at %s".formatted(dollars(spent), budget.period().wire(), whose, dollars(budget.microcents()), reset);
    }

    private static String dollars(long microcents) {
        return "$" + Cost.dollars(microcents).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}
