package lib.gateway.local;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Map;
import lib.base.Secret;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.MachineProviders;
import lib.gateway.config.GatewayConfig;
import lib.gateway.demo.DemoScript;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.server.LoopbackCertificate;
import lib.startup.training.TrainingGateways;

/// Starts the gateways of training runs.
public final class GatewaysOfTraining implements TrainingGateways.Starter {
    @Override
    public TrainingGateways start(String token) {
        try {
            var certificate = LoopbackCertificate.make();
            var config = GatewayConfig.local(MachineProviders.from(Map.of()), Authenticator.bearer(new Secret(token)))
                    .withDemoScript(DemoScript.standard(), () -> {});
            var endpoint = PublicEndpoint.plain().over(certificate.serving());
            var plain = EmbeddedGateway.start(config);
            var secured = EmbeddedGateway.start(config.withPublicEndpoint(endpoint));
            return new Running(plain, secured, certificate.pem());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JVM has elliptic curves", e);
        }
    }

    /// Two gateways as a training run knows them.
    private record Running(EmbeddedGateway first, EmbeddedGateway second, String authority)
            implements TrainingGateways {
        @Override
        public URI plain() {
            return first.baseUrl();
        }

        @Override
        public URI secured() {
            return URI.create("https://" + LoopbackCertificate.HOST + ":"
                    + second.baseUrl().getPort());
        }

        @Override
        public void close() {
            second.close();
            first.close();
        }
    }
}
