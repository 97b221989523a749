package lib.agents.claude;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.agents.ConflictingSetting;
import lib.agents.LaunchPlan;
import lib.agents.SettingsFile;
import lib.agents.credential.AgentCredential;
import lib.base.Secret;

/// Plans launches on the user's own subscription. Claude Code manages the login itself, and the gateway's token
/// travels beside it in a separate header. A settings file that leads elsewhere is refused by name, and
/// everything that a file could set later is turned off, except the header itself: that is a secret, and the
/// overlay is in the process list.
///
///     ClaudePassthrough.plan(input, arguments).secrets()   // {ANTHROPIC_CUSTOM_HEADERS=<redacted>}
final class ClaudePassthrough {
    private static final String HEADER = "X-Redpanda-Cloud-Token";

    private ClaudePassthrough() {}

    static LaunchPlan plan(ClaudeLaunchInput input, ClaudeArguments arguments) {
        var own = new SettingsFile(Path.of("--settings"), SettingsFile.Layer.USER, arguments.settings(), false);
        var files =
                Stream.concat(input.settingsFiles().stream(), Stream.of(own)).toList();
        files.forEach(file -> refuse(file, input));
        var warnings =
                displacements(files).stream().map(ConflictingSetting::text).toList();
        var env = ClaudeOverlay.environment(
                input, arguments, Map.of("ANTHROPIC_BASE_URL", input.proxyUrl().toString()));
        var overlay = ClaudeOverlay.overlay(input, arguments, env);
        var pins = (ObjectNode) overlay.path("env");
        pins.remove("ANTHROPIC_CUSTOM_HEADERS");
        pins.remove(ClaudeVariables.LOGIN);
        var secrets = Map.of(
                "ANTHROPIC_CUSTOM_HEADERS",
                Secret.header(HEADER, token(input.route().token())));
        var unset = ClaudeVariables.scrubbed(input.variables().keySet());
        unset.removeAll(ClaudeVariables.LOGIN);
        return ClaudeOverlay.plan(input, arguments, env, secrets, overlay, unset)
                .withWarnings(warnings);
    }

    private static Secret token(AgentCredential source) {
        return switch (source) {
            case AgentCredential.Fixed(var token) -> token;
            case AgentCredential.Session(var bearer) -> bearer;
            case AgentCredential.Helper _ -> throw new IllegalArgumentException("no helper can renew a header");
        };
    }

    private static void refuse(SettingsFile file, ClaudeLaunchInput input) {
        for (var name : ClaudeVariables.transports(file.variables())) {
            if (ClaudeVariables.isOn(file.variable(name).orElse(""))) {
                throw ConflictingSetting.variable(file.path(), name, "turns another transport on")
                        .refusal();
            }
        }
        for (var name : ClaudeVariables.ENDPOINTS) {
            var harmless = name.equals("ANTHROPIC_BASE_URL")
                    && file.variable(name)
                            .filter(input.proxyUrl().toString()::equals)
                            .isPresent();
            if (!harmless) ClaudeCode.refuse(file, name, "sends requests past the gateway");
        }
        ClaudeCode.refuse(file, "ANTHROPIC_CUSTOM_HEADERS", "replaces the header with the gateway's token");
    }

    /// The settings that displace the login, at most one from each file.
    static List<ConflictingSetting> displacements(List<SettingsFile> files) {
        return files.stream().flatMap(file -> displacement(file).stream()).toList();
    }

    private static Optional<ConflictingSetting> displacement(SettingsFile file) {
        var effect = "replaces your Claude subscription login";
        if (!file.json().path("apiKeyHelper").asText("").isEmpty())
            return Optional.of(new ConflictingSetting(file.path(), "apiKeyHelper", effect));
        return Stream.of("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
                .filter(name -> file.variable(name).isPresent())
                .findFirst()
                .map(name -> ConflictingSetting.variable(file.path(), name, effect));
    }
}
