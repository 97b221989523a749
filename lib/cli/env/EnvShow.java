package lib.cli.env;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.config.Profile;
import lib.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `rpkai env show`.
@Command(
        name = "show",
        description = "Shows an environment.",
        footer = {"", "Examples:", "  rpkai env show -o yaml", "  rpkai env show prod"})
public final class EnvShow implements Runnable {
    @Parameters(
            arity = "0..1",
            paramLabel = "ENVIRONMENT",
            description = "A name from rpkai env list. Default: the current environment.")
    String name;

    private final Context context;

    public EnvShow(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = name == null ? context.settings() : context.settingsOf(name);
        if (settings.wantsEmbeddedGateway())
            throw new UserError("no environment is configured", "run rpkai auth login, or rpkai env add");
        var json = JsonNodeFactory.instance.objectNode();
        settings.profileName().ifPresent(name -> json.put("name", name));
        settings.profile().flatMap(Profile::organization).ifPresent(org -> json.put("organization", org));
        settings.endpoint()
                .map(Object::toString)
                .or(() -> settings.profile().flatMap(Profile::gatewayUrl).map(Settings::shown))
                .ifPresent(url -> json.put("ai_gateway_url", url));
        settings.profile()
                .filter(_ -> settings.endpoint().isEmpty())
                .flatMap(Profile::adpApiUrl)
                .map(Settings::shown)
                .ifPresent(url -> json.put("adp_api_url", url));
        json.put("auth_mode", settings.authMode().label());
        settings.token().ifPresent(token -> json.put("token", token.toString()));
        settings.profile().flatMap(Profile::description).ifPresent(text -> json.put("description", text));
        json.put("config", settings.configFile().toString());
        Output.object(context, settings.format(), json);
    }
}
