package lib.doctor;

import java.net.URI;
import lib.api.Providers;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.Settings;

/// The gateway that the launch would use, as far as the settings tell.
///
///     InspectedGateway.of(settings)   // Remote[settings=…, url=https://aigw.example]
public sealed interface InspectedGateway {
    /// The settings can't be read, and nothing is known of a gateway.
    record Unknown(UserError why) implements InspectedGateway {}

    /// The settings choose an environment that has no gateway's URL.
    record WithoutUrl(Settings settings, UserError why) implements InspectedGateway {}

    /// A gateway elsewhere.
    record Remote(Settings settings, URI url) implements InspectedGateway {}

    /// A gateway in this process, which needs no network and no sign-in.
    ///
    /// @param bearer the key that guards it
    record Embedded(Settings settings, URI url, Providers providers, Secret bearer) implements InspectedGateway {}

    /// The configured one.
    static InspectedGateway of(Settings settings) {
        try {
            return new Remote(settings, settings.gateway());
        } catch (UserError notReady) {
            return new WithoutUrl(settings, notReady);
        }
    }
}
