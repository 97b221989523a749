package lib.agents.codex;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.time.Duration;
import java.util.List;
import lib.agents.home.PersistentHome;

/// Codex's `config.toml` for a launch, and the part of it that is repeated on the command line. The repetition
/// is needed because a trusted repository's own `.codex/config.toml` outranks the user's file; only a managed
/// policy outranks the command line.
///
///     CodexConfig.toml(input)   // model_provider = 'rpkai' …
///
/// @see <a href="https://developers.openai.com/codex/config-reference">Codex's configuration reference</a>
final class CodexConfig {
    /// The provider's id. It never changes: a session remembers it, and can be resumed only if the id is known.
    static final String PROVIDER = "rpkai";

    /// The time limit of the helper. On a fully loaded machine, starting a JVM takes longer than Codex's
    /// default of five seconds.
    private static final Duration HELPER_PATIENCE = Duration.ofSeconds(30);

    private static final TomlMapper TOML = new TomlMapper();

    private CodexConfig() {}

    /// The whole file.
    static String toml(CodexLaunchInput input) {
        var config = settled(input);
        var provider = config.withObject("model_providers").withObject(PROVIDER);
        switch (input.route().token()) {
            case CodexToken.Command(var words, var interval) -> {
                var auth = provider.putObject("auth").put("command", words.getFirst());
                words.stream().skip(1).forEach(auth.putArray("args")::add);
                // Zero would mean "never before a 401".
                auth.put("timeout_ms", HELPER_PATIENCE.toMillis())
                        .put("refresh_interval_ms", Math.max(1, interval.toMillis()));
                // Relative paths in variables keep the meaning that they had at the launch.
                auth.put("cwd", input.cwd().toString());
            }
            case CodexToken.Variable variable -> {
                provider.put("env_key", Codex.variable(variable));
                // Only Codex itself gets the variable, not the commands that it runs.
                config.withObject("shell_environment_policy")
                        .putArray("exclude")
                        .add(Codex.VARIABLE + "*");
            }
        }
        if (input.folder().trusted())
            config.putObject("projects").putObject(input.cwd().toString()).put("trust_level", "trusted");
        return PersistentHome.MADE_HERE + "\n" + write(config);
    }

    /// The arguments that pin settings against a repository, `-c` and `key = value` in turn.
    static List<String> overrides(CodexLaunchInput input) {
        var config = settled(input);
        // Otherwise a repository could have the session's records stored permanently in its own folder.
        config.put("sqlite_home", input.home().path().toString())
                .put("log_dir", input.home().path().resolve("log").toString());
        return write(config)
                .lines()
                .flatMap(line -> List.of("-c", line).stream())
                .toList();
    }

    private static ObjectNode settled(CodexLaunchInput input) {
        var config = JsonNodeFactory.instance.objectNode().put("model_provider", PROVIDER);
        input.model().name().ifPresent(model -> config.put("model", model));
        input.model().effort().ifPresent(effort -> config.put("model_reasoning_effort", effort.label()));
        config.withObject("model_providers")
                .putObject(PROVIDER)
                .put("name", "AI Gateway")
                .put("base_url", input.route().proxyUrl() + "/v1")
                .put("wire_api", "responses")
                .put("supports_websockets", false);
        // Codex tries a refused model six times.
        if (Codex.denied(input.route().provider(), input.model().name(), input.args())
                .isPresent()) {
            config.withObject("model_providers")
                    .withObject(PROVIDER)
                    .put("request_max_retries", 0)
                    .put("stream_max_retries", 0);
        }
        if (input.folder().trusted()) {
            config.put("sandbox_mode", "workspace-write").put("approval_policy", "on-request");
            config.putObject("sandbox_workspace_write")
                    .put("network_access", false)
                    .putArray("writable_roots");
        }
        // These settings turn off calls home and background processes. The daemon is a copy of Codex in its
        // home that outlives the session and continues to ask for tokens. The last setting keeps Codex from
        // retrying for minutes when the gateway is gone.
        config.put("check_for_update_on_startup", false).putObject("analytics").put("enabled", false);
        config.putObject("features")
                .put("plugins", false)
                .put("daemon_auto_start", false)
                .put("unbounded_connection_retries", false);
        return config;
    }

    private static String write(ObjectNode config) {
        try {
            return TOML.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }
}
