package lib.cli.gateway;

import java.nio.file.Path;
import java.util.Optional;
import lib.base.Host;
import lib.gateway.state.GatewayState;
import lib.gateway.state.SecretVariables;
import picocli.CommandLine.Option;

/// The flag for the folder of a gateway's state, shared by `rpkai gateway`, the commands below it and `rpkai
/// secret`.
public final class GatewayStateOption {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "The folder for providers, secrets and accounts (default ~/.rpai/gateway).")
    Path folder;

    public GatewayState open(Host host) {
        return open(host, SecretVariables.USUAL);
    }

    /// @param variables the variables that references may name
    GatewayState open(Host host, SecretVariables variables) {
        return GatewayState.open(
                Optional.ofNullable(folder).map(host.cwd()::resolve).orElseGet(() -> GatewayState.folder(host)),
                host,
                variables);
    }
}
