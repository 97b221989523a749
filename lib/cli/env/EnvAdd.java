package lib.cli.env;

import java.util.Optional;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.config.AuthMode;
import lib.config.ConfigFile;
import lib.config.Profile;
import lib.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai env add`.
@Command(
        name = "add",
        description = "Adds an environment for your own gateway, or for one on this machine.",
        footer = {
            "",
            "Examples:",
            "  rpkai env add local --ai-gateway-url http://localhost:8090 --auth-mode none",
            "  rpkai env add staging --from prod --ai-gateway-url https://stage.example"
        })
public final class EnvAdd implements Runnable {
    @Parameters(paramLabel = "NAME", description = "The name of the environment.")
    String name;

    @Option(
            names = "--ai-gateway-url",
            paramLabel = "URL",
            description = "The AI Gateway's base URL; required without --from.")
    String gatewayUrl;

    @Option(
            names = "--adp-api-url",
            paramLabel = "URL",
            description = "The URL of the management API, if it is not the gateway's.")
    String adpApiUrl;

    @Option(
            names = "--auth-mode",
            paramLabel = "device|rpk|token|none",
            description = "The source of its tokens (default device).")
    String authMode;

    @Option(names = "--description", paramLabel = "TEXT", description = "A description.")
    String description;

    @Option(names = "--from", paramLabel = "ENVIRONMENT", description = "Copy the settings of this environment first.")
    String from;

    private final Context context;

    public EnvAdd(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = context.settings(true);
        if (name.isBlank())
            throw UserError.usage(
                    "the name of the environment is missing", "run rpkai env add NAME --ai-gateway-url URL");
        if (gatewayUrl == null && from == null)
            throw UserError.usage("the AI Gateway's URL is missing", "add --ai-gateway-url URL, or --from NAME");
        if (authMode != null && AuthMode.of(authMode).isEmpty())
            throw UserError.usage("unknown --auth-mode \"%s\"".formatted(authMode), "use device, rpk, token or none");
        var gateway = url(gatewayUrl, "--ai-gateway-url");
        var api = url(adpApiUrl, "--adp-api-url");
        ConfigFile.update(settings.configFile(), file -> {
            if (file.profiles().containsKey(name))
                throw new UserError("environment \"%s\" already exists".formatted(name), "choose another name");
            var base = Optional.ofNullable(from).map(other -> EnvironmentNames.configured(other, file));
            // The id of the organisation's environment is not copied: it belongs to the other profile.
            var added = file.with(
                    name,
                    new Profile(
                            base.flatMap(Profile::organization),
                            Profile.Cluster.NONE,
                            new Profile.Urls(
                                    gateway.or(() -> base.flatMap(Profile::gatewayUrl)),
                                    api.or(() -> base.flatMap(Profile::adpApiUrl))),
                            Optional.ofNullable(authMode)
                                    .or(() -> base.flatMap(Profile::authMode))
                                    .or(() -> Optional.of(AuthMode.DEVICE.label())),
                            Optional.ofNullable(description).or(() -> base.flatMap(Profile::description)),
                            base.flatMap(Profile::signIn)));
            return file.current().isPresent() ? added : added.use(name);
        });
        var current = ConfigFile.read(settings.configFile())
                .current()
                .filter(name::equals)
                .isPresent();
        context.host()
                .err()
                .println("Environment \"%s\" added. %s"
                        .formatted(
                                name,
                                current
                                        ? "It is the current environment."
                                        : "Run rpkai env use " + name + " to select it."));
    }

    private static Optional<String> url(String text, String flag) {
        return Optional.ofNullable(text)
                .map(given -> Settings.webUrl(given, flag).toString());
    }
}
