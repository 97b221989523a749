package lib.config;

import java.nio.file.Files;
import java.util.Optional;
import lib.base.Host;

/// Writes a debug log of the file, variable or flag that set each of the settings.
final class SettingsTrace {
    private SettingsTrace() {}

    static void log(Settings settings, Flags flags, ConfigFile file, Host host) {
        var trace = host.trace();
        trace.log(() -> "config file %s (%s)%s"
                .formatted(
                        settings.configFile(),
                        from(flags.config(), "--config", "RPAI_CONFIG", host),
                        Files.exists(settings.configFile())
                                ? ", environments: "
                                        + (file.profiles().isEmpty()
                                                ? "none"
                                                : String.join(
                                                        ", ", file.profiles().keySet()))
                                : ", which does not exist"));
        trace.log(() -> "credentials file %s (%s)%s"
                .formatted(
                        settings.credentialsFile(),
                        host.variable("RPAI_CREDENTIALS").isPresent() ? "RPAI_CREDENTIALS" : "next to the config file",
                        Files.exists(settings.credentialsFile()) ? "" : ", which does not exist"));
        trace.log(() -> settings.profileName()
                .map(name -> "environment %s (%s)"
                        .formatted(
                                name,
                                flags.profile().isPresent()
                                        ? "--profile"
                                        : host.variable("RPAI_PROFILE").isPresent()
                                                ? "RPAI_PROFILE"
                                                : "the current one of the config file"))
                .orElse("no environment" + (settings.embedded() ? " (--embedded, or a command that needs none)" : "")));
        trace.log(() -> "AI Gateway "
                + settings.endpoint()
                        .map(url -> Settings.shown(url.toString()) + " (--endpoint)")
                        .or(() -> settings.profile()
                                .flatMap(Profile::gatewayUrl)
                                .map(url -> Settings.shown(url) + " (ai_gateway_url of the environment)"))
                        .orElse("without a URL: none is configured"));
        settings.profile()
                .filter(_ -> settings.endpoint().isEmpty())
                .flatMap(Profile::adpApiUrl)
                .ifPresent(url -> trace.log(
                        () -> "management API %s (adp_api_url of the environment)".formatted(Settings.shown(url))));
        trace.log(() -> "auth mode %s (%s)"
                .formatted(
                        settings.authMode().label(),
                        settings.token().isPresent()
                                ? flags.token().isPresent()
                                        ? "a token is given with --token"
                                        : "a token is given in RPAI_TOKEN"
                                : settings.profile().flatMap(Profile::authMode).isPresent()
                                        ? "auth_mode of the environment"
                                        : "the default"));
        if (settings.serviceAccount().isPresent())
            trace.log(() -> "service account of RPAI_SERVICE_ACCOUNT_ID and RPAI_SERVICE_ACCOUNT_SECRET");
        trace.log(() -> "issuer %s (%s)"
                .formatted(
                        Settings.shown(settings.cloud().issuer()),
                        host.variable("RPAI_ISSUER").isPresent()
                                ? "RPAI_ISSUER"
                                : settings.cloud().ofGateway()
                                        ? "the environment's own"
                                        : file.cloud().has("issuer")
                                                ? "cloud.issuer of the config file"
                                                : "the default"));
        trace.log(() -> "format %s (%s)"
                .formatted(
                        settings.format().name().toLowerCase(java.util.Locale.ROOT),
                        from(flags.format(), "--format", "RPAI_FORMAT", host)));
        if (!settings.color())
            trace.log(() -> "no colour (%s)".formatted(flags.has(Flags.Switch.NO_COLOR) ? "--no-color" : "NO_COLOR"));
    }

    private static String from(Optional<String> flag, String name, String variable, Host host) {
        return flag.isPresent() ? name : host.variable(variable).isPresent() ? variable : "the default";
    }
}
