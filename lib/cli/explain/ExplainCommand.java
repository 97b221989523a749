package lib.cli.explain;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lib.agents.Agent;
import lib.agents.Connection;
import lib.agents.Explanation;
import lib.agents.Explanation.Line;
import lib.agents.LaunchPlan;
import lib.agents.LaunchRequest;
import lib.agents.registry.Agents;
import lib.api.Provider;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.run.LaunchFlags;
import lib.config.Settings;
import lib.launch.LaunchRunner;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai explain NAME`: shows what a launch would do, and why.
public final class ExplainCommand implements Runnable {
    private static final String RELAYED = "a relay adds a fresh one to each request; the agent never gets it";

    private final Context context;
    private final LaunchFlags flags;

    private ExplainCommand(Context context, Agents.Entry entry) {
        this.context = context;
        flags = new LaunchFlags(entry);
    }

    public static CommandSpec spec(Context context, Agents.Entry entry) {
        var command = new ExplainCommand(context, entry);
        var spec =
                command.flags.addTo(CommandSpec.wrapWithoutInspection(command)).name(entry.name());
        spec.usageMessage()
                .description("Explains what rpkai run %s would do; takes the same arguments.".formatted(entry.name()))
                .footer("", "Example:", "  " + entry.examples().getFirst().replaceFirst(" run ", " explain "));
        return spec;
    }

    @Override
    public void run() {
        var runner = context.launchRunner(flags.agent(), flags.request());
        var settings = runner.settings(context.flags().flags(flags.isEmbedded()));
        if (runner.agent().isPlannedUnasked()) {
            var connection = runner.connectUnasked(settings);
            explain(runner, settings, connection, connection.proxyUrl());
            return;
        }
        try (var session = runner.open(settings)) {
            explain(
                    runner,
                    settings,
                    runner.connect(settings, session, true),
                    settings.wantsEmbeddedGateway() ? session.url() : settings.gateway());
        }
    }

    private void explain(LaunchRunner runner, Settings settings, Connection connection, URI gateway) {
        var agent = runner.agent();
        var request = runner.request();
        var plan = runner.plan(connection).apply(Path.of("(a temporary folder for the session)"));
        var lines = new ArrayList<Line>();
        lines.add(new Line("gateway", gateway.toString(), from(settings), List.of()));
        lines.add(new Line("provider", provider(agent, request, connection), "-L", List.of()));
        lines.addAll(agent.explainChoices(request, connection, context.host()));
        if (!agent.isPlannedUnasked()) {
            lines.add(new Line("allowed models", allowed(connection), "the provider", List.of()));
            lines.add(token(agent, settings, connection, plan));
        }
        lines.add(program(agent, request));
        lines.addAll(agent.explainPlan(plan));
        request.variables().inherited().forEach(name -> lines.add(inherited(name)));
        var said = lines.stream().map(Line::name).collect(Collectors.toSet());
        Explanation.of(plan, context.host().env(), agent.settingsFiles(context.host())).stream()
                .filter(line -> !said.contains(line.name()))
                .forEach(lines::add);
        plan.warnings().forEach(context.host()::warn);
        print(settings, lines);
    }

    private static String provider(Agent agent, LaunchRequest request, Connection connection) {
        var name = request.provider().orElse("");
        return agent.isPlannedUnasked()
                ? name
                : name
                        + connection
                                .provider()
                                .map(p -> " (%s)".formatted(p.type()))
                                .orElse(" (not readable)");
    }

    private static String allowed(Connection connection) {
        return connection
                .provider()
                .map(Provider::models)
                .filter(models -> !models.isEmpty())
                .map(models -> String.join(", ", models))
                .orElse("any");
    }

    private static Line token(Agent agent, Settings settings, Connection connection, LaunchPlan plan) {
        var how = agent.explainToken(connection, plan)
                .orElse(settings.wantsEmbeddedGateway() ? "the embedded gateway's own" : RELAYED);
        return new Line("gateway token", how, "auth_mode " + settings.authMode().label(), List.of());
    }

    private Line program(Agent agent, LaunchRequest request) {
        try {
            var path = agent.program(request, context.host()).toString();
            return new Line("program", path, "the PATH or rpkai's own installation", List.of());
        } catch (UserError missing) {
            return new Line("program", "(not installed)", missing.remedy().text(), List.of());
        }
    }

    /// The line for a variable of `--pass-env`. Its value is not shown: it may be a secret.
    private static Line inherited(String name) {
        return new Line(name, "(inherited)", "--pass-env", List.of());
    }

    private static String from(Settings settings) {
        return settings.wantsEmbeddedGateway()
                ? "embedded, for the session"
                : settings.endpoint().isPresent()
                        ? "--endpoint"
                        : "environment \"%s\" in %s"
                                .formatted(settings.profileName().orElse(""), settings.configFile());
    }

    private void print(Settings settings, List<Line> lines) {
        var objects = JsonNodeFactory.instance.arrayNode();
        var rows = new ArrayList<List<String>>();
        for (var line : lines) {
            var object = objects.addObject()
                    .put("name", line.name())
                    .put("value", line.value())
                    .put("from", line.from());
            line.displaced().forEach(object.putArray("displaced")::add);
            rows.add(List.of(
                    line.name(), Output.printable(line.value()), line.from(), String.join(", ", line.displaced())));
        }
        Output.list(context, settings.format(), List.of("NAME", "VALUE", "FROM", "DISPLACED"), rows, objects);
    }
}
