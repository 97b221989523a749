package lib.launch;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import lib.agents.Agent;
import lib.agents.LaunchRequest;
import lib.agents.credential.AgentCredential;
import lib.api.ConnectClient;
import lib.api.Provider;
import lib.api.ProviderClient;
import lib.api.Providers;
import lib.api.ProxyUrl;
import lib.auth.TokenCache;
import lib.auth.Tokens;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.AuthMode;
import lib.config.Settings;
import lib.http.Http;
import lib.usage.Call;

/// The gateway of one launch: the configured one, with or without a relay in front of it, or one in this
/// process for as long as the agent runs.
///
///     try (var session = GatewaySession.open(host, http, settings)) { session.providers().list(); }
///
/// @param url the gateway's base URL
/// @param providers the gateway's providers
/// @param tokens the source of its tokens; empty for a gateway in this process
/// @param bearer the token that guards the gateway in this process; empty for a configured one
/// @param running the gateway or relay in this process, which the session closes
public record GatewaySession(
        URI url, Providers providers, Optional<Tokens> tokens, Optional<Secret> bearer, Optional<LocalGateway> running)
        implements AutoCloseable {

    /// Opens the gateway that the settings name, or starts one in this process if they name none.
    public static GatewaySession open(Host host, Http http, Settings settings) {
        return open(host, http, settings, Optional.empty(), Optional.empty());
    }

    private static GatewaySession open(
            Host host, Http http, Settings settings, Optional<Consumer<Call>> meter, Optional<String> first) {
        host.trace()
                .log(() -> settings.wantsEmbeddedGateway()
                        ? "using the embedded gateway: "
                                + (settings.embedded() ? "--embedded" : "no environment is configured")
                        : "using the configured gateway");
        return settings.wantsEmbeddedGateway()
                ? embedded(host, settings, meter, first)
                : configured(host, http, settings);
    }

    /// Opens the gateway for that agent, behind a relay if the agent needs one or the user asked for it.
    ///
    /// @param meter the listener that is told of every call through this process
    /// @param isLaunched whether the agent will be started. A gateway in this process then connects to its upstream
    ///     meanwhile
    static GatewaySession open(
            LaunchRunner launch, Settings settings, Optional<Consumer<Call>> meter, boolean isLaunched) {
        var agent = launch.agent();
        var request = launch.request();
        var host = launch.host();
        var first = request.provider().filter(_ -> isLaunched);
        var direct = open(host, launch.http(), settings, meter, first);
        // The embedded gateway already runs in this process.
        if (direct.running.isPresent() || request.provider().isEmpty() || !isRelayed(agent, request, settings))
            return direct;
        if (settings.authMode() == AuthMode.TOKEN) AgentCredential.warnOfItsEnd(direct.tokens.orElseThrow(), host);
        return direct.behindRelay(agent, request, host, meter, first);
    }

    /// Returns whether the traffic of a launch through a configured gateway passes this process: because the
    /// agent needs that, because the user wants it, or because the agent would otherwise need one of rpkai's
    /// secrets to ask for the next token itself.
    static boolean isRelayed(Agent agent, LaunchRequest request, Settings settings) {
        return agent.needsRelay() || request.isRelayed() || settings.isTokenKeptHere();
    }

    private static GatewaySession configured(Host host, Http http, Settings settings) {
        var tokens = Tokens.of(settings, host, http);
        var url = settings.gateway();
        return new GatewaySession(
                url,
                new ProviderClient(settings.managementApi(), tokens, http),
                Optional.of(tokens),
                Optional.empty(),
                Optional.empty());
    }

    /// Opens the configured gateway behind a relay in this process. The agent gets a bearer that works for the
    /// relay alone; the gateway's own token stays here and is fresh on every request.
    ///
    /// @param request names the provider; the relay serves no other
    private GatewaySession behindRelay(
            Agent agent, LaunchRequest request, Host host, Optional<Consumer<Call>> meter, Optional<String> first) {
        var name = request.provider().orElseThrow();
        var assumed = Provider.of(ProxyUrl.checked(name), agent.usual())
                .withOption(Provider.Option.PASSTHROUGH, agent.passesCredentials());
        var known = known(name);
        var provider = known.provider()
                .filter(found -> agent.types().contains(found.type()))
                .orElse(assumed);
        var token = new TokenCache(tokens.orElseThrow(), host.clock());
        var random = Secret.random();
        var headers = request.conversation()
                .map(conversation -> Map.of(LaunchRequest.CONVERSATION, conversation))
                .orElse(Map.of());
        host.trace()
                .log(() -> "a relay in this process keeps the gateway token: "
                        + (request.isRelayed() ? "requested" : "the agent cannot renew it"));
        var relay = LocalGateways.load(host)
                .relay(
                        provider,
                        new LocalGateways.Target(ProxyUrl.of(url, name), token::secret, headers),
                        new LocalGateways.Use(host, random, meter, first));
        return new GatewaySession(
                relay.baseUrl(), known.providers(), Optional.empty(), Optional.of(random), Optional.of(relay));
    }

    /// The provider as far as it is known before the launch, and the providers with that look-up in them.
    private record Known(Optional<Provider> provider, Providers providers) {}

    /// Looks up the provider. A failed look-up fails again for the next caller, while a plan that is only shown
    /// continues without it.
    private Known known(String name) {
        try {
            var lookup = providers.find(name);
            return new Known(lookup.provider(), providers.knowing(name, lookup));
        } catch (UserError e) {
            return new Known(Optional.empty(), providers.failing(name, e));
        }
    }

    private static GatewaySession embedded(
            Host host, Settings settings, Optional<Consumer<Call>> meter, Optional<String> first) {
        if (!settings.embedded()) {
            host.err()
                    .println("rpkai: no environment is configured, using the embedded gateway (run rpkai "
                            + "auth login to use your organisation's)");
        }
        var bearer = Secret.random();
        var gateway = LocalGateways.load(host).embedded(new LocalGateways.Use(host, bearer, meter, first));
        return new GatewaySession(
                gateway.baseUrl(), gateway.providers(), Optional.empty(), Optional.of(bearer), Optional.of(gateway));
    }

    /// The configured gateway, for a command that changes its data.
    ///
    /// @throws UserError when there is none; the embedded gateway takes its data from this machine
    public static ConnectClient writable(Host host, Http http, Settings settings) {
        if (settings.wantsEmbeddedGateway())
            throw new UserError(
                    "the providers of the embedded gateway come from this machine",
                    "run rpkai auth login to manage your organisation's");
        return new ConnectClient(settings.managementApi(), Tokens.of(settings, host, http), http);
    }

    /// A client for its management API.
    public ConnectClient connect(Host host, Http http, Settings settings) {
        return bearer.map(own -> new ConnectClient(url, Tokens.fixed(own, host.clock()), http))
                .orElseGet(() -> new ConnectClient(settings.managementApi(), tokens.orElseThrow(), http));
    }

    @Override
    public void close() {
        running.ifPresent(LocalGateway::close);
    }
}
