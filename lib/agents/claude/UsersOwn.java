package lib.agents.claude;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import lib.UserError;
import lib.agents.SettingsFile;

/// Proxies and trust as the user has them, so that a repository's settings can't put another proxy, or another
/// certificate authority, between the agent and the gateway.
///
///     UsersOwn.pins(launch, overlayEnv)   // {HTTPS_PROXY=http://proxy.corp:3128, HTTP_PROXY=, …}
final class UsersOwn {
    private static final Pattern SECRET = Pattern.compile("(?i)://[^/@]*@|password|secret|token");

    private UsersOwn() {}

    /// Each variable with the value that is in force without the repository's files: the user's `--settings`, the user's
    /// settings file, the environment, in that order.
    ///
    /// @throws UserError where a repository sets one whose own value is a secret: that can't be shown in the overlay
    static Map<String, String> pins(ClaudeCode.Launch launch, JsonNode own) {
        var pins = new TreeMap<String, String>();
        for (var name : ClaudeVariables.USERS_OWN) {
            var value = Optional.of(own.path(name).asText("")).filter(text -> !text.isEmpty())
                    .or(() -> launch.settingsFiles().stream().filter(f -> f.layer() == SettingsFile.Layer.USER).flatMap(f -> f.variable(name).stream()).findFirst())
                    .or(() -> Optional.ofNullable(launch.inherited().get(name))).orElse("");
            if (!SECRET.matcher(value).find()) pins.put(name, value);
            else refuseRepository(launch, name);
        }
        return pins;
    }

    private static void refuseRepository(ClaudeCode.Launch launch, String name) {
        launch.settingsFiles().stream().filter(file -> file.layer() == SettingsFile.Layer.REPOSITORY)
                .forEach(file -> ClaudeCode.refuse(file, name, "displaces your own"));
    }
}
