package lib.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import lib.Host;
import lib.Secret;
import lib.UserError;
import lib.agents.Codex;
import lib.agents.CodexProgram;
import lib.agents.CodexToken;
import lib.agents.Effort;
import lib.agents.LastingHome;
import lib.agents.Launcher;
import lib.agents.ProviderCheck;
import lib.agents.ThrowawayHome;
import lib.config.AuthMode;
import lib.config.Settings;
import lib.providers.Lookup;
import lib.providers.Provider;
import lib.providers.ProxyUrl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai run codex`.
@Command(name = "codex", description = "Launches Codex through the AI Gateway.",
        footer = {"", "What stands behind -- goes to Codex, unless it would leave the gateway.", "", "Examples:", "  rpkai run codex -L openai", "  rpkai run codex -L openai -m gpt-6.1-sol -e high -- exec \"Say hello\"",
                "  rpkai run codex -L openai --codex-home ~/codex-work -- resume"})
final class RunCodexCommand implements Callable<Integer> {
    @Option(names = {"-L", "--llmprovider"}, paramLabel = "PROVIDER", description = "The provider (required): openai or openai_compatible.")
    String providerName;

    @Option(names = {"-m", "--model"}, paramLabel = "MODEL", description = "The model. Default: Codex's own.")
    String model;

    @Option(names = {"-e", "--effort"}, paramLabel = "EFFORT", description = "Reasoning effort: minimal, low, medium or high.")
    String effort;

    @Option(names = "--codex-home", paramLabel = "DIR", description = "A CODEX_HOME that stays, so that sessions can be resumed; its config.toml is made anew. Default: one for this session alone.")
    String codexHome;

    @Option(names = "--no-auto-trust", description = "Leave it to Codex to ask whether this folder is trusted.")
    boolean noAutoTrust;

    @Option(names = "--print-config", description = "Print the config.toml of the launch, then exit.")
    boolean printConfig;

    @Option(names = "--install-agent", description = "Install Codex with npm when it is not on the PATH, or too old.")
    boolean installAgent;

    @Option(names = "--embedded", description = "Use a gateway in this process in spite of a configured environment.")
    boolean embedded;

    @Parameters(paramLabel = "CODEX_ARGS", description = "Codex's own arguments, behind --.")
    List<String> args = new ArrayList<>();

    private final Context context;

    RunCodexCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var settings = context.settings(embedded);
        var host = context.host();
        var thinking = Optional.ofNullable(effort).map(Effort::of);
        if (settings.authMode() == AuthMode.TOKEN && !settings.wantsEmbeddedGateway()) throw staticToken();
        Codex.check(args, codexHome != null);
        if (codexHome != null) LastingHome.checked(codexHome, host);
        if (printConfig) {
            host.out().print(Codex.configuration(shown(settings, thinking)));
            return 0;
        }
        try (var session = GatewaySession.open(context, settings)) {
            if (providerName == null) throw ProviderCheck.missing(Codex.TYPES, session.providers());
            var provider = provider(session);
            var token = session.bearer().<CodexToken>map(CodexToken.Variable::new).orElseGet(() -> CodexToken.of(session.tokens().orElseThrow(), settings, host));
            var program = CodexProgram.find(host, installAgent);
            if (codexHome == null) {
                try (var home = ThrowawayHome.create(host)) {
                    return launch(launch(ProxyUrl.of(session.url(), providerName), provider, token, thinking, home.path()), program, Launcher.After.CLEAN_UP);
                }
            }
            var after = session.running().isPresent() ? Launcher.After.CLEAN_UP : Launcher.After.NOTHING;
            return launch(launch(ProxyUrl.of(session.url(), providerName), provider, token, thinking, LastingHome.prepare(codexHome, host)), program, after);
        }
    }

    private int launch(Codex.Launch launch, CodexProgram program, Launcher.After after) {
        var host = context.host();
        var plan = Codex.plan(launch);
        var path = program.require(plan.environment(host.env()));
        plan.files().forEach((file, text) -> LastingHome.write(file, text).ifPresent(kept -> host.warn("%s was not made by rpkai and is now %s".formatted(file, kept))));
        return new Launcher(host, context.inheritedFiles()).launch(plan, path, after);
    }

    /// What `--print-config` shows: nobody is asked for anything, neither the gateway nor Codex.
    private Codex.Launch shown(Settings settings, Optional<Effort> thinking) {
        if (providerName == null) throw UserError.usage("--llmprovider is required", "name one with -L; rpkai llm list shows them");
        var embeddedGateway = settings.wantsEmbeddedGateway();
        // Its port is known when it runs.
        var gateway = embeddedGateway ? URI.create("http://127.0.0.1:0") : settings.gateway();
        var token = embeddedGateway ? new CodexToken.Variable(new Secret("")) : CodexToken.unasked(settings, context.host());
        return launch(ProxyUrl.of(gateway, providerName), Optional.empty(), token, thinking, Path.of(""));
    }

    private Codex.Launch launch(URI proxyUrl, Optional<Provider> provider, CodexToken token, Optional<Effort> thinking, Path home) {
        var host = context.host();
        var cwd = real(host.cwd());
        return new Codex.Launch(
                proxyUrl, provider, token, Optional.ofNullable(model), thinking, home, codexHome != null, !noAutoTrust, repository(cwd, host), args, host.env(), cwd);
    }

    private Optional<Provider> provider(GatewaySession session) {
        return switch (ProviderCheck.require(providerName, Codex.TYPES, Codex.BINARY.title(), session.providers())) {
            case Lookup.Found(var found) -> Optional.of(found);
            case Lookup.Unreadable _ -> Optional.empty();
        };
    }

    /// The folder's own settings for Codex, which came with somebody's code; in the user's home they are the user's.
    private static Optional<Path> repository(Path cwd, Host host) {
        return Optional.of(cwd.resolve(".codex")).filter(dir -> Files.exists(dir, LinkOption.NOFOLLOW_LINKS) && !cwd.equals(real(host.home())));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private static UserError staticToken() {
        return UserError.usage(
                "a static token (--token, RPAI_TOKEN, auth_mode token) does not go with Codex: the command that gives it a fresh token would have to carry it, on disk and in the process list",
                "run rpkai auth login and leave the token out");
    }
}
