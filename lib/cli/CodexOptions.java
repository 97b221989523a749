package lib.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import lib.Host;
import lib.Secret;
import lib.UserError;
import lib.agents.ProviderCheck;
import lib.agents.codex.Codex;
import lib.agents.codex.CodexToken;
import lib.agents.codex.Effort;
import lib.agents.codex.LastingHome;
import lib.config.AuthMode;
import lib.config.Settings;
import lib.providers.Lookup;
import lib.providers.Provider;
import lib.providers.ProviderType;
import lib.providers.ProxyUrl;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What decides a launch of Codex: the flags of `run codex`, which `explain codex` takes too.
final class CodexOptions {
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

    @Option(names = "--embedded", description = "Use a gateway in this process in spite of a configured environment.")
    boolean embedded;

    @Option(names = "--broker", description = "Keep the gateway token in rpkai: a relay on this machine puts it on each request, always fresh, and nothing that the agent starts can read it.")
    boolean broker;

    @Parameters(paramLabel = "CODEX_ARGS", description = "Codex's own arguments, behind --.")
    List<String> args = new ArrayList<>();

    /// Checks what can be checked before anybody is asked.
    Settings settings(Context context) {
        var settings = context.settings(embedded);
        effort();
        if (settings.authMode() == AuthMode.TOKEN && !settings.wantsEmbeddedGateway() && !broker) throw staticToken();
        Codex.check(args, codexHome != null);
        if (codexHome != null) LastingHome.checked(codexHome, context.host());
        return settings;
    }

    GatewaySession session(Context context, Settings settings) {
        if (!broker || providerName == null) return GatewaySession.open(context, settings);
        return GatewaySession.relayed(context, settings, providerName, Codex.TYPES, new Provider(ProxyUrl.checked(providerName), "", ProviderType.OPENAI, List.of(), true, "", false));
    }

    /// A launch through that gateway, in a home that is yet to be made: there is none to make where this fails.
    Function<Path, Codex.Launch> launch(Context context, Settings settings, GatewaySession session) {
        if (providerName == null) throw ProviderCheck.missing(Codex.TYPES, session.providers());
        var provider = provider(session);
        var token = session.bearer().<CodexToken>map(CodexToken.Variable::new).orElseGet(() -> CodexToken.of(session.tokens().orElseThrow(), settings, context.host()));
        return home -> launch(context, ProxyUrl.of(session.url(), providerName), provider, token, home);
    }

    /// What is shown of a launch without asking anyone, neither the gateway nor Codex.
    Codex.Launch unasked(Context context, Settings settings) {
        if (providerName == null) throw UserError.usage("--llmprovider is required", "name one with -L; rpkai llm list shows them");
        var embeddedGateway = settings.wantsEmbeddedGateway() || broker;
        // Its port is known when it runs.
        var gateway = embeddedGateway ? URI.create("http://127.0.0.1:0") : settings.gateway();
        var token = embeddedGateway ? new CodexToken.Variable(new Secret("")) : CodexToken.unasked(settings, context.host());
        return launch(context, ProxyUrl.of(gateway, providerName), Optional.empty(), token, Path.of(codexHome == null ? "" : codexHome));
    }

    private Codex.Launch launch(Context context, URI proxyUrl, Optional<Provider> provider, CodexToken token, Path home) {
        var host = context.host();
        var cwd = real(host.cwd());
        return new Codex.Launch(
                proxyUrl, provider, token, Optional.ofNullable(model), effort(), home, codexHome != null, !noAutoTrust, repository(cwd, host), args, host.env(), cwd);
    }

    private Optional<Effort> effort() {
        return Optional.ofNullable(effort).map(Effort::of);
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
                "add --broker, or run rpkai auth login and leave the token out");
    }
}
