package lib.cli;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.Host;
import lib.Secret;
import lib.UserError;
import lib.auth.FreshToken;
import lib.auth.Tokens;
import lib.config.Settings;
import lib.gateway.Callers;
import lib.gateway.EmbeddedGateway;
import lib.gateway.GatewayConfig;
import lib.gateway.HostedProvider;
import lib.gateway.MachineProviders;
import lib.gateway.Upstream;
import lib.providers.Connect;
import lib.providers.Lookup;
import lib.providers.Management;
import lib.providers.Provider;
import lib.providers.ProviderType;
import lib.providers.Providers;
import lib.providers.ProxyUrl;

/// The gateway of one launch: the configured one, with a relay to it or without, or one in this process for as long as the
/// agent runs.
///
///     try (var session = GatewaySession.open(context, settings)) { session.providers().list(); }
///
/// @param url the gateway's base URL
/// @param providers what it offers
/// @param tokens where its tokens come from; empty for one in this process
/// @param bearer what guards the one in this process; empty for a configured one
/// @param running the one in this process, to be closed
public record GatewaySession(URI url, Providers providers, Optional<Tokens> tokens, Optional<Secret> bearer, Optional<EmbeddedGateway> running) implements AutoCloseable {

    /// The gateway that the settings name, else one in this process.
    public static GatewaySession open(Context context, Settings settings) {
        return settings.wantsEmbeddedGateway() ? embedded(context.host(), settings) : configured(context, settings);
    }

    private static GatewaySession configured(Context context, Settings settings) {
        var tokens = context.tokens(settings);
        var url = settings.gateway();
        return new GatewaySession(url, new Management(settings.managementApi(), tokens, context.http()), Optional.of(tokens), Optional.empty(), Optional.empty());
    }

    /// The configured gateway behind a relay in this process: the agent gets a bearer that is good for the relay alone,
    /// the gateway's own token stays here and is fresh on every request.
    ///
    /// @param name the provider that the agent is launched on; the relay serves no other
    /// @param types what the agent speaks
    /// @param assumed what the provider is where the gateway does not tell this caller
    static GatewaySession relayed(Context context, Settings settings, String name, Set<ProviderType> types, Provider assumed) {
        var direct = open(context, settings);
        // The embedded gateway is in this process already.
        if (direct.running.isPresent()) return direct;
        var lookup = direct.providers.find(name);
        var provider = lookup instanceof Lookup.Found(var found) && types.contains(found.type()) ? found : assumed;
        var token = new FreshToken(direct.tokens.orElseThrow(), context.host().clock());
        var bearer = Secret.random();
        var hosted = new HostedProvider(provider, Upstream.gateway(ProxyUrl.of(direct.url, name), token::secret));
        var relay = EmbeddedGateway.start(GatewayConfig.local(List.of(hosted), Callers.bearer(bearer)).reachingFrom(context.host()));
        return new GatewaySession(relay.baseUrl(), direct.providers.knowing(name, lookup), Optional.empty(), Optional.of(bearer), Optional.of(relay));
    }

    private static GatewaySession embedded(Host host, Settings settings) {
        if (!settings.embedded()) {
            host.err().println("rpkai: no environment configured, using the embedded gateway (rpkai auth login to use your organisation's)");
        }
        var hosted = MachineProviders.from(host.env());
        var bearer = Secret.random();
        var gateway = EmbeddedGateway.start(GatewayConfig.local(hosted, Callers.bearer(bearer)).reachingFrom(host)
                .saying(DemoScriptOption.script(host, Optional.empty())));
        return new GatewaySession(gateway.baseUrl(), gateway.providers(), Optional.empty(), Optional.of(bearer), Optional.of(gateway));
    }

    /// The configured gateway, for a command that changes what it holds.
    ///
    /// @throws UserError when there is none: what the embedded one has is what this machine has
    public static Connect writable(Context context, Settings settings) {
        if (settings.wantsEmbeddedGateway()) throw new UserError("the embedded gateway's providers are what this machine has", "run rpkai auth login to manage your organisation's");
        return new Connect(settings.managementApi(), context.tokens(settings), context.http());
    }

    /// The calls of its management API.
    public Connect connect(Context context, Settings settings) {
        return bearer.map(own -> new Connect(url, Tokens.fixed(own, context.host().clock()), context.http()))
                .orElseGet(() -> new Connect(settings.managementApi(), tokens.orElseThrow(), context.http()));
    }

    @Override
    public void close() {
        running.ifPresent(EmbeddedGateway::close);
    }
}
