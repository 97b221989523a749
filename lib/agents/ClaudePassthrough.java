package lib.agents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.Secret;
import lib.UserError;

/// Launches on the user's own subscription: the login stays Claude Code's affair, the gateway's token travels beside it in
/// a header of its own. There is no overlay, since one would displace the login; a settings file that leads elsewhere is
/// refused instead.
///
///     ClaudePassthrough.plan(launch, arguments).secrets()   // {ANTHROPIC_CUSTOM_HEADERS=<redacted>}
final class ClaudePassthrough {
    private static final String HEADER = "X-Redpanda-Cloud-Token";

    private ClaudePassthrough() {}

    static LaunchPlan plan(ClaudeCode.Launch launch, ClaudeArguments arguments) {
        var own = new SettingsFile(Path.of("--settings"), SettingsFile.Layer.USER, arguments.settings(), false);
        var warnings = new ArrayList<String>();
        for (var file : Stream.concat(launch.settingsFiles().stream(), Stream.of(own)).toList()) {
            refuse(file, launch);
            displaced(file).ifPresent(what -> warnings.add("%s sets %s, which displaces your Claude subscription login".formatted(file.path(), what)));
        }
        var env = new TreeMap<>(Map.of("ANTHROPIC_BASE_URL", launch.proxyUrl().toString()));
        launch.configDir().ifPresent(dir -> env.put("CLAUDE_CONFIG_DIR", dir.toString()));
        env.putAll(NoProxy.forLoopback(launch.proxyUrl(), launch.inherited()));
        var secrets = Map.of("ANTHROPIC_CUSTOM_HEADERS", new Secret(HEADER + ": " + token(launch.token()).reveal()));
        var unset = ClaudeVariables.scrubbed(launch.inherited().keySet());
        unset.removeAll(ClaudeVariables.LOGIN);
        unset.removeAll(env.keySet());
        unset.removeAll(secrets.keySet());
        var settings = arguments.settings().isEmpty() ? List.<String>of() : List.of("--settings", arguments.settings().toString());
        return new LaunchPlan(ClaudeCode.argv(settings, launch, arguments), env, secrets, unset, JsonNodeFactory.instance.objectNode(), warnings);
    }

    private static Secret token(TokenSource source) {
        return switch (source) {
            case TokenSource.Fixed(var token) -> token;
            case TokenSource.Session(var bearer) -> bearer;
            case TokenSource.Helper _ -> throw new IllegalArgumentException("a header can't be renewed by a helper");
        };
    }

    private static void refuse(SettingsFile file, ClaudeCode.Launch launch) {
        for (var name : ClaudeVariables.transports(file.variables())) {
            if (ClaudeVariables.isOn(file.variable(name).orElse(""))) {
                throw new UserError("%s sets %s, which turns another transport on".formatted(file.path(), name), "remove it from that file, then launch again");
            }
        }
        for (var name : ClaudeVariables.ENDPOINTS) {
            var harmless = name.equals("ANTHROPIC_BASE_URL") && file.variable(name).filter(launch.proxyUrl().toString()::equals).isPresent();
            if (!harmless) ClaudeCode.refuse(file, name, "sends requests past the gateway");
        }
        ClaudeCode.refuse(file, "ANTHROPIC_CUSTOM_HEADERS", "displaces the header with the gateway's token");
    }

    private static Optional<String> displaced(SettingsFile file) {
        if (!file.json().path("apiKeyHelper").asText("").isEmpty()) return Optional.of("apiKeyHelper");
        return Stream.of("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN").filter(name -> file.variable(name).isPresent()).findFirst();
    }
}
