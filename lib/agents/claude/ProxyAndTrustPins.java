package lib.agents.claude;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import lib.agents.SettingsFile;
import lib.agents.credential.AgentCredential;
import lib.base.UserError;
import lib.config.Variable;
import lib.http.ProxyVariables;

/// Pins proxies and certificates to the user's own values, so that a repository's settings can't put another
/// proxy, or another certificate authority, between the agent and the gateway.
///
///     ProxyAndTrustPins.pins(input, overlayEnv)   // {HTTPS_PROXY=http://proxy.corp:3128, HTTP_PROXY=, …}
final class ProxyAndTrustPins {
    private static final Pattern SECRET = Pattern.compile("(?i)://[^/@]*@|password|secret|token");

    private ProxyAndTrustPins() {}

    /// Each variable with the value that would be in force without the repository's files. The user's
    /// `--settings` come first, then the user's settings file, then the environment.
    ///
    /// @throws UserError if a repository sets a variable whose own value is a secret, which must not appear in
    ///     the overlay
    static Map<String, String> pins(ClaudeLaunchInput input, JsonNode own) {
        var pins = new TreeMap<String, String>();
        var proxies = isLocal(input) ? Variable.names(Variable.Role.PROXY) : Set.<String>of();
        for (var name : ClaudeVariables.USERS_OWN) {
            // A proxy that is still inherited here is one that the user passed by name.
            var value = proxies.contains(name)
                    ? Optional.ofNullable(input.variables().get(name)).orElse("")
                    : Optional.of(own.path(name).asText(""))
                            .filter(text -> !text.isEmpty())
                            .or(() -> input.settingsFiles().stream()
                                    .filter(f -> f.layer() == SettingsFile.Layer.USER)
                                    .flatMap(f -> f.variable(name).stream())
                                    .findFirst())
                            .or(() -> Optional.ofNullable(input.variables().get(name)))
                            .orElse("");
            if (!SECRET.matcher(value).find()) pins.put(name, value);
            else refuseRepository(input, name);
        }
        return pins;
    }

    /// Returns whether all traffic stays on this machine; then no settings file may name a proxy, not even the
    /// user's.
    private static boolean isLocal(ClaudeLaunchInput input) {
        var asksElsewhere = input.route().token() instanceof AgentCredential.Helper
                && !input.route().token().equals(AgentCredential.NO_SIGN_IN);
        return ProxyVariables.isLoopback(input.proxyUrl().getHost())
                && input.mode() != ClaudeMode.PASSTHROUGH
                && !asksElsewhere;
    }

    private static void refuseRepository(ClaudeLaunchInput input, String name) {
        input.settingsFiles().stream()
                .filter(file -> file.layer() == SettingsFile.Layer.REPOSITORY)
                .forEach(file -> ClaudeCode.refuse(file, name, "replaces your own"));
    }
}
