package lib.doctor.checks;

import java.util.Optional;
import lib.config.Profile;
import lib.doctor.DoctorContext;

/// The steps that give the launch another gateway's URL.
final class OtherGateway {
    private OtherGateway() {}

    /// The step for a URL that is wrong.
    static String step(DoctorContext context) {
        var settings = context.settings();
        if (settings.endpoint().isPresent()) return "pass the gateway's URL with --endpoint";
        return movedStep(context)
                .orElseGet(
                        () -> settings.profile().flatMap(Profile::environmentId).isPresent()
                                ? "connect to the gateway's network (VPN)"
                                : "edit %s and correct profiles.%s.ai_gateway_url"
                                        .formatted(
                                                settings.configFile(),
                                                settings.profileName().orElse("NAME")));
    }

    /// The command that reads the environment's URL from the control plane again; empty where the URL is the same
    /// there.
    static Optional<String> movedStep(DoctorContext context) {
        return context.route()
                .movedTo()
                .flatMap(_ -> context.settings().profile().flatMap(Profile::environmentId))
                .map(id -> context.launch().localCommand("env use " + id));
    }
}
