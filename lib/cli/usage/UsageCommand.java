package lib.cli.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.gateway.UsageStoreOption;
import lib.config.OutputFormat;
import lib.usage.report.Dimension;
import lib.usage.report.NumberFormat;
import lib.usage.report.QueryParameters;
import lib.usage.report.Window;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `rpkai usage`: shows usage and its cost.
@Command(
        name = "usage",
        description = "Shows usage and what it cost.",
        footer = {"", "Example:", "  rpkai usage --by user --last 7d --compare"})
public final class UsageCommand implements Runnable {
    private static final int POINTS = 48;
    private static final List<String> STEPS = List.of("5m", "15m", "1h", "3h", "6h", "12h", "1d", "7d", "28d");

    @Option(
            names = "--by",
            paramLabel = "DIMENSION",
            description = "Group by provider, model, user, agent, session or kind (of token).",
            defaultValue = "model")
    String by;

    @Option(
            names = "--last",
            paramLabel = "LENGTH",
            description = "The period up to now: 30m, 24h, 7d, 4w, 1y (default 24h).")
    String last;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "The start of the period: 2026-11-22 or 2026-11-22T10:00:00Z.")
    String from;

    @Option(names = "--to", paramLabel = "TIME", description = "The end of the period (default now).")
    String to;

    @Option(names = "--compare", description = "Compare with the previous period of the same length.")
    boolean compare;

    @Option(names = "--provider", paramLabel = "NAME", description = "Count only calls of this provider.")
    String provider;

    @Option(names = "--model", paramLabel = "NAME", description = "Count only calls of this model.")
    String model;

    @Option(names = "--user", paramLabel = "NAME", description = "Count only calls of this user.")
    String user;

    @Option(names = "--agent", paramLabel = "NAME", description = "Count only calls of this agent.")
    String agent;

    @Option(names = "--session", paramLabel = "ID", description = "Count only calls of this session.")
    String session;

    @Option(
            names = "--rows",
            paramLabel = "COUNT",
            description = "The maximum number of rows; the last row sums up all others (default 100).")
    String rows;

    @Mixin
    UsageStoreOption store;

    private final Context context;

    public UsageCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = context.settings();
        var words = words();
        // Invalid arguments are reported before any request.
        var window = QueryParameters.question(words, context.host().clock().instant())
                .window();
        var draws = settings.format() == OutputFormat.TABLE && context.host().interactive();
        if (draws) words.put("step", step(window.length()));
        var report = UsageSource.of(context, settings, store).report(words);
        // With two more columns there is no room for bars.
        var table = new UsageTable(report, settings.format() == OutputFormat.WIDE, draws && !compare);
        var out = context.host().out();
        if (settings.format() == OutputFormat.CSV) {
            Output.csv(out, table.csvColumns(), table.csvRows());
            return;
        }
        if (draws) out.println(headline(report, window) + "\n");
        Output.list(context, settings.format(), table.columns(), table.rows(), report);
    }

    private Map<String, String> words() {
        var words = new LinkedHashMap<String, String>();
        words.put("by", by);
        if (compare) words.put("compare", "true");
        var given = new LinkedHashMap<String, String>();
        given.put("last", last);
        given.put("from", from);
        given.put("to", to);
        given.put("rows", rows);
        given.put(Dimension.PROVIDER.wire(), provider);
        given.put(Dimension.MODEL.wire(), model);
        given.put(Dimension.USER.wire(), user);
        given.put(Dimension.AGENT.wire(), agent);
        given.put(Dimension.SESSION.wire(), session);
        given.forEach((name, value) -> {
            if (value != null) words.put(name, value);
        });
        return words;
    }

    /// The shortest step with which the chart fits on a line.
    private static String step(Duration length) {
        return STEPS.stream()
                .filter(step -> length.dividedBy(QueryParameters.length(step)) <= POINTS)
                .findFirst()
                .orElse(STEPS.getLast());
    }

    /// The headline, such as `$12.34 in 7 days  ▁▂▇▁`.
    private static String headline(JsonNode report, Window window) {
        var begin = Instant.parse(report.path("from").asText(window.from().toString()));
        var end = Instant.parse(report.path("to").asText(window.to().toString()));
        var step = Duration.ofSeconds(Math.max(60, report.path("stepSeconds").asLong(3600)));
        var values = new long
                [(int) Math.min(
                        200,
                        Math.max(
                                1, (Duration.between(begin, end).toMillis() + step.toMillis() - 1) / step.toMillis()))];
        var priced = report.path("total").path("cost").path("total").asLong() > 0;
        for (var point : report.path("points")) {
            var at = Duration.between(begin, Instant.parse(point.path("from").asText()))
                    .dividedBy(step);
            if (at >= 0 && at < values.length)
                values[(int) at] += priced
                        ? point.path("cost").path("total").asLong()
                        : point.path("tokens").path("total").asLong();
        }
        var total = report.path("total");
        return "%s, %s requests, %s tokens  %s"
                .formatted(
                        NumberFormat.cost(total),
                        NumberFormat.tokens(total.path("requests").asLong()),
                        NumberFormat.tokens(total.path("tokens").path("total").asLong()),
                        NumberFormat.course(values))
                .stripTrailing();
    }
}
