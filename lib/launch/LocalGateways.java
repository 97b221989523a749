package lib.launch;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import lib.api.Provider;
import lib.base.Host;
import lib.base.Secret;
import lib.startup.GatewayClasses;
import lib.usage.Call;

/// Starts the gateways of launches. Its implementation is part of the gateway, which launches through a configured
/// gateway do without, see [GatewayClasses].
///
///     LocalGateways.load(host).embedded(new Use(host, Secret.random(), Optional.empty(), Optional.empty()))
public interface LocalGateways {
    /// The implementation.
    static LocalGateways load(Host host) {
        return GatewayClasses.create(LocalGateways.class, "lib.gateway.local.GatewaysOfLaunches", host);
    }

    /// How a launch uses its gateway.
    ///
    /// @param host the machine
    /// @param bearer the token that guards it
    /// @param calls the listener that is told of every call
    /// @param first the provider to whose upstream it connects at once
    record Use(Host host, Secret bearer, Optional<Consumer<Call>> calls, Optional<String> first) {}

    /// The gateway behind a relay.
    ///
    /// @param url the proxy URL of the provider
    /// @param token its token, asked for at every request
    /// @param headers the headers that the relay adds
    record Target(URI url, Supplier<Optional<Secret>> token, Map<String, String> headers) {}

    /// Starts a gateway with the providers of this machine.
    LocalGateway embedded(Use use);

    /// Starts a relay, which serves that provider alone.
    LocalGateway relay(Provider provider, Target target, Use use);
}
