package lib.usage.budget;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import lib.usage.Call;
import lib.usage.Usage;
import lib.usage.pricing.Prices;

/// Lets calls in as far as the budgets allow, and keeps back what each is expected to cost until it is over. So
/// many calls at once on a budget that is nearly used up stop near it.
///
///     switch (admission.admit(request)) { case Verdict.Open(var warnings, var reserved) -> …; … }
///
/// A call is let in while what was spent and what is kept back for others is less than the budget, even where its
/// own cost is expected to be more than what is left: a single large call on a nearly full budget passes. What is
/// kept back is the larger of two numbers: what the request itself makes likely, with bounds, since a long prompt
/// is mostly cached and an answer is mostly much shorter than it may be; and what calls of that model cost on
/// average lately.
public final class Admission {
    private static final long MOST_INPUT = 50_000;
    private static final long MOST_OUTPUT = 8_192;
    private static final int REMEMBERED = 1_000;
    private static final int FIRST_ERROR = 400;

    private final Budgets budgets;
    private final Prices prices;
    private final InstantSource clock;
    /// What calls of a provider and a model cost on average lately, in microcents.
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

    /// A call that asks to be let in.
    ///
    /// @param provider the provider's name
    /// @param type its type, `bedrock`
    /// @param model as the request names it; empty where it names none
    /// @param user who asks
    /// @param agent what with
    /// @param expected what the request makes likely that it uses
    public record Request(String provider, String type, String model, String user, String agent, Usage expected) {}

    /// Whether any budget is held against calls of that user with that agent.
    public boolean concerns(String user, String agent) {
        return budgets.concerns(user, agent);
    }

    /// Whether the call may be made. Where it may, what it is expected to cost is kept back until the reservation
    /// is closed.
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

    /// A call is over.
    public void accepted(Call call, SpentAmount spent) {
        var cost = spent.microcents() + spent.assumed();
        if (cost == 0 || call.status() >= FIRST_ERROR || budgets.list().isEmpty()) return;
        synchronized (averages) {
            averages.merge(
                    call.provider() + "\0" + call.model(), (double) cost, (before, now) -> before * 0.8 + now * 0.2);
        }
    }

    /// The budgets that are held against calls.
    public Budgets budgets() {
        return budgets;
    }
}
