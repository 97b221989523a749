package lib.usage.budget;

import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import lib.usage.pricing.Cost;

/// Whether a call may be made.
///
///     switch (admission.admit(request)) { case Verdict.Spent spent -> …; case Verdict.Open open -> …; … }
public sealed interface BudgetDecision {
    /// It may.
    ///
    /// @param warnings the budgets that are nearly spent, in words
    /// @param reserved what is kept back for it until it is over; to be closed then
    record Open(List<String> warnings, Reservation reserved) implements BudgetDecision {}

    /// It may not: a budget is used up.
    ///
    /// @param message which budget is used up, and when it resets
    /// @param reset when that is
    record Spent(String message, Instant reset) implements BudgetDecision {}

    /// It may not now: calls that are still running may use up what is left.
    ///
    /// @param message which budget that is
    record Busy(String message) implements BudgetDecision {}

    /// It may not: its model has no price, and a budget refuses such calls.
    ///
    /// @param message which budget does
    record NoPrice(String message) implements BudgetDecision {}

    /// @param whose the user, the agent, or everyone
    static Spent spent(Budget budget, String whose, long spent, Instant reset) {
        return new Spent(
                "%s is spent (%s of %s); it resets at %s"
                        .formatted(name(budget, whose), dollars(spent), dollars(budget.microcents()), reset),
                reset);
    }

    /// @param reserved what is kept back for the calls that are running
    static Busy busy(Budget budget, String whose, long spent, long reserved) {
        return new Busy(
                ("%s has %s left, but calls in flight may spend it (about %s); try again when " + "they have finished")
                        .formatted(name(budget, whose), dollars(budget.microcents() - spent), dollars(reserved)));
    }

    static NoPrice noPrice(Budget budget, String whose, String provider, String model) {
        var what = model.isEmpty() ? "a call without a model" : "model \"%s\"".formatted(model);
        return new NoPrice(("%s has no known price, and %s refuses calls without a price: set one with "
                        + "rpkai llm update %s --pricing, or run rpkai budget set with --unpriced " + "estimate")
                .formatted(what, name(budget, whose), provider));
    }

    static String warning(Budget budget, String whose, long spent, Instant reset) {
        return "%s of %s (%s) is spent; it resets at %s"
                .formatted(dollars(spent), name(budget, whose), dollars(budget.microcents()), reset);
    }

    private static String name(Budget budget, String whose) {
        return "the %s budget of %s".formatted(budget.period().wire(), whose);
    }

    private static String dollars(long microcents) {
        return "$" + Cost.dollars(microcents).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}
