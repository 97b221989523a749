package lib.usage.budget;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.base.UserError;

/// Writes a [Budget] as JSON and reads it: `{"target": "each-user", "period": "daily", "limitMicrocents":
/// 5000000000, "warnPercent": 80, "unpriced": "allow"}`. With the money spent, the JSON also has
/// `spentMicrocents`, and in `unpricedCalls` and `unmeasuredCalls` the numbers of calls whose cost is not known.
///
///     BudgetJson.read(BudgetJson.of(budget)).equals(budget)   // true
public final class BudgetJson {
    private BudgetJson() {}

    public static ObjectNode of(Budget budget) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("target", budget.target().wire())
                .put("period", budget.period().wire())
                .put("limitMicrocents", budget.microcents())
                .put("warnPercent", budget.warnPercent())
                .put("unpriced", budget.unpriced().wire());
    }

    /// Returns the same JSON, with the money spent and the numbers of calls whose cost is not known.
    public static ObjectNode of(Budget budget, SpentAmount spent) {
        return counts(of(budget).put("spentMicrocents", budget.counted(spent)), spent);
    }

    /// Adds the numbers of calls whose cost is not known.
    public static ObjectNode counts(ObjectNode json, SpentAmount spent) {
        return json.put("unpricedCalls", spent.unpriced()).put("unmeasuredCalls", spent.unmeasured());
    }

    /// @throws UserError if the JSON is no budget
    public static Budget read(JsonNode json) {
        var limit = json.path("limitMicrocents");
        if (!limit.isIntegralNumber() || !limit.canConvertToLong())
            throw UserError.usage("limitMicrocents must be an integer", "100,000,000 is one US dollar");
        var period = Period.of(json.path("period").asText())
                .orElseThrow(
                        () -> UserError.usage("the period of the budget is missing", "use daily, weekly or monthly"));
        var unpriced = Unpriced.of(json.path("unpriced").asText(Unpriced.ALLOW.wire()))
                .orElseThrow(() -> UserError.usage("unpriced must be allow, refuse or estimate", "use one of them"));
        return new Budget(
                BudgetTarget.of(json.path("target").asText()),
                period,
                limit.asLong(),
                json.path("warnPercent").asInt(Budget.WARN_PERCENT),
                unpriced);
    }

    /// Tells whether the budget is one sum, rather than one for each user or each agent.
    public static boolean hasOneAccount(Budget budget) {
        return !(budget.target() instanceof BudgetTarget.EachUser)
                && !(budget.target() instanceof BudgetTarget.EachAgent);
    }
}
