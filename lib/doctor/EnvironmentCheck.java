package lib.doctor;

import lib.UserError;
import lib.config.Settings;

/// Which gateway the settings choose.
final class EnvironmentCheck {
    static final String NAME = "environment";

    private EnvironmentCheck() {}

    static Check of(Settings settings) {
        if (settings.embedded()) return Check.ok(NAME, "the embedded gateway, as --embedded asks");
        if (settings.wantsEmbeddedGateway()) return Check.ok(NAME, "none configured: the embedded gateway is used");
        var from = settings.endpoint().isPresent() ? "--endpoint" : "%s in %s".formatted(settings.profileName().orElse(""), settings.configFile());
        return Check.ok(NAME, from);
    }

    /// The settings can't be made out.
    static Check failed(UserError e) {
        return Check.failed(NAME, e.getMessage(), Hint.of(e));
    }
}
