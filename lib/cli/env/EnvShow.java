package lib.cli.env;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import lib.UserError;
import lib.cli.Context;
import lib.cli.Output;
import lib.config.Profile;
import lib.config.Settings;
import picocli.CommandLine.Command;

/// `rpkai env show`.
@Command(name = "show", description = "Shows the environment in use.", footer = {"", "Example:", "  rpkai env show -o yaml"})
public final class EnvShow implements Runnable {
    private final Context context;

    public EnvShow(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = context.settings();
        if (settings.wantsEmbeddedGateway()) throw new UserError("no environment configured", "run rpkai auth login, or rpkai env add");
        var json = JsonNodeFactory.instance.objectNode();
        settings.profileName().ifPresent(name -> json.put("name", name));
        settings.profile().flatMap(Profile::organization).ifPresent(org -> json.put("organization", org));
        settings.endpoint().map(Object::toString).or(() -> settings.profile().flatMap(Profile::gatewayUrl).map(Settings::shown)).ifPresent(url -> json.put("ai_gateway_url", url));
        settings.profile().filter(_ -> settings.endpoint().isEmpty()).flatMap(Profile::adpApiUrl).map(Settings::shown).ifPresent(url -> json.put("adp_api_url", url));
        json.put("auth_mode", settings.authMode().label());
        settings.token().ifPresent(token -> json.put("token", token.toString()));
        settings.profile().flatMap(Profile::description).ifPresent(text -> json.put("description", text));
        json.put("config", settings.configFile().toString());
        Output.object(context, settings.format(), json);
    }
}
