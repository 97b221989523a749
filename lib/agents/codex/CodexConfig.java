package lib.agents.codex;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.time.Duration;
import java.util.List;
import lib.agents.home.PersistentHome;

/// Codex's `config.toml` for a launch, and the part of it that is said again on the command line: a trusted
/// repository's own `.codex/config.toml` outranks the user's file, and nothing but a managed policy outranks the
/// command line.
///
///     CodexConfig.toml(input)   // model_provider = 'rpkai' …
///
/// @see <a href="https://developers.openai.com/codex/config-reference">Codex's configuration reference</a>
final class CodexConfig {
    /// The provider's id. A session remembers it, and can be resumed only where it is known: it never changes.
    static final String PROVIDER = "rpkai";

    /// How long Codex waits for the helper. A machine at its limit needs more than Codex's own five seconds to
    /// start a JVM.
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
                // Where a relative path in a variable means what it meant at the launch.
                auth.put("cwd", input.cwd().toString());
            }
            case CodexToken.Variable variable -> {
                provider.put("env_key", Codex.variable(variable));
                // The variable is for Codex alone and not for the commands that it runs.
                config.withObject("shell_environment_policy")
                        .putArray("exclude")
                        .add(Codex.VARIABLE + "*");
            }
        }
        if (input.folder().trusted())
            config.putObject("projects").putObject(input.cwd().toString()).put("trust_level", "trusted");
        return PersistentHome.MADE_HERE + "\n" + write(config);
    }

    /// The words of the command line that hold the settled part against a repository, `-c` and `key = value` in
    /// turn.
    static List<String> overrides(CodexLaunchInput input) {
        var config = settled(input);
        // A repository could have the session's records kept in its own folder, for good.
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
        // Codex asks six times for a model that is refused.
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
        // Calls home, and what stays behind: the daemon is a copy of Codex in its home that outlives it and goes
        // on asking for tokens; without the last, a gateway that is gone is tried for minutes.
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
