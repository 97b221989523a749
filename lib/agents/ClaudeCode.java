package lib.agents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import lib.Secret;
import lib.UserError;
import lib.providers.Provider;
import lib.providers.ProviderType;

/// Claude Code, launched so that its model traffic goes through the gateway and nowhere else.
///
///     var plan = ClaudeCode.plan(launch);
///     plan.argv()   // [claude, --settings, {"apiKeyHelper":…}, …]
///
/// @see <a href="https://docs.claude.com/en/docs/claude-code/settings">Claude Code's settings</a>
public final class ClaudeCode {
    /// How it is found and installed.
    public static final AgentBinary BINARY = new AgentBinary("claude", "Claude Code", "@anthropic-ai/claude-code", "2.1.330");

    /// The provider types that it speaks to.
    public static final Set<ProviderType> TYPES = Set.of(ProviderType.ANTHROPIC, ProviderType.BEDROCK);

    private static final String SESSION_TOKEN = "RPKAI_SESSION_TOKEN";

    /// Calls home that carry the gateway's token to third parties (metrics, event logs, bootstrap) or fetch what nobody
    /// asked for.
    private static final Map<String, String> QUIET = Map.of(
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1", "CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL", "1");

    private ClaudeCode() {}

    /// What a launch is planned from.
    ///
    /// @param proxyUrl the provider's proxy on the gateway
    /// @param mode how it reaches the model
    /// @param provider empty where it can't be read
    /// @param token how it comes by the gateway token
    /// @param model `--model`
    /// @param configDir `--claude-config-dir`
    /// @param args the user's own arguments
    /// @param settingsFiles what it will read besides the overlay
    /// @param inherited the environment it would inherit
    /// @param cwd where it starts
    public record Launch(
            URI proxyUrl, ClaudeMode mode, Optional<Provider> provider, TokenSource token, Optional<String> model,
            Optional<Path> configDir, List<String> args, List<SettingsFile> settingsFiles, Map<String, String> inherited, Path cwd) {}

    /// Plans a launch; touches nothing.
    ///
    /// @throws UserError when a settings file would lead it round the gateway and nothing can undo that
    public static LaunchPlan plan(Launch launch) {
        refuse(launch);
        var arguments = ClaudeArguments.parse(launch.args(), launch.cwd());
        var warnings = new ArrayList<String>();
        launch.settingsFiles().stream().filter(SettingsFile::broken).forEach(file -> warnings.add("%s is not valid JSON and is ignored, as Claude Code does".formatted(file.path())));
        allowlistWarning(launch, arguments).ifPresent(warnings::add);

        var secrets = new TreeMap<String, Secret>();
        var env = new TreeMap<>(QUIET);
        env.put("ANTHROPIC_BASE_URL", launch.proxyUrl().toString());
        launch.configDir().ifPresent(dir -> env.put("CLAUDE_CONFIG_DIR", dir.toString()));
        NoProxy.forLoopback(launch.proxyUrl(), launch.inherited()).forEach(env::put);

        var unset = ClaudeVariables.scrubbed(launch.inherited().keySet());
        var overlay = arguments.settings().deepCopy();
        var pins = overlay.path("env") instanceof ObjectNode node ? node : JsonNodeFactory.instance.objectNode();
        overlay.set("env", pins);
        pinned(launch).forEach(name -> pins.put(name, ""));
        env.forEach(pins::put);
        switch (launch.token()) {
            case TokenSource.Helper(var command, var interval) -> {
                overlay.put("apiKeyHelper", command);
                pins.put("CLAUDE_CODE_API_KEY_HELPER_TTL_MS", String.valueOf(interval.toMillis()));
            }
            case TokenSource.Session(var bearer) -> {
                secrets.put(SESSION_TOKEN, bearer);
                overlay.put("apiKeyHelper", "printf %s \"$" + SESSION_TOKEN + "\"");
                pins.put("CLAUDE_CODE_API_KEY_HELPER_TTL_MS", String.valueOf(Duration.ofHours(24).toMillis()));
            }
            case TokenSource.Fixed(var token) -> {
                secrets.put("ANTHROPIC_AUTH_TOKEN", token);
                overlay.put("apiKeyHelper", "");
                pins.remove("ANTHROPIC_AUTH_TOKEN");
            }
        }
        unset.removeAll(env.keySet());
        unset.removeAll(secrets.keySet());

        var argv = new ArrayList<>(List.of(BINARY.name(), "--settings", overlay.toString()));
        launch.model().ifPresent(model -> argv.addAll(List.of("--model", model)));
        argv.addAll(arguments.rest());
        return new LaunchPlan(argv, env, secrets, unset, overlay, warnings);
    }

    /// What the overlay turns off: the whole scrub list, and those of its families that a settings file sets.
    private static TreeSet<String> pinned(Launch launch) {
        var set = new ArrayList<String>();
        launch.settingsFiles().forEach(file -> file.json().path("env").fieldNames().forEachRemaining(set::add));
        return new TreeSet<>(ClaudeVariables.scrubbed(set));
    }

    private static void refuse(Launch launch) {
        for (var file : launch.settingsFiles()) {
            refuse(file, ClaudeVariables.UNIX_SOCKET, "sends every request to a socket of its own");
            switch (launch.token()) {
                case TokenSource.Fixed _ -> refuse(file, "ANTHROPIC_AUTH_TOKEN", "displaces the token of --token");
                case TokenSource.Session _ -> refuse(file, SESSION_TOKEN, "displaces the gateway's token");
                case TokenSource.Helper _ -> {}
            }
        }
    }

    private static void refuse(SettingsFile file, String variable, String why) {
        if (file.variable(variable).isEmpty()) return;
        throw new UserError("%s sets %s, which %s".formatted(file.path(), variable, why), "remove it from that file, then launch again");
    }

    private static Optional<String> allowlistWarning(Launch launch, ClaudeArguments arguments) {
        var model = arguments.model().or(launch::model);
        return launch.provider().filter(p -> model.isPresent() && !p.allows(model.get()))
                .map(p -> "model \"%s\" is not allowed by provider \"%s\"; allowed: %s".formatted(model.get(), p.name(), String.join(", ", p.models())));
    }
}
