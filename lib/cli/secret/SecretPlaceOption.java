package lib.cli.secret;

import lib.api.resource.GatewaySecrets;
import lib.base.Host;
import lib.cli.base.Context;
import lib.cli.gateway.SealingKeyOption;
import lib.config.Settings;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The flags that choose whose secrets a command handles: those of the configured gateway, or of the one on
/// this machine.
final class SecretPlaceOption {
    @Option(names = "--local", description = "Use the gateway on this machine even if another one is configured.")
    boolean local;

    @Option(
            names = "--state",
            paramLabel = "DIR|URL",
            description = "Use the state in this folder, or in the database postgresql://USER@HOST/DATABASE with the "
                    + "password in PGPASSWORD (default ~/.rpai/gateway).")
    String place;

    @Mixin
    SealingKeyOption sealingKey;

    /// The settings for the output.
    Settings settings(Context context) {
        return context.settings(local || place != null);
    }

    private StateLocation location(Host host) {
        var key = sealingKey.source(host);
        return StateLocation.named(place == null ? GatewayState.folder(host).toString() : place, key, host);
    }

    SecretPlace open(Context context, Settings settings) {
        var host = context.host();
        if (settings.wantsEmbeddedGateway())
            return new SecretPlace.Local(GatewayState.open(location(host), host, SecretVariables.USUAL));
        return new SecretPlace.Remote(new GatewaySecrets(context.writable(settings)));
    }
}
