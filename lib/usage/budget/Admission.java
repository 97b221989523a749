package lib.usage.budget;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import lib.usage.Call;
import lib.usage.Usage;
import lib.usage.pricing.Prices;

/// Decides for every call whether the budgets let it in, and reserves what the call is expected to cost until it
/// is over. So when many calls arrive at once on a budget that is nearly used up, they do not all pass.
///
///     switch (admission.admit(request)) { case BudgetDecision.Open(var warnings, var reserved) -> …; … }
///
/// A call is let in while the money spent, together with the reservations of other calls, is less than the
/// budget. Its own expected cost does not matter: a single large call on a nearly full budget passes.
///
/// The expected cost is the larger of two numbers: the likely cost of the request itself, and the average cost of
/// recent calls of its model. The token counts for the former are bounded, because most of a long prompt is usually
/// cached and most answers are much shorter than the request allows.
public final class Admission {
    private static final long MOST_INPUT = 50_000;
    private static final long MOST_OUTPUT = 8_192;
    private static final int REMEMBERED = 1_000;
    private static final int FIRST_ERROR = 400;

    private final Budgets budgets;
    private final Prices prices;
    private final InstantSource clock;
    /// What a recent call of a provider and model cost on average, in microcents. The keys are the two names with
    /// a zero character between them.
    private final Map<String, Double> averages = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
            return size() > REMEMBERED;
        }
    };

    public Admission(Budgets budgets, Prices prices, InstantSource clock) {
        this.budgets = budgets;
        this.prices = prices;
        this.clock = clock;
    }

    /// A call that waits to be let in.
    ///
    /// @param provider the provider's name
    /// @param type the provider's type, such as `bedrock`
    /// @param model the model as the request names it; empty if it names none
    /// @param user the user who makes the call
    /// @param agent the agent that makes it
    /// @param expected the token counts that the request makes likely
    public record Request(String provider, String type, String model, String user, String agent, Usage expected) {}

    /// Tells whether any budget applies to calls of this user with this agent.
    public boolean concerns(String user, String agent) {
        return budgets.concerns(user, agent);
    }

    /// Decides whether the call may be made. If it may, its expected cost stays reserved until the caller closes
    /// the reservation.
    public BudgetDecision admit(Request request) {
        var quote = prices.quote(request.provider(), request.type(), request.model(), clock.instant());
        var likely = new Usage(
                Math.min(request.expected().input(), MOST_INPUT),
                Math.min(request.expected().output(), MOST_OUTPUT),
                0,
                0,
                0,
                0);
        var cost = Math.max(quote.expected(likely), average(request.provider(), request.model()));
        return budgets.admit(request, quote.price().isPresent(), cost);
    }

    private long average(String provider, String model) {
        synchronized (averages) {
            return Math.round(averages.getOrDefault(provider + "\0" + model, 0.0));
        }
    }

    /// Takes in what a finished call cost, for the average of its model.
    public void accepted(Call call, SpentAmount spent) {
        var cost = spent.microcents() + spent.assumed();
        if (cost == 0 || call.status() >= FIRST_ERROR || budgets.list().isEmpty()) return;
        synchronized (averages) {
            averages.merge(
                    call.provider() + "\0" + call.model(), (double) cost, (before, now) -> before * 0.8 + now * 0.2);
        }
    }

    /// Returns the budgets that this object enforces.
    public Budgets budgets() {
        return budgets;
    }
}
