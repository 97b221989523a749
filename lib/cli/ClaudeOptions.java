package lib.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.UserError;
import lib.agents.LaunchPlan;
import lib.agents.ProviderCheck;
import lib.agents.TokenSource;
import lib.agents.claude.ClaudeCode;
import lib.agents.claude.ClaudeMode;
import lib.agents.claude.SettingsFile;
import lib.config.Settings;
import lib.providers.Lookup;
import lib.providers.Provider;
import lib.providers.ProviderType;
import lib.providers.ProxyUrl;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What decides a launch of Claude Code: the flags of `run claude`, which `explain claude` takes too.
final class ClaudeOptions {
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

    @Option(names = "--embedded", description = "Use a gateway in this process in spite of a configured environment.")
    boolean embedded;

    @Option(names = "--broker", description = "Keep the gateway token in rpkai: a relay on this machine puts it on each request, always fresh, and nothing that the agent starts can read it.")
    boolean broker;

    @Parameters(paramLabel = "CLAUDE_ARGS", description = "Claude Code's own arguments, behind --.")
    List<String> args = new ArrayList<>();

    /// What the plan is made from, and what was ignored on the way.
    record Prepared(ClaudeCode.Launch launch, List<String> warnings) {
        LaunchPlan plan() {
            return ClaudeCode.plan(launch).warning(warnings);
        }
    }

    /// @throws UserError for flags that exclude each other, before anything else is asked
    Settings settings(Context context) {
        if (passthrough && bedrock) throw ClaudeMode.exclusive();
        return context.settings(embedded);
    }

    GatewaySession session(Context context, Settings settings) {
        if (!broker || providerName == null) return GatewaySession.open(context, settings);
        var type = bedrock ? ProviderType.BEDROCK : ProviderType.ANTHROPIC;
        return GatewaySession.relayed(context, settings, providerName, ClaudeCode.TYPES, new Provider(ProxyUrl.checked(providerName), "", type, List.of(), true, "", passthrough));
    }

    /// Reads the provider, decides the mode and gets the token.
    ///
    /// @param tentative whether this is for showing only: then a gateway or a sign-in that fails is a warning, since one
    ///     asks for the plan to find out why a launch fails
    Prepared prepare(Context context, Settings settings, GatewaySession session, boolean tentative) {
        if (providerName == null) throw ProviderCheck.missing(ClaudeCode.TYPES, session.providers());
        var host = context.host();
        var provider = provider(context, session, tentative);
        var decision = ClaudeMode.decide(provider, passthrough, bedrock);
        var config = Optional.ofNullable(configDir).map(host.cwd()::resolve);
        var launch = new ClaudeCode.Launch(
                ProxyUrl.of(session.url(), providerName), decision.mode(), provider, token(context, settings, session, decision.mode(), tentative),
                Optional.ofNullable(model), config, args, SettingsFile.find(host, config), host.env(), host.cwd());
        return new Prepared(launch, decision.warnings());
    }

    private Optional<Provider> provider(Context context, GatewaySession session, boolean tentative) {
        try {
            return switch (ProviderCheck.require(providerName, ClaudeCode.TYPES, ClaudeCode.BINARY.title(), session.providers())) {
                case Lookup.Found(var found) -> Optional.of(found);
                case Lookup.Unreadable _ -> Optional.empty();
            };
        } catch (UserError e) {
            if (!tentative || e.exitCode() == UserError.USAGE) throw e;
            context.host().warn(e.line());
            return Optional.empty();
        }
    }

    private static TokenSource token(Context context, Settings settings, GatewaySession session, ClaudeMode mode, boolean tentative) {
        if (session.bearer().isPresent()) return new TokenSource.Session(session.bearer().get());
        var tokens = session.tokens().orElseThrow();
        return mode == ClaudeMode.PASSTHROUGH ? TokenSource.fixed(tokens, context.host(), tentative) : TokenSource.of(tokens, settings, context.host(), tentative);
    }
}
