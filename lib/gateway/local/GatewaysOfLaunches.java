package lib.gateway.local;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import lib.api.Provider;
import lib.api.Providers;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.catalog.MachineProviders;
import lib.gateway.config.GatewayConfig;
import lib.gateway.demo.DemoScript;
import lib.gateway.exchange.CallListener;
import lib.gateway.upstream.Upstream;
import lib.launch.LocalGateway;
import lib.launch.LocalGateways;

/// Starts the gateways of launches.
public final class GatewaysOfLaunches implements LocalGateways {
    @Override
    public LocalGateway embedded(Use use) {
        var hosted = MachineProviders.from(use.host().env());
        use.host()
                .trace()
                .log(() -> "found on this machine: providers "
                        + String.join(
                                ", ",
                                hosted.stream()
                                        .map(each -> each.provider().name())
                                        .toList()));
        return start(config(hosted, use).withDemoScript(DemoScript.of(use.host(), Optional.empty())), use);
    }

    @Override
    public LocalGateway relay(Provider provider, Target target, Use use) {
        var hosted = new HostedProvider(provider, Upstream.gateway(target.url(), target.token(), target.headers()));
        return start(config(List.of(hosted), use), use);
    }

    private static GatewayConfig config(List<HostedProvider> hosted, Use use) {
        return GatewayConfig.local(hosted, Authenticator.bearer(use.bearer()))
                .withUpstreamsOf(use.host())
                .withFirstProvider(use.first());
    }

    private static LocalGateway start(GatewayConfig config, Use use) {
        return new Running(EmbeddedGateway.start(use.calls()
                .map(calls -> config.withCallListener(
                        new CallListener(calls, use.host().clock())))
                .orElse(config)));
    }

    /// A gateway as a launch knows it.
    private record Running(EmbeddedGateway gateway) implements LocalGateway {
        @Override
        public URI baseUrl() {
            return gateway.baseUrl();
        }

        @Override
        public Providers providers() {
            return gateway.providers();
        }

        @Override
        public void close() {
            gateway.close();
        }
    }
}
