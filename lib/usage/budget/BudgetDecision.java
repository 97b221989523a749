package lib.usage.budget;

import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import lib.usage.pricing.Cost;

/// The decision whether a call may be made.
///
///     switch (admission.admit(request)) { case Spent spent -> …; case Open open -> …; … }
public sealed interface BudgetDecision {
    /// The call may be made.
    ///
    /// @param warnings a sentence for each budget that is nearly used up
    /// @param reserved the reservation of the call's expected cost, to be closed when the call is over
    record Open(List<String> warnings, Reservation reserved) implements BudgetDecision {}

    /// The call may not be made, because a budget is used up.
    ///
    /// @param message a sentence that names the budget and says when it resets
    /// @param reset when the budget resets
    record Spent(String message, Instant reset) implements BudgetDecision {}

    /// The call may not be made now, because calls that are still running may use up what is left.
    ///
    /// @param message a sentence that names the budget
    record Busy(String message) implements BudgetDecision {}

    /// The call may not be made, because its model has no price and a budget refuses such calls.
    ///
    /// @param message a sentence that names the model and the budget
    record NoPrice(String message) implements BudgetDecision {}

    /// @param whose the name of the user or of the agent, or `everyone`
    static Spent spent(Budget budget, String whose, long spent, Instant reset) {
        return new Spent(
                "%s is spent (%s of %s); it resets at %s"
                        .formatted(name(budget, whose), dollars(spent), dollars(budget.microcents()), reset),
                reset);
    }

    /// @param reserved the sum of the reservations of the calls that are running
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
