package tests.agents.codex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.agents.codex.Codex;
import lib.agents.codex.CodexLaunchInput;
import lib.agents.codex.CodexToken;
import lib.agents.codex.Effort;
import lib.agents.variables.Inherited;
import lib.api.ProviderType;
import lib.base.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests the `config.toml` of a launch, and which of its settings the command line repeats.
class CodexConfigTest {
    @Test
    void theWholeFile() {
        assertEquals(
                """
                # Written by rpkai at every launch: changes to this file are lost.
                model_provider = 'rpkai'
                model = 'gpt-6.1-sol'
                model_reasoning_effort = 'high'
                model_providers.rpkai.name = 'AI Gateway'
                model_providers.rpkai.base_url = 'https://gateway.example/llm/v1/providers/openai/v1'
                model_providers.rpkai.wire_api = 'responses'
                model_providers.rpkai.supports_websockets = false
                model_providers.rpkai.auth.command = '/usr/bin/env'
                model_providers.rpkai.auth.args = ['A=b', '/opt/jdk/bin/java', 'auth', 'token']
                model_providers.rpkai.auth.timeout_ms = 30000
                model_providers.rpkai.auth.refresh_interval_ms = 300000
                model_providers.rpkai.auth.cwd = '/work/a b'
                sandbox_mode = 'workspace-write'
                approval_policy = 'on-request'
                sandbox_workspace_write.network_access = false
                sandbox_workspace_write.writable_roots = []
                check_for_update_on_startup = false
                analytics.enabled = false
                features.plugins = false
                features.daemon_auto_start = false
                features.unbounded_connection_retries = false
                projects.'/work/a b'.trust_level = 'trusted'
                """, CodexLaunches.plain().asking("gpt-6.1-sol", Effort.HIGH).config());
    }

    @Test
    void withoutTrustCodexAsksForItselfAndKeepsItsOwnDefaults() {
        var config = CodexLaunches.plain().trusting(false, "/work/a b/.codex").config();

        assertTrue(config.contains("model_provider"), config);
        for (var key : List.of("projects", "sandbox", "approval")) assertFalse(config.contains(key), config);
    }

    @Test
    void aModelThatIsKnownToBeDeniedIsAskedForOnce() throws JsonProcessingException {
        var denied = parsed(CodexLaunches.plain()
                .provider(ProviderType.OPENAI, "gpt-6")
                .asking("nope", Effort.XHIGH)
                .config());
        assertEquals(0, denied.at("/model_providers/rpkai/request_max_retries").asInt(-1));
        assertEquals(0, denied.at("/model_providers/rpkai/stream_max_retries").asInt(-1));
        assertEquals("xhigh", denied.at("/model_reasoning_effort").asText());

        var allowed = parsed(CodexLaunches.plain()
                .provider(ProviderType.OPENAI, "gpt-6")
                .asking("gpt-6", Effort.NONE)
                .config());
        assertTrue(allowed.at("/model_providers/rpkai/request_max_retries").isMissingNode());
        assertEquals("none", allowed.at("/model_reasoning_effort").asText());
    }

    @Test
    void aTokenInAVariableHasNoCommand() throws JsonProcessingException {
        var config = parsed(CodexLaunches.plain()
                .token(new CodexToken.Variable(new Secret("x")))
                .config());

        assertTrue(config.at("/model_providers/rpkai/auth").isMissingNode());
        assertTrue(config.at("/model_providers/rpkai/env_key").asText().startsWith("RPKAI_TOKEN_"));
        assertEquals(
                "RPKAI_TOKEN_*",
                config.at("/shell_environment_policy/exclude/0").asText());
    }

    @Test
    void aTokenThatLivesForNoTimeAtAllIsStillRefreshed() throws JsonProcessingException {
        var config = parsed(CodexLaunches.plain()
                .token(new CodexToken.Command(List.of("/bin/x"), Duration.ZERO))
                .config());

        assertEquals(
                1, config.at("/model_providers/rpkai/auth/refresh_interval_ms").asInt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/plain",
                "/with.dots/and spaces",
                "/it's",
                "/\"quoted\"",
                "/back\\slash",
                "/new\nline",
                "/grüße/😀",
                "/[table]",
                "/a=b#c",
                "/'''"
            })
    void anyPathComesBackAsItWas(String path) throws JsonProcessingException {
        var plain = CodexLaunches.plain().input();
        var words = List.of("/usr/bin/env", "RPAI_CONFIG=" + path, path);
        var command = new CodexToken.Command(words, Duration.ofMinutes(5));
        var config = parsed(Codex.configuration(new CodexLaunchInput(
                new CodexLaunchInput.Route(URI.create("https://g/p"), Optional.empty(), command),
                new CodexLaunchInput.Model(Optional.of(path), Optional.empty()),
                plain.home(),
                plain.folder(),
                List.of(),
                new Inherited(Map.of(), Path.of(path)))));

        assertEquals(path, config.path("model").asText());
        assertEquals(path, config.at("/model_providers/rpkai/auth/args/1").asText());
        assertEquals(
                "trusted",
                config.path("projects").path(path).path("trust_level").asText());
    }

    /// Only a managed policy overrides the command line; a trusted repository's file overrides the user's.
    @Test
    void settingsThatARepositoryMustNotChangeAreAlsoOnTheCommandLine() throws JsonProcessingException {
        var launch = CodexLaunches.plain().asking("gpt-6.1-sol", Effort.HIGH);
        var argv = launch.plan().argv();
        var said = new StringBuilder();
        for (int i = 1; i < argv.size(); i += 2) {
            assertEquals("-c", argv.get(i));
            said.append(argv.get(i + 1)).append('\n');
        }
        var overrides = parsed(said.toString());
        var config = parsed(launch.config());

        for (var key : List.of(
                "/model_provider",
                "/model",
                "/model_reasoning_effort",
                "/model_providers/rpkai/base_url",
                "/sandbox_mode",
                "/approval_policy",
                "/sandbox_workspace_write/network_access",
                "/sandbox_workspace_write/writable_roots",
                "/check_for_update_on_startup",
                "/analytics/enabled",
                "/features/plugins",
                "/features/daemon_auto_start",
                "/features/unbounded_connection_retries")) {
            assertFalse(overrides.at(key).isMissingNode(), key);
            assertEquals(config.at(key), overrides.at(key), key);
        }
        assertEquals("/cache/home-1", overrides.path("sqlite_home").asText());
        assertEquals("/cache/home-1/log", overrides.path("log_dir").asText());
    }

    private static JsonNode parsed(String toml) throws JsonProcessingException {
        return new TomlMapper().readTree(toml);
    }
}
