package lib.startup.training;

import java.net.URI;
import lib.base.Host;
import lib.startup.GatewayClasses;

/// The two gateways of a training run, with the demo model. Real gateways and upstreams are reached over TLS, and so
/// is one of these.
///
///     try (var gateways = TrainingGateways.start(host, TrainingHome.token())) { gateways.plain(); }
public interface TrainingGateways extends AutoCloseable {
    /// Starts them. They are part of the gateway, see [GatewayClasses].
    ///
    /// @param token the token that guards them
    static TrainingGateways start(Host host, String token) {
        return GatewayClasses.create(Starter.class, "lib.gateway.local.GatewaysOfTraining", host)
                .start(token);
    }

    /// No gateways: nothing listens on their addresses.
    static TrainingGateways none() {
        return new TrainingGateways() {
            @Override
            public URI plain() {
                return URI.create("http://127.0.0.1:9");
            }

            @Override
            public URI secured() {
                return URI.create("https://localhost:9");
            }

            @Override
            public String authority() {
                return "";
            }

            @Override
            public void close() {}
        };
    }

    /// What starts them.
    interface Starter {
        TrainingGateways start(String token);
    }

    /// The address of the one without TLS.
    URI plain();

    /// The address of the one with TLS.
    URI secured();

    /// The certificate authority of the second one, as PEM.
    String authority();

    @Override
    void close();
}
