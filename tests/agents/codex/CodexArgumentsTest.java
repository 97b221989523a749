package tests.agents.codex;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lib.agents.codex.Codex;
import lib.base.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests which arguments a user may pass to Codex after `--`. In the data, `|` separates arguments.
class CodexArgumentsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c|model_provider=openai",
                "-c| model_provider = \"openai\"",
                "-cmodel_provider=openai",
                "-c=model_provider=openai",
                "--config|model_provider=x",
                "--config=model_provider=x",
                "exec|-c|model_provider=x|hi",
                "-m|gpt-6|-c|model_provider=x",
                "-hcmodel_provider=x",
                "-c|\"model_provider\"=x",
                "-c|'model_provider' = x",
                "-c|model_providers.rpkai.base_url=http://x",
                "-c|model_providers={}",
                "-c|model_providers . x.name=y",
                "-c|openai_base_url=x",
                "-c|chatgpt_base_url=x",
                "-c|oss_provider=ollama",
                "-c|experimental_realtime_ws_base_url=x",
                "-c|profile=x",
                "-c|profiles.x.model=y",
                "-p|x",
                "-px",
                "-p=x",
                "--profile|x",
                "--profile=x",
                "exec|--profile|x|hi",
                "--oss",
                "exec|--oss|hi",
                "--local-provider|ollama",
                "--local-provider=ollama",
                "--remote|ws://x",
                "--remote=ws://x",
                "--remote-auth-token-env|X",
                "exec|--ignore-user-config|hi",
                "login",
                "logout",
                "login|--with-api-key",
                "-m|gpt-6|login",
                "-mgpt-6|login",
                "--model=x|logout",
                "cloud",
                "cloud|exec",
                "apply",
                "a",
                "remote-control",
                "-C|/x|cloud"
            })
    void argumentsThatBypassTheGatewayAreRejectedWithARemedy(String words) {
        var refused = assertThrows(UserError.class, () -> Codex.check(List.of(words.split("\\|")), true));

        assertEquals(UserError.USAGE, refused.exitCode());
        assertTrue(refused.getMessage().endsWith("would bypass the gateway"), refused.getMessage());
        assertTrue(!refused.remedy().text().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c|features.daemon_auto_start=true",
                "-cfeatures.daemon_auto_start = true",
                "-c|features={daemon_auto_start=true}",
                "--enable|daemon_auto_start",
                "--enable=daemon_auto_start",
                "app-server|daemon|start"
            })
    void argumentsThatStartALastingServerAreRejected(String words) {
        var refused = assertThrows(UserError.class, () -> Codex.check(List.of(words.split("\\|")), true));

        assertEquals(UserError.USAGE, refused.exitCode());
        assertTrue(refused.getMessage().endsWith("starts a server that outlives the session"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec|login", "exec|how do I -c model_provider=x", "--|login", "exec|--|--oss", "-m|login",
                        "exec|-o|-p|hi", "-c|model=\"model_provider=x\"", "-c|model_reasoning_effort=low",
                "-c|features.daemon_auto_start=false", "--disable|daemon_auto_start", "-s|read-only", "-a|never",
                        "--search", "resume|--last", "exec|resume|--last|go on", "review|--uncommitted",
                "-i|p.png|exec|hi", "features|list", "mcp|list", "-c|sandbox_workspace_write.network_access=true",
                        "--add-dir|login|exec|hi", "--strict-config", "-V", "-"
            })
    void everythingElseGoesThrough(String words) {
        assertDoesNotThrow(() -> Codex.check(List.of(words.split("\\|")), true));
    }

    @Test
    void aWorktreeWantsAHomeThatStays() {
        var refused = assertThrows(UserError.class, () -> Codex.check(List.of("exec", "--worktree", "hi"), false));

        assertEquals(
                "--worktree keeps its checkout in Codex's home, which is deleted after the session: pass a "
                        + "permanent home with --codex-home DIR",
                refused.line());
        assertDoesNotThrow(() -> Codex.check(List.of("exec", "--worktree", "hi"), true));
    }

    @Test
    void theMessageNamesTheArgumentAndTheRemedy() {
        assertEquals(
                "codex -c model_provider would bypass the gateway: choose a provider of the gateway with -L "
                        + "before the --",
                assertThrows(UserError.class, () -> Codex.check(List.of("-c", "model_provider=x"), false))
                        .line());
        assertEquals(
                "codex login would bypass the gateway: run rpkai auth login: Codex uses the gateway's " + "sign-in",
                assertThrows(UserError.class, () -> Codex.check(List.of("login"), false))
                        .line());
    }
}
