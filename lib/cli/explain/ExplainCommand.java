package lib.cli.explain;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lib.agents.AgentBinary;
import lib.agents.AgentCredential;
import lib.agents.Explanation;
import lib.agents.claude.ClaudeCode;
import lib.api.Provider;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.run.ClaudeOptions;
import lib.cli.run.CodexOptions;
import lib.config.Settings;
import lib.launch.GatewaySession;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai explain`: what a launch would be, and why.
public final class ExplainCommand {
    public static final class Claude implements Runnable {
        private final ClaudeOptions options = new ClaudeOptions();

        private final Context context;

        private Claude(Context context) {
            this.context = context;
        }

        public static CommandSpec spec(Context context) {
            var command = new Claude(context);
            var spec = command.options
                    .addTo(CommandSpec.wrapWithoutInspection(command))
                    .name("claude");
            spec.usageMessage()
                    .description("Explains what rpkai run claude would do; takes the same arguments.")
                    .footer("", "Example:", "  rpkai explain claude -L demo");
            return spec;
        }

        @Override
        public void run() {
            var agent = options.agent();
            var request = options.request(false);
            var launching = context.launching(agent, request);
            var settings = launching.settings(context.flags().flags(options.embedded));
            try (var session = launching.open(settings)) {
                var connection = launching.connect(settings, session, true);
                var prepared = agent.prepare(request, connection, launching.seen(connection));
                var plan = launching.withholding(prepared.plan(), connection);
                var launch = prepared.input();
                var lines = new ArrayList<Explanation.Line>();
                lines.add(gateway(settings, session));
                lines.add(new Explanation.Line(
                        "provider",
                        options.providerName
                                + connection
                                        .provider()
                                        .map(p -> " (%s)".formatted(p.type()))
                                        .orElse(" (can't be read)"),
                        "-L",
                        List.of()));
                lines.add(new Explanation.Line(
                        "mode",
                        launch.route().mode().name().toLowerCase(Locale.ROOT),
                        connection.provider().isPresent() ? "the provider" : "the flags",
                        List.of()));
                lines.add(new Explanation.Line(
                        "model",
                        launch.model().orElse("(Claude Code's default)"),
                        launch.model().isPresent() ? "-m" : "no -m",
                        List.of()));
                lines.add(new Explanation.Line(
                        "allowed models",
                        connection
                                .provider()
                                .map(Provider::models)
                                .filter(m -> !m.isEmpty())
                                .map(m -> String.join(", ", m))
                                .orElse("any"),
                        "the provider",
                        List.of()));
                lines.add(token(settings, launch.route().token()));
                lines.add(program(ClaudeCode.BINARY, context));
                request.variables().inherited().forEach(name -> lines.add(passed(name)));
                lines.addAll(Explanation.of(
                        plan, context.host().env(), launch.files().settings()));
                plan.warnings().forEach(context.host()::warn);
                print(context, settings, lines);
            }
        }
    }

    public static final class Codex implements Runnable {
        private final CodexOptions options = new CodexOptions();

        private final Context context;

        private Codex(Context context) {
            this.context = context;
        }

        public static CommandSpec spec(Context context) {
            var command = new Codex(context);
            var spec = command.options
                    .addTo(CommandSpec.wrapWithoutInspection(command))
                    .name("codex");
            spec.usageMessage()
                    .description("Explains what rpkai run codex would do; takes the same arguments.")
                    .footer("", "Example:", "  rpkai explain codex -L openai -o json");
            return spec;
        }

        @Override
        public void run() {
            var agent = options.agent();
            var request = options.request(false);
            var launching = context.launching(agent, request);
            var settings = launching.settings(context.flags().flags(options.embedded));
            var connection = agent.connectionUnasked(request, settings);
            var launch = agent.unasked(request, settings, launching.seen(connection));
            var plan = launching.withholding(lib.agents.codex.Codex.plan(launch), connection);
            var lines = new ArrayList<Explanation.Line>();
            lines.add(new Explanation.Line("gateway", connection.proxyUrl().toString(), from(settings), List.of()));
            lines.add(new Explanation.Line("provider", options.providerName, "-L", List.of()));
            lines.add(new Explanation.Line(
                    "model",
                    launch.model().name().orElse("(Codex's default)"),
                    launch.model().name().isPresent() ? "-m" : "no -m",
                    List.of()));
            lines.add(new Explanation.Line(
                    "CODEX_HOME",
                    options.codexHome == null ? "(one for the session, gone afterwards)" : options.codexHome,
                    options.codexHome == null ? LAUNCH : "--codex-home",
                    List.of(context.host()
                            .variable("CODEX_HOME")
                            .orElse(context.host().home().resolve(".codex").toString()))));
            lines.add(program(lib.agents.codex.Codex.BINARY, context));
            lines.addAll(Explanation.ofToml(lib.agents.codex.Codex.configuration(launch)));
            request.variables().inherited().forEach(name -> lines.add(passed(name)));
            Explanation.of(plan, context.host().env(), List.of()).stream()
                    .filter(line -> !line.name().equals("CODEX_HOME"))
                    .forEach(lines::add);
            plan.warnings().forEach(context.host()::warn);
            print(context, settings, lines);
        }
    }

    static final String LAUNCH = "the launch";
    static final String RELAYED = "on each request by a relay, always fresh; the agent never has it";

    /// A variable of `--pass-env`. Its value is not shown: it may be a secret.
    static Explanation.Line passed(String name) {
        return new Explanation.Line(name, "(inherited)", "--pass-env", List.of());
    }

    static String from(Settings settings) {
        return settings.wantsEmbeddedGateway()
                ? "embedded, for the session"
                : settings.endpoint().isPresent()
                        ? "--endpoint"
                        : "environment \"%s\" in %s"
                                .formatted(settings.profileName().orElse(""), settings.configFile());
    }

    private static Explanation.Line gateway(Settings settings, GatewaySession session) {
        return new Explanation.Line(
                "gateway",
                (settings.wantsEmbeddedGateway() ? session.url() : settings.gateway()).toString(),
                from(settings),
                List.of());
    }

    private static Explanation.Line token(Settings settings, AgentCredential source) {
        var how = switch (source) {
            case AgentCredential.Helper(var _, var interval) ->
                "renewed every %d s by a helper".formatted(interval.toSeconds());
            case AgentCredential.Fixed _ -> "one for the whole session";
            case AgentCredential.Session _ -> settings.wantsEmbeddedGateway() ? "the embedded gateway's own" : RELAYED;
        };
        return new Explanation.Line(
                "gateway token", how, "auth_mode " + settings.authMode().label(), List.of());
    }

    private static Explanation.Line program(AgentBinary binary, Context context) {
        var found = binary.find(context.host());
        return new Explanation.Line(
                "program",
                found.map(Object::toString).orElse("(not installed)"),
                found.isPresent() ? "the PATH or rpkai's own installation" : "--install-agent installs it",
                List.of());
    }

    static void print(Context context, Settings settings, List<Explanation.Line> lines) {
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
