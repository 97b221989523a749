package lib.cli;

import lib.UserError;
import lib.gateway.Callers;
import lib.http.ProxyVariables;
import picocli.CommandLine.Option;

/// Who may call `rpkai gateway`.
final class GatewayAuth {
    /// The ways to find out.
    enum Mode { none }

    @Option(names = "--auth", paramLabel = "MODE", defaultValue = "none", description = "Who may call: none (everyone on this machine, nobody else).")
    Mode mode;

    /// @throws UserError where everyone on the network could call
    Callers callers(GatewayAddress address) {
        if (!address.isLoopback()) throw forEveryone(address.listen);
        address.publicUrl().filter(url -> !ProxyVariables.isLoopback(url.getHost())).ifPresent(url -> {
            throw forEveryone(url.toString());
        });
        return Callers.ANYONE;
    }

    private static UserError forEveryone(String reached) {
        return UserError.usage("--auth none would serve everyone who can reach " + reached, "listen on 127.0.0.1");
    }
}
