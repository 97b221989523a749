package lib.cli.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Locale;
import lib.api.resource.ListFields;
import lib.api.resource.Listing;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.gateway.UsageStoreOption;
import lib.cli.manage.ListFlags;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetJson;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.budget.Unpriced;
import lib.usage.pricing.Cost;
import lib.usage.report.NumberFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai budget`: manages spending limits.
public final class BudgetCommand {
    private static final String TARGETS = "everyone, each-user, user:NAME, each-agent or agent:NAME.";

    private BudgetCommand() {}

    @Command(
            name = "set",
            description = {
                "Sets a spending limit per day, week or month (UTC).",
                "A budget for a user overrides the budget for each-user."
            },
            footer = {"", "Example:", "  rpkai budget set each-user 25 --period daily"})
    public static final class Set implements Runnable {
        @Parameters(index = "0", paramLabel = "TARGET", description = "The calls to count: " + TARGETS)
        String target;

        @Parameters(index = "1", paramLabel = "USD", description = "The limit in US dollars.")
        String dollars;

        @Option(names = "--period", required = true, paramLabel = "PERIOD", description = "daily, weekly or monthly.")
        String period;

        @Option(
                names = "--warn",
                paramLabel = "PERCENT",
                description = "The percentage of the budget from which callers are warned (default 80; 100 "
                        + "means never).",
                defaultValue = "80")
        int warn;

        @Option(
                names = "--unpriced",
                paramLabel = "WHAT",
                description = "How to treat calls with unknown cost: allow (default), refuse or estimate.",
                defaultValue = "allow")
        String unpriced;

        @Mixin
        UsageStoreOption store;

        private final Context context;

        public Set(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var budget =
                    new Budget(BudgetTarget.of(target), period(period), microcents(dollars), warn, unpriced(unpriced));
            UsageSource.of(context, context.settings(), store).set(budget);
            context.host()
                    .err()
                    .println("The %s budget of %s is %s."
                            .formatted(
                                    budget.period().wire(),
                                    Output.printable(budget.target().wire()),
                                    NumberFormat.dollars(budget.microcents())));
        }

        private static Unpriced unpriced(String text) {
            return Unpriced.of(text.toLowerCase(Locale.ROOT))
                    .orElseThrow(() -> UserError.usage(
                            "\"%s\" is not allow, refuse or estimate".formatted(text),
                            "use one of them with --unpriced"));
        }
    }

    @Command(
            name = "list",
            aliases = "ls",
            description = "Lists the budgets.",
            footer = {"", "Examples:", "  rpkai budget list", "  rpkai budget list --filter 'period = monthly'"})
    public static final class List implements Runnable {
        private static final ListFields FIELDS = ListFields.of(
                "budget",
                "name",
                "target",
                "period",
                "limitMicrocents",
                "spentMicrocents",
                "unpriced",
                "unpricedCalls",
                "warnPercent",
                "resets");

        @Mixin
        UsageStoreOption store;

        private final Context context;
        private final ListFlags flags = new ListFlags();

        private List(Context context) {
            this.context = context;
        }

        public static CommandSpec spec(Context context) {
            var command = new List(context);
            var spec = CommandSpec.forAnnotatedObject(command);
            command.flags.addTo(spec);
            return spec;
        }

        @Override
        public void run() {
            var query = flags.query();
            var settings = context.settings();
            var listing = Listing.here(
                    UsageSource.of(context, settings, store)
                            .budgets()
                            .valueStream()
                            .toList(),
                    query,
                    FIELDS);
            // Budgets made by `set` have no names.
            var named = listing.items().stream().anyMatch(budget -> budget.has("name"));
            var rows = new ArrayList<java.util.List<String>>();
            for (var budget : listing.items()) {
                var row = new ArrayList<>(java.util.List.of(
                        budget.path("target").asText(),
                        budget.path("period").asText(),
                        NumberFormat.dollars(budget.path("limitMicrocents").asLong()),
                        budget.has("spentMicrocents")
                                ? NumberFormat.dollars(
                                        budget.path("spentMicrocents").asLong())
                                : "",
                        uncounted(budget),
                        budget.path("unpriced").asText("allow"),
                        budget.path("warnPercent").asText() + "%",
                        budget.path("resets").asText()));
                if (named) row.addFirst(budget.path("name").asText(""));
                rows.add(row);
            }
            var columns = new ArrayList<>(java.util.List.of(
                    "TARGET", "PERIOD", "LIMIT", "SPENT", "NOT COUNTED", "UNPRICED", "WARN", "RESETS"));
            if (named) columns.addFirst("NAME");
            Output.list(context, settings.format(), columns, rows, listing.json());
            ListFlags.sayNext(context, listing);
        }
    }

    /// The number of calls that a budget has not counted; an older gateway does not report it.
    private static String uncounted(JsonNode budget) {
        if (!budget.has("unpricedCalls")) return "";
        var counts = budget.path("unpriced").asText("allow").equals(Unpriced.ALLOW.wire());
        return counts ? budget.path("unpricedCalls").asText() : "0";
    }

    @Command(
            name = "delete",
            aliases = "rm",
            description = "Deletes a budget, given its name or its target and period.",
            footer = {"", "Examples:", "  rpkai budget delete each-user --period daily", "  rpkai budget delete team"})
    public static final class Delete implements Runnable {
        @Parameters(
                index = "0",
                paramLabel = "NAME|TARGET",
                description = "The budget's name, or its target together with --period: " + TARGETS)
        String target;

        @Option(names = "--period", paramLabel = "PERIOD", description = "daily, weekly or monthly.")
        String period;

        @Mixin
        UsageStoreOption store;

        private final Context context;

        public Delete(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            if (period == null) {
                deleteNamed();
                return;
            }
            var whose = BudgetTarget.of(target);
            var when = period(period);
            if (!UsageSource.of(context, context.settings(), store).delete(whose, when))
                throw new UserError(
                        "there is no %s budget of %s".formatted(when.wire(), whose.wire()), "run rpkai budget list");
            context.host()
                    .err()
                    .println("The %s budget of %s is deleted.".formatted(when.wire(), Output.printable(whose.wire())));
        }

        private void deleteNamed() {
            var source = UsageSource.of(context, context.settings(), store);
            var budget = BudgetJson.read(NamedBudgetCommand.named(source.budgets(), target)
                    .orElseThrow(() -> NamedBudgetCommand.missing(target)));
            source.delete(budget.target(), budget.period());
            context.host().err().println("Budget %s is deleted.".formatted(target));
        }
    }

    static long microcents(String dollars) {
        var text = dollars.replaceFirst("^\\$", "");
        if (!text.matches("\\d{1,9}(\\.\\d{1,8})?"))
            throw UserError.usage("\"%s\" is not an amount".formatted(dollars), "use US dollars, such as 50 or 12.50");
        return Cost.microcents(text);
    }

    static Period period(String text) {
        return Period.of(text.toLowerCase(Locale.ROOT))
                .orElseThrow(() ->
                        UserError.usage("\"%s\" is not a period".formatted(text), "use daily, weekly or monthly"));
    }
}
