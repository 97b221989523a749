package lib.agents.claude;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import lib.agents.LaunchPlan;
import lib.agents.credential.AgentCredential;
import lib.agents.variables.NoProxy;
import lib.base.Json;
import lib.base.Secret;

/// The settings overlay, given inline with `--settings`. It names the gateway and turns off every variable that
/// another settings file could set. The overlay outranks all other settings except a managed policy. Settings
/// are merged key by key, so a key that the overlay lacks would come from another file. Claude Code rereads
/// settings files while it runs, so the overlay can't rely on their content at the launch.
///
///     ClaudeOverlay.plan(input, arguments).settings()   // {"apiKeyHelper": …, "env": {"ANTHROPIC_API_KEY": "", …}}
final class ClaudeOverlay {
    /// The variable for the time, in milliseconds, that Claude Code keeps one answer of its helper.
    private static final String INTERVAL = "CLAUDE_CODE_API_KEY_HELPER_TTL_MS";

    private static final String SESSION_TOKEN = "RPKAI_SESSION_TOKEN";

    /// Turns off calls that carry the gateway's token to third parties (metrics, event logs, bootstrap) and
    /// downloads that the user did not request.
    private static final Map<String, String> QUIET = Map.of(
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
            "1",
            "CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL",
            "1");

    private ClaudeOverlay() {}

    /// Plans a managed or Bedrock launch, in which the gateway holds the credential.
    static LaunchPlan plan(ClaudeLaunchInput input, ClaudeArguments arguments) {
        var env = environment(input, arguments, transport(input));
        var overlay = overlay(input, arguments, env);
        var pins = (ObjectNode) overlay.path("env");
        var secrets = new TreeMap<String, Secret>();
        switch (input.route().token()) {
            case AgentCredential.Helper(var command, var interval) -> helper(overlay, pins, command, interval);
            case AgentCredential.Session(var bearer) -> {
                input.settingsFiles()
                        .forEach(file -> ClaudeCode.refuse(file, SESSION_TOKEN, "replaces the gateway's token"));
                secrets.put(SESSION_TOKEN, bearer);
                helper(overlay, pins, "printf %s \"$" + SESSION_TOKEN + "\"", Duration.ofHours(24));
            }
            case AgentCredential.Fixed(var token) -> {
                // The value is a secret and the overlay is in the process list, so it is set in the environment
                // instead.
                input.settingsFiles()
                        .forEach(file ->
                                ClaudeCode.refuse(file, "ANTHROPIC_AUTH_TOKEN", "replaces the token of --token"));
                secrets.put("ANTHROPIC_AUTH_TOKEN", token);
                overlay.put("apiKeyHelper", "");
                pins.remove("ANTHROPIC_AUTH_TOKEN");
            }
        }
        return plan(
                input,
                arguments,
                env,
                secrets,
                overlay,
                ClaudeVariables.scrubbed(input.variables().keySet()));
    }

    /// The variables that every launch sets, besides those for the way to the model.
    static TreeMap<String, String> environment(
            ClaudeLaunchInput input, ClaudeArguments arguments, Map<String, String> transport) {
        var env = new TreeMap<>(QUIET);
        env.putAll(transport);
        input.files().configDir().ifPresent(dir -> env.put("CLAUDE_CONFIG_DIR", dir.toString()));
        // Claude Code retries a refused model for minutes, whatever the answer is.
        if (new ClaudeModelCheck(input, arguments).denied().isPresent()) env.put("CLAUDE_CODE_MAX_RETRIES", "1");
        env.putAll(NoProxy.forLoopback(input.proxyUrl(), input.variables()));
        return env;
    }

    /// The user's own `--settings`, with the launch's pins over them.
    static ObjectNode overlay(ClaudeLaunchInput input, ClaudeArguments arguments, Map<String, String> env) {
        var overlay = arguments.settings().deepCopy();
        var pins = overlay.path("env") instanceof ObjectNode node ? node : JsonNodeFactory.instance.objectNode();
        overlay.set("env", pins);
        pinned(input).forEach(name -> pins.put(name, ""));
        ProxyAndTrustPins.pins(input, pins).forEach(pins::put);
        env.forEach(pins::put);
        return overlay;
    }

    static LaunchPlan plan(
            ClaudeLaunchInput input,
            ClaudeArguments arguments,
            Map<String, String> env,
            Map<String, Secret> secrets,
            ObjectNode overlay,
            SortedSet<String> unset) {
        return new LaunchPlan(
                ClaudeCode.argv(List.of("--settings", Json.text(overlay)), input, arguments),
                env,
                secrets,
                unset,
                overlay,
                List.of());
    }

    private static void helper(ObjectNode overlay, ObjectNode pins, String command, Duration interval) {
        overlay.put("apiKeyHelper", command);
        pins.put(INTERVAL, String.valueOf(interval.toMillis()));
    }

    /// The time for which Claude Code keeps one answer of the plan's helper.
    static Duration helperInterval(LaunchPlan plan) {
        return Duration.ofMillis(plan.settings().path("env").path(INTERVAL).asLong());
    }

    private static Map<String, String> transport(ClaudeLaunchInput input) {
        var url = input.proxyUrl().toString();
        if (input.mode() == ClaudeMode.MANAGED) return Map.of("ANTHROPIC_BASE_URL", url);
        return Map.of(
                "CLAUDE_CODE_USE_BEDROCK",
                "1",
                "ANTHROPIC_BEDROCK_BASE_URL",
                url,
                "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
                "1");
    }

    /// The variables that the overlay turns off: the whole scrub list, and those of its families that a
    /// settings file sets.
    private static SortedSet<String> pinned(ClaudeLaunchInput input) {
        var set = new TreeSet<String>();
        input.settingsFiles().forEach(file -> set.addAll(file.variables()));
        return ClaudeVariables.scrubbed(set);
    }
}
