package lib.cli.gateway;

import java.util.Optional;
import lib.base.Host;
import lib.gateway.sealing.KeySource;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import picocli.CommandLine.Option;

/// The flag for the place of a gateway's state, shared by `rpkai gateway`, the commands below it and `rpkai
/// secret`.
public final class GatewayStateOption {
    @Option(
            names = "--state",
            paramLabel = "DIR|URL",
            description = "Where providers, secrets and accounts are stored: a folder, or "
                    + "postgresql://USER@HOST/DATABASE with the password in PGPASSWORD (default ~/.rpai/gateway).")
    String place;

    /// Returns the place that is named, or this machine's own folder.
    ///
    /// @param sealingKey for the secrets of a state in PostgreSQL
    /// @throws lib.base.UserError for a URL of a database that rpkai does not support
    public StateLocation location(Optional<KeySource> sealingKey, Host host) {
        return StateLocation.named(
                Optional.ofNullable(place)
                        .orElseGet(() -> GatewayState.folder(host).toString()),
                sealingKey,
                host);
    }

    /// Opens the state for a command that needs no secret.
    public GatewayState open(Host host) {
        return GatewayState.open(location(Optional.empty(), host), host, SecretVariables.USUAL);
    }
}
