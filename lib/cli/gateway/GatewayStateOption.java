package lib.cli.gateway;

import java.nio.file.Path;
import java.util.Optional;
import lib.base.Host;
import lib.gateway.state.GatewayState;
import lib.gateway.state.SecretVariables;
import picocli.CommandLine.Option;

/// Where a gateway's state is: what `rpkai gateway`, the commands below it and `rpkai secret` share.
public final class GatewayStateOption {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "The folder for providers, secrets and accounts (default ~/.rpai/gateway).")
    Path folder;

    public GatewayState open(Host host) {
        return open(host, SecretVariables.USUAL);
    }

    /// @param variables those that references may name
    GatewayState open(Host host, SecretVariables variables) {
        return GatewayState.open(
                Optional.ofNullable(folder).map(host.cwd()::resolve).orElseGet(() -> GatewayState.folder(host)),
                host,
                variables);
    }
}
