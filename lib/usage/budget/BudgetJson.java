package lib.usage.budget;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.UserError;

/// A [Budget] as JSON: `{"target": "each-user", "period": "daily", "limitMicrocents": 5000000000, "warnPercent": 80}`.
///
///     BudgetJson.read(BudgetJson.of(budget)).equals(budget)   // true
public final class BudgetJson {
    private BudgetJson() {}

    public static ObjectNode of(Budget budget) {
        return JsonNodeFactory.instance.objectNode().put("target", budget.target().wire()).put("period", budget.period().wire())
                .put("limitMicrocents", budget.microcents()).put("warnPercent", budget.warnPercent());
    }

    /// @throws UserError for what is none
    public static Budget read(JsonNode json) {
        var limit = json.path("limitMicrocents");
        if (!limit.isIntegralNumber() || !limit.canConvertToLong()) throw UserError.usage("limitMicrocents is no whole number", "a hundred million are one US dollar");
        var period = Period.of(json.path("period").asText()).orElseThrow(() -> UserError.usage("a budget needs a period", "use daily, weekly or monthly"));
        return new Budget(Target.of(json.path("target").asText()), period, limit.asLong(), json.path("warnPercent").asInt(Budget.WARN_PERCENT));
    }

    /// Whether there is one sum that is spent of it, rather than one of each user's or agent's.
    public static boolean hasOneAccount(Budget budget) {
        return !(budget.target() instanceof Target.EachUser) && !(budget.target() instanceof Target.EachAgent);
    }
}
