package lib.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lib.Secret;
import lib.UserError;
import lib.agents.ClaudeCode;
import lib.agents.ClaudeMode;
import lib.agents.HelperCommand;
import lib.agents.LaunchPlan;
import lib.agents.Launcher;
import lib.agents.NpmInstall;
import lib.agents.ProviderCheck;
import lib.agents.Renewal;
import lib.agents.SettingsFile;
import lib.agents.TokenSource;
import lib.auth.Tokens;
import lib.config.Settings;
import lib.providers.Lookup;
import lib.providers.Provider;
import lib.providers.ProxyUrl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai run claude`.
@Command(name = "claude", description = "Launches Claude Code through the AI Gateway.",
        footer = {"", "What stands behind -- goes to Claude Code as it is.", "", "Examples:", "  rpkai run claude -L anthropic", "  rpkai run claude -L anthropic -m claude-sonnet-4-6 -- -p \"Say hello\""})
final class RunClaudeCommand implements Callable<Integer> {
    @Option(names = {"-L", "--llmprovider"}, paramLabel = "PROVIDER", description = "The provider (required): anthropic or bedrock.")
    String providerName;

    @Option(names = {"-m", "--model"}, paramLabel = "MODEL", description = "The model; for Bedrock an inference-profile id. Default: Claude Code's own.")
    String model;

    @Option(names = "--passthrough", description = "Your own Claude subscription goes through, where the provider can't be read.")
    boolean passthrough;

    @Option(names = "--bedrock", description = "The gateway signs for AWS Bedrock, where the provider can't be read.")
    boolean bedrock;

    @Option(names = "--claude-config-dir", paramLabel = "DIR", description = "This CLAUDE_CONFIG_DIR instead of the real one.")
    Path configDir;

    @Option(names = "--print-settings", description = "Print the settings and the environment of the launch, then exit.")
    boolean printSettings;

    @Option(names = "--install-agent", description = "Install Claude Code with npm when it is not on the PATH.")
    boolean installAgent;

    @Option(names = "--embedded", description = "Use a gateway in this process in spite of a configured environment.")
    boolean embedded;

    @Parameters(paramLabel = "CLAUDE_ARGS", description = "Claude Code's own arguments, behind --.")
    List<String> args = new ArrayList<>();

    private final Context context;

    RunClaudeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var settings = context.settings(embedded);
        if (passthrough && bedrock) throw ClaudeMode.exclusive();
        try (var session = GatewaySession.open(context, settings)) {
            if (providerName == null) throw ProviderCheck.missing(ClaudeCode.TYPES, session.providers());
            var plan = plan(settings, session);
            if (printSettings) {
                context.host().out().println(plan.toJson().toPrettyString());
                return 0;
            }
            var host = context.host();
            var program = installAgent ? NpmInstall.ensure(ClaudeCode.BINARY, host) : ClaudeCode.BINARY.require(host);
            var after = session.running().isPresent() ? Launcher.After.CLEAN_UP : Launcher.After.NOTHING;
            return new Launcher(host, context.inheritedFiles()).launch(plan, program, after);
        }
    }

    private LaunchPlan plan(Settings settings, GatewaySession session) {
        var host = context.host();
        var provider = provider(session);
        var decision = ClaudeMode.decide(provider, passthrough, bedrock);
        var config = Optional.ofNullable(configDir).map(host.cwd()::resolve);
        var plan = ClaudeCode.plan(new ClaudeCode.Launch(
                ProxyUrl.of(session.url(), providerName), decision.mode(), provider, token(settings, session, decision.mode()), Optional.ofNullable(model),
                config, args, SettingsFile.find(host, config), host.env(), host.cwd()));
        return plan.warning(decision.warnings());
    }

    /// The provider, as far as it can be read. Printing the settings is for finding out why a launch fails: there a
    /// gateway that does not answer is no reason to stop.
    private Optional<Provider> provider(GatewaySession session) {
        try {
            return switch (ProviderCheck.require(providerName, ClaudeCode.TYPES, ClaudeCode.BINARY.title(), session.providers())) {
                case Lookup.Found(var found) -> Optional.of(found);
                case Lookup.Unreadable _ -> Optional.empty();
            };
        } catch (UserError e) {
            if (!printSettings || e.exitCode() == UserError.USAGE) throw e;
            context.host().warn(e.line());
            return Optional.empty();
        }
    }

    private TokenSource token(Settings settings, GatewaySession session, ClaudeMode mode) {
        if (session.bearer().isPresent()) return new TokenSource.Session(session.bearer().get());
        var tokens = session.tokens().orElseThrow();
        return mode == ClaudeMode.PASSTHROUGH
                ? TokenSource.fixed(tokens, context.host(), printSettings)
                : TokenSource.of(tokens, settings, context.host(), printSettings);
    }
}
