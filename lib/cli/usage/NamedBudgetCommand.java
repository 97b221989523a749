package lib.cli.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.gateway.UsageStoreOption;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetJson;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.pricing.Cost;
import lib.usage.report.NumberFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai budget create`, `get` and `update`: budgets by name, in the form known from the cloud's command. They
/// are the same budgets as those of `rpkai budget set`; a budget that can't be expressed there is refused.
public final class NamedBudgetCommand {
    private NamedBudgetCommand() {}

    /// The part that `create` and `update` have in common.
    abstract static class Write implements Runnable {
        @Parameters(
                paramLabel = "NAME",
                description = "The budget's name: letters, digits, dots, dashes and underscores.")
        String name;

        @Option(
                names = "--pooling-mode",
                paramLabel = "per-agent|shared",
                description = "Whether each agent has its own limit or all share one (default shared).")
        String pooling;

        @Option(names = "--period", paramLabel = "PERIOD", description = "daily, weekly or monthly (UTC).")
        String period;

        @Option(names = "--limit-usd", paramLabel = "USD", description = "The limit per period in US dollars.")
        String limit;

        @Option(
                names = "--warn-at-usd",
                paramLabel = "USD",
                description = "The amount from which callers are warned, rounded down to a whole percentage "
                        + "of the limit. Default: no warning.")
        String warn;

        @Option(names = "--filter-user", paramLabel = "NAME", description = "Count only calls of this user.")
        String user;

        @Option(names = "--filter-agent", paramLabel = "NAME", description = "Count only calls of this agent.")
        String agent;

        @Option(
                names = {"--filter-provider", "--filter-model", "--filter-tag", "--filter-team"},
                paramLabel = "VALUE",
                hidden = true)
        String other;

        @Mixin
        UsageStoreOption store;

        final Context context;

        Write(Context context) {
            this.context = context;
        }

        /// The calls that count, if a flag selects them.
        Optional<BudgetTarget> target() {
            if (other != null)
                throw UserError.usage(
                        "a budget can be limited to a user or an agent, but not to a provider, model, " + "team or tag",
                        "use --filter-user or --filter-agent");
            if (pooling == null && user == null && agent == null) return Optional.empty();
            var perAgent = switch (Optional.ofNullable(pooling)
                    .orElse("shared")
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-')) {
                case "per-agent" -> true;
                case "shared" -> false;
                default ->
                    throw UserError.usage(
                            "unknown --pooling-mode \"%s\"".formatted(pooling), "use per-agent or shared");
            };
            if (user != null && agent != null)
                throw UserError.usage(
                        "a budget cannot be limited to both a user and an agent",
                        "use either --filter-user or --filter-agent");
            if (user != null && perAgent)
                throw UserError.usage(
                        "a budget per agent cannot be limited to one user",
                        "use --pooling-mode shared with --filter-user");
            if (user != null) return Optional.of(new BudgetTarget.User(user));
            if (agent != null) return Optional.of(new BudgetTarget.Agent(agent));
            return Optional.of(perAgent ? new BudgetTarget.EachAgent() : new BudgetTarget.Everyone());
        }

        Optional<Period> period() {
            return Optional.ofNullable(period)
                    .map(text -> BudgetCommand.period(
                            switch (text.toLowerCase(Locale.ROOT)) {
                                case "day" -> "daily";
                                case "week" -> "weekly";
                                case "month" -> "monthly";
                                default -> text;
                            }));
        }

        Optional<Long> limit() {
            return Optional.ofNullable(limit).map(BudgetCommand::microcents);
        }

        /// @param limit the budget's limit in microcents
        Optional<Integer> warnPercent(long limit) {
            return Optional.ofNullable(warn).map(BudgetCommand::microcents).map(amount -> {
                if (limit == 0 || amount > limit)
                    throw UserError.usage("--warn-at-usd is more than the limit", "use an amount below --limit-usd");
                int percent = BigDecimal.valueOf(amount)
                        .multiply(BigDecimal.valueOf(100))
                        .divide(BigDecimal.valueOf(limit), RoundingMode.DOWN)
                        .intValue();
                if (percent < 1)
                    throw UserError.usage("--warn-at-usd is less than a hundredth of the limit", "use a larger amount");
                return percent;
            });
        }

        String checkedName() {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}"))
                throw UserError.usage(
                        "the name of a budget must have 1 to 63 letters, digits, dots, dashes and " + "underscores",
                        "use, for example, team-monthly");
            return name;
        }

        void said(Budget budget, String what) {
            context.host()
                    .err()
                    .println("Budget %s is %s: the %s budget of %s is %s."
                            .formatted(
                                    name,
                                    what,
                                    budget.period().wire(),
                                    Output.printable(budget.target().wire()),
                                    NumberFormat.dollars(budget.microcents())));
        }
    }

    @Command(
            name = "create",
            description = "Creates a budget with a name; the options are those of the cloud's own " + "command.",
            footer = {"", "Example:", "  rpkai budget create team --period monthly --limit-usd 500 --warn-at-usd 400"})
    public static final class Create extends Write {
        public Create(Context context) {
            super(context);
        }

        @Override
        public void run() {
            checkedName();
            var target = target().orElse(new BudgetTarget.Everyone());
            var when =
                    period().orElseThrow(() -> UserError.usage("--period is missing", "use daily, weekly or monthly"));
            long amount = limit().orElseThrow(
                            () -> UserError.usage("--limit-usd is missing", "use US dollars, such as 50 or 12.50"));
            var budget = new Budget(target, when, amount, warnPercent(amount).orElse(100));
            var source = UsageSource.of(context, context.settings(), store);
            var all = source.budgets();
            if (named(all, name).isPresent())
                throw new UserError("budget %s already exists".formatted(name), "run rpkai budget update " + name);
            all.valueStream().filter(each -> is(each, target, when)).findFirst().ifPresent(there -> {
                throw new UserError(
                        "a %s budget of %s already exists%s"
                                .formatted(
                                        when.wire(),
                                        target.wire(),
                                        there.has("name")
                                                ? ", " + there.path("name").asText()
                                                : ""),
                        there.has("name")
                                ? "run rpkai budget update "
                                        + there.path("name").asText()
                                : "change it with rpkai budget set or delete it first");
            });
            source.set(budget, Optional.of(name));
            said(budget, "created");
        }
    }

    @Command(
            name = "update",
            description = "Changes a budget; values without a flag stay as they are.",
            footer = {"", "Example:", "  rpkai budget update team --limit-usd 600"})
    public static final class Update extends Write {
        public Update(Context context) {
            super(context);
        }

        @Override
        public void run() {
            var source = UsageSource.of(context, context.settings(), store);
            var json = named(source.budgets(), name).orElseThrow(() -> missing(name));
            if (Stream.of(pooling, period, limit, warn, user, agent, other).allMatch(flag -> flag == null))
                throw UserError.usage("nothing to change", "pass at least one flag, such as --limit-usd");
            var before = BudgetJson.read(json);
            long amount = limit().orElse(before.microcents());
            var changed = (ObjectNode) json.deepCopy();
            var target = target().orElse(before.target());
            var when = period().orElse(before.period());
            changed.put("target", target.wire())
                    .put("period", when.wire())
                    .put("limitMicrocents", amount)
                    .put("warnPercent", warnPercent(amount).orElse(before.warnPercent()));
            var after = BudgetJson.read(changed);
            var moves = !target.equals(before.target()) || when != before.period();
            if (moves && source.budgets().valueStream().anyMatch(each -> is(each, target, when)))
                throw new UserError(
                        "a %s budget of %s already exists".formatted(when.wire(), target.wire()),
                        "delete one of them first");
            if (moves) source.delete(before.target(), before.period());
            source.set(after, Optional.of(name));
            said(after, "updated");
        }
    }

    @Command(
            name = "get",
            description = "Shows a budget by name.",
            footer = {"", "Example:", "  rpkai budget get team -o json"})
    public static final class Get implements Runnable {
        @Parameters(paramLabel = "NAME", description = "The budget's name.")
        String name;

        @Mixin
        UsageStoreOption store;

        private final Context context;

        public Get(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings();
            Output.object(
                    context,
                    settings.format(),
                    shown(named(UsageSource.of(context, settings, store).budgets(), name)
                            .orElseThrow(() -> missing(name))));
        }
    }

    /// Returns the budget in both forms: the cloud's, followed by ours.
    private static ObjectNode shown(JsonNode json) {
        var budget = BudgetJson.read(json);
        var shown = JsonNodeFactory.instance
                .objectNode()
                .put("name", json.path("name").asText());
        shown.put("poolingMode", budget.target() instanceof BudgetTarget.EachAgent ? "per-agent" : "shared")
                .put(
                        "limitUsd",
                        Cost.dollars(budget.microcents()).stripTrailingZeros().toPlainString());
        if (budget.warnPercent() < 100)
            shown.put(
                    "warnAtUsd",
                    Cost.dollars(budget.microcents() / 100 * budget.warnPercent())
                            .stripTrailingZeros()
                            .toPlainString());
        json.properties().forEach(field -> {
            if (!shown.has(field.getKey())) shown.set(field.getKey(), field.getValue());
        });
        return shown;
    }

    static Optional<JsonNode> named(JsonNode budgets, String name) {
        return budgets.valueStream()
                .filter(each -> each.path("name").asText("").equals(name))
                .findFirst();
    }

    static UserError missing(String name) {
        return new UserError(
                "there is no budget named %s".formatted(Output.printable(name)),
                "run rpkai budget list; for a budget without a name, pass its target and " + "--period");
    }

    private static boolean is(JsonNode budget, BudgetTarget target, Period period) {
        return budget.path("target").asText().equals(target.wire())
                && budget.path("period").asText().equals(period.wire());
    }
}
