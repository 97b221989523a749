package lib.cli;

import java.net.URI;
import java.util.Optional;
import lib.Host;
import lib.Secret;
import lib.auth.Tokens;
import lib.config.Settings;
import lib.gateway.Callers;
import lib.gateway.EmbeddedGateway;
import lib.gateway.GatewayConfig;
import lib.gateway.MachineProviders;
import lib.providers.Management;
import lib.providers.Providers;

/// The gateway of one launch: the configured one, or one in this process for as long as the agent runs.
///
///     try (var session = GatewaySession.open(context, settings)) { session.providers().list(); }
///
/// @param url the gateway's base URL
/// @param providers what it offers
/// @param tokens where its tokens come from; empty for the embedded one
/// @param bearer what guards the embedded one; empty for a configured one
/// @param running the embedded one, to be closed
record GatewaySession(URI url, Providers providers, Optional<Tokens> tokens, Optional<Secret> bearer, Optional<EmbeddedGateway> running) implements AutoCloseable {

    static GatewaySession open(Context context, Settings settings) {
        return settings.wantsEmbeddedGateway() ? embedded(context.host(), settings) : configured(context, settings);
    }

    private static GatewaySession configured(Context context, Settings settings) {
        var tokens = context.tokens(settings);
        var url = settings.gateway();
        return new GatewaySession(url, new Management(url, tokens, context.http()), Optional.of(tokens), Optional.empty(), Optional.empty());
    }

    private static GatewaySession embedded(Host host, Settings settings) {
        if (!settings.embedded()) {
            host.err().println("rpkai: no environment configured, using the embedded gateway (rpkai auth login to use your organisation's)");
        }
        var hosted = MachineProviders.from(host.env());
        var bearer = Secret.random();
        var gateway = EmbeddedGateway.start(GatewayConfig.local(hosted, Callers.bearer(bearer)).reachingFrom(host));
        return new GatewaySession(gateway.baseUrl(), gateway.providers(), Optional.empty(), Optional.of(bearer), Optional.of(gateway));
    }

    @Override
    public void close() {
        running.ifPresent(EmbeddedGateway::close);
    }
}
