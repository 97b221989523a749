package lib.doctor;

import lib.base.UserError;
import lib.config.Settings;

/// Which gateway the settings choose.
final class EnvironmentCheck {
    static final String NAME = "environment";

    private EnvironmentCheck() {}

    static CheckResult of(Settings settings) {
        if (settings.embedded()) return CheckResult.ok(NAME, "the embedded gateway, as --embedded asks");
        if (settings.wantsEmbeddedGateway())
            return CheckResult.ok(NAME, "none configured: the embedded gateway is used");
        var from = settings.endpoint().isPresent()
                ? "--endpoint"
                : "%s in %s".formatted(settings.profileName().orElse(""), settings.configFile());
        return CheckResult.ok(NAME, from);
    }

    /// The settings can't be made out.
    static CheckResult failed(UserError e, InspectedLaunch launch) {
        return CheckResult.failed(NAME, e.getMessage(), launch.step(e.remedy()));
    }
}
