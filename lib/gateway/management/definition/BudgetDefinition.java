package lib.gateway.management.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.budget.Unpriced;
import lib.usage.pricing.Cost;

/// Reads a budget from a manifest, in the form that `rpkai budget list -o yaml` prints. People may write `usd`
/// instead of microcents.
///
///     {target: each-user, period: daily, usd: 12.50, warnPercent: 90, unpriced: refuse}
final class BudgetDefinition {
    /// The known fields. `spentMicrocents`, `unpricedCalls`, `unmeasuredCalls` and `resets` are printed but
    /// ignored when read.
    private static final Set<String> FIELDS = Set.of(
            "target",
            "period",
            "usd",
            "limitMicrocents",
            "warnPercent",
            "unpriced",
            "spentMicrocents",
            "unpricedCalls",
            "unmeasuredCalls",
            "resets");

    private BudgetDefinition() {}

    /// @param path the path of the budget in the document
    /// @param problems collects the errors
    /// @return empty if there is any error
    static Optional<Budget> read(JsonNode given, String path, Problems problems) {
        if (!given.isObject()) {
            problems.add(path, "is not a mapping");
            return Optional.empty();
        }
        given.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(Field.camelCase(name))) problems.unknown(Violation.below(path, name), FIELDS);
        });
        var target = BudgetTarget.find(text(given, "target"));
        if (target.isEmpty())
            problems.add(
                    Violation.below(path, "target"), "is not everyone, each-user, user:NAME, each-agent or agent:NAME");
        var period = Period.of(text(given, "period"));
        if (period.isEmpty()) problems.add(Violation.below(path, "period"), "is not daily, weekly or monthly");
        var limit = limit(given, path, problems);
        var warn = field(given, "warnPercent");
        var percent = warn.isMissingNode() ? Budget.WARN_PERCENT : warn.asInt();
        if (percent < 1 || percent > 100)
            problems.add(Violation.below(path, "warnPercent"), "is not a whole number from 1 to 100");
        var setting = field(given, "unpriced");
        var unpriced = setting.isMissingNode() ? Optional.of(Unpriced.ALLOW) : Unpriced.of(setting.asText());
        if (unpriced.isEmpty()) problems.add(Violation.below(path, "unpriced"), "is not allow, refuse or estimate");
        if (target.isEmpty()
                || unpriced.isEmpty()
                || period.isEmpty()
                || limit.isEmpty()
                || percent < 1
                || percent > 100) return Optional.empty();
        return Optional.of(new Budget(target.get(), period.get(), limit.get(), percent, unpriced.get()));
    }

    private static Optional<Long> limit(JsonNode given, String path, Problems problems) {
        JsonNode usd = field(given, "usd"), microcents = field(given, "limitMicrocents");
        if (usd.isMissingNode() == microcents.isMissingNode())
            problems.add(path, "needs one of usd and limitMicrocents");
        else if (!usd.isMissingNode()) {
            if (usd.asText().matches("\\d{1,9}(\\.\\d{1,8})?")) return Optional.of(Cost.microcents(usd.asText()));
            problems.add(Violation.below(path, "usd"), "is not an amount in US dollars such as 50 or 12.50");
        } else {
            if (microcents.asText().matches("\\d{1,17}")) return Optional.of(Long.parseLong(microcents.asText()));
            problems.add(
                    Violation.below(path, "limitMicrocents"),
                    "is not an integer number of microcents (100,000,000 is one US dollar)");
        }
        return Optional.empty();
    }

    private static String text(JsonNode given, String name) {
        return field(given, name).asText();
    }

    private static JsonNode field(JsonNode given, String name) {
        for (var entry : given.properties())
            if (Field.camelCase(entry.getKey()).equals(name)
                    && !entry.getValue().isNull()) return entry.getValue();
        return given.path("");
    }
}
