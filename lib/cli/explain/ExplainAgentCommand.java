package lib.cli.explain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.agents.Agent;
import lib.agents.Explanation;
import lib.agents.Explanation.Line;
import lib.agents.LaunchRequest;
import lib.agents.registry.Agents;
import lib.api.Provider;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.LaunchOptions;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai explain NAME` for an agent of [Agents].
public final class ExplainAgentCommand implements Runnable {
    private final LaunchOptions options = new LaunchOptions();
    private final Context context;
    private final Agents.Entry entry;

    private ExplainAgentCommand(Context context, Agents.Entry entry) {
        this.context = context;
        this.entry = entry;
    }

    public static CommandSpec spec(Context context, Agents.Entry entry) {
        var command = new ExplainAgentCommand(context, entry);
        var spec = command.options
                .addTo(CommandSpec.wrapWithoutInspection(command))
                .name(entry.name());
        spec.usageMessage()
                .description("Explains what rpkai run %s would do; takes the same arguments.".formatted(entry.name()))
                .footer("", "Example:", "  " + entry.example().replaceFirst(" run ", " explain "));
        return spec;
    }

    @Override
    public void run() {
        var agent = entry.agent().get();
        var request = options.request(false);
        var launching = context.launching(agent, request);
        var settings = launching.settings(context.flags().flags(options.embedded));
        try (var session = launching.open(settings)) {
            var connection = launching.connect(settings, session, true);
            var provider = connection.provider();
            var plan = launching.plan(connection).apply(Path.of("(a folder for the session)"));
            var lines = new ArrayList<Line>();
            lines.add(new Line(
                    "gateway",
                    (settings.wantsEmbeddedGateway() ? session.url() : settings.gateway()).toString(),
                    ExplainCommand.from(settings),
                    List.of()));
            lines.add(new Line(
                    "provider",
                    options.providerName
                            + provider.map(p -> " (%s)".formatted(p.type())).orElse(" (can't be read)"),
                    "-L",
                    List.of()));
            lines.add(new Line(
                    "allowed models",
                    provider.map(Provider::models)
                            .filter(m -> !m.isEmpty())
                            .map(m -> String.join(", ", m))
                            .orElse("any"),
                    "the provider",
                    List.of()));
            lines.add(new Line(
                    "gateway token",
                    settings.wantsEmbeddedGateway() ? "the embedded gateway's own" : ExplainCommand.RELAYED,
                    "auth_mode " + settings.authMode().label(),
                    List.of()));
            lines.add(program(agent, request));
            lines.add(new Line("command line", String.join(" ", plan.argv()), ExplainCommand.LAUNCH, List.of()));
            request.variables().inherited().forEach(name -> lines.add(ExplainCommand.passed(name)));
            lines.addAll(Explanation.of(plan, context.host().env(), agent.settingsFiles(context.host())));
            plan.warnings().forEach(context.host()::warn);
            ExplainCommand.print(context, settings, lines);
        }
    }

    private Line program(Agent agent, LaunchRequest request) {
        try {
            return new Line(
                    "program",
                    agent.program(request, context.host()).toString(),
                    "the PATH or rpkai's own installation",
                    List.of());
        } catch (UserError missing) {
            return new Line("program", "(not installed)", missing.remedy().text(), List.of());
        }
    }
}
