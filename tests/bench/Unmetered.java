package tests.bench;

import java.time.Duration;
import java.util.Optional;
import lib.Host;
import lib.gateway.Callers;
import lib.gateway.EmbeddedGateway;
import lib.gateway.GatewayConfig;
import lib.gateway.MachineProviders;
import lib.gateway.Operations;
import lib.gateway.state.GatewayState;
import lib.gateway.telemetry.AccessLog;
import lib.gateway.telemetry.Metrics;
import lib.install.OldGeneration;

/// The gateway as `rpkai gateway` runs it, except that nobody reads, counts or keeps what its calls use: what metering costs
/// is what lies between the two.
final class Unmetered {
    private Unmetered() {}

    /// @param args the port
    public static void main(String... args) throws InterruptedException {
        var host = Host.system();
        OldGeneration.keepSmall();
        var metrics = new Metrics();
        var config = GatewayConfig.local(MachineProviders.from(host.env()), Callers.ANYONE).reachingFrom(host)
                .listeningOn("127.0.0.1", Integer.parseInt(args[0]))
                .operated(new Operations(Optional.of(AccessLog.to(System.out)), Optional.of(metrics), 4096, Operations.SENDING, Duration.ZERO, (_, _) -> {}));
        try (var state = GatewayState.open(host.cwd().resolve("unmetered"), host); var _ = EmbeddedGateway.start(config.keeping(state))) {
            Thread.sleep(Duration.ofDays(1));
        }
    }
}
