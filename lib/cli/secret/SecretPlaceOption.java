package lib.cli.secret;

import java.nio.file.Path;
import lib.api.resource.GatewaySecrets;
import lib.cli.base.Context;
import lib.config.Settings;
import lib.gateway.state.GatewayState;
import picocli.CommandLine.Option;

/// The flags that choose whose secrets a command handles: those of the configured gateway, or of the one on
/// this machine.
final class SecretPlaceOption {
    @Option(names = "--local", description = "Use the gateway on this machine even if another one is configured.")
    boolean local;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Use the gateway on this machine whose state is in this folder (default " + "~/.rpai/gateway).")
    Path folder;

    /// The settings for the output.
    Settings settings(Context context) {
        return context.settings(local || folder != null);
    }

    SecretPlace open(Context context, Settings settings) {
        var host = context.host();
        if (settings.wantsEmbeddedGateway())
            return new SecretPlace.Local(GatewayState.open(
                    folder == null ? GatewayState.folder(host) : host.cwd().resolve(folder), host));
        return new SecretPlace.Remote(new GatewaySecrets(context.writable(settings)));
    }
}
