package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

/// Tests how `rpkai explain claude` describes a launch.
class ExplainCommandTest {
    @TempDir
    Path temp;

    @Test
    void everyValueNamesItsOriginAndTheValuesItReplacesWithoutSecrets() {
        var machine = new Machine(temp)
                .with("ANTHROPIC_API_KEY", "sk-ant-secret")
                .with("HTTPS_PROXY", "http://proxy.corp:3128");
        var file = machine.write(
                "work/.claude/settings.json",
                "{\"apiKeyHelper\":\"echo sk-ant-other\","
                        + "\"env\":{\"ANTHROPIC_BASE_URL\":\"http://theirs\",\"HTTPS_PROXY\":\"http://theirs\"}}");

        var result = machine.run("explain", "claude", "-L", "demo", "-m", "claude-sonnet-5-5", "-o", "json");
        var lines = lines(result.out());

        assertEquals(0, result.exitCode(), result.err());
        assertEquals("-m", lines.get("model").path("from").asText());
        assertEquals(
                "embedded, for the session", lines.get("gateway").path("from").asText());
        assertEquals("(off)", lines.get("ANTHROPIC_API_KEY").path("value").asText());
        assertEquals(
                "environment",
                lines.get("ANTHROPIC_API_KEY").path("displaced").path(0).asText());
        assertEquals(
                file.toString(),
                lines.get("ANTHROPIC_BASE_URL").path("displaced").path(0).asText());
        assertEquals(
                file.toString(),
                lines.get("settings: apiKeyHelper").path("displaced").path(0).asText());
        // The gateway is on this machine.
        assertEquals("(off)", lines.get("HTTPS_PROXY").path("value").asText());
        assertEquals(
                "environment",
                lines.get("HTTPS_PROXY").path("displaced").path(0).asText());
        assertEquals(
                "<redacted>", lines.get("RPKAI_SESSION_TOKEN").path("value").asText());
        assertFalse(result.out().contains("sk-ant"), result.out());
    }

    @Test
    void theUsersProxyStaysForAGatewayElsewhereAndWhereItIsTyped() {
        var machine = new Machine(temp)
                .profile("prod", "ai_gateway_url: https://aigw.example")
                .with("HTTPS_PROXY", "http://proxy.corp:3128");
        machine.write("work/.claude/settings.json", "{\"env\":{\"HTTPS_PROXY\":\"http://theirs\"}}");

        var elsewhere = lines(machine.run("explain", "claude", "-L", "claude", "-o", "json")
                        .out())
                .get("HTTPS_PROXY");
        var typed = lines(
                machine.run("explain", "claude", "-L", "demo", "--embedded", "--pass-env", "HTTPS_PROXY", "-o", "json")
                        .out());

        assertEquals("http://proxy.corp:3128", elsewhere.path("value").asText());
        assertEquals("environment", elsewhere.path("from").asText());
        assertEquals("127.0.0.1", typed.get("NO_PROXY").path("value").asText());
    }

    @Test
    void explainingNeedsNeitherAgentNorSignIn() {
        var machine = new Machine(temp).profile("prod", "ai_gateway_url: http://127.0.0.1:9");

        var result = machine.run("explain", "claude", "-L", "claude");

        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().contains("(not installed)"), result.out());
        assertTrue(result.out().contains("environment \"prod\""), result.out());
    }

    @Test
    void aLaunchOfCodexIsExplainedKeyByKey() {
        var machine = new Machine(temp).with("OPENAI_API_KEY", "sk-secret").with("CODEX_HOME", "/their/home");

        var result = machine.run(
                "explain", "codex", "-L", "gpt", "-m", "gpt-x", "--endpoint", "https://aigw.example", "-o", "json");
        var lines = lines(result.out());

        assertEquals(0, result.exitCode(), result.err());
        assertEquals(
                "https://aigw.example/llm/v1/providers/gpt",
                lines.get("gateway").path("value").asText());
        assertEquals(
                "/their/home", lines.get("CODEX_HOME").path("displaced").path(0).asText());
        assertEquals(
                "environment",
                lines.get("OPENAI_API_KEY").path("displaced").path(0).asText());
        assertTrue(
                lines.keySet().stream().anyMatch(name -> name.startsWith("config: model_providers.")),
                lines.keySet().toString());
        assertFalse(result.out().contains("sk-secret"), result.out());
    }

    @Test
    void aLaunchOfEveryOtherAgentIsExplained() {
        var machine = new Machine(temp).with("OPENAI_API_KEY", "sk-secret");
        var file = machine.write("work/opencode.json", "{\"model\": \"x/y\", \"share\": \"disabled\"}");
        var dotenv = machine.write("work/.env", "export OPENAI_BASE_URL='https://theirs.example' # sk-secret\n");

        var opencode = lines(machine.run("explain", "opencode", "-L", "demo", "-m", "claude-x", "-o", "json")
                .out());
        var qwen = machine.run("explain", "qwen", "-L", "demo-openai", "-m", "gpt-x", "-o", "json");
        var exec = lines(machine.run("explain", "exec", "-L", "demo-openai", "-o", "json", "--", "ls", "-l")
                .out());

        assertEquals(
                file.toString(),
                opencode.get("settings: model").path("displaced").path(0).asText());
        assertEquals(0, opencode.get("settings: share").path("displaced").size());
        assertEquals(
                "(the settings below)",
                opencode.get("OPENCODE_CONFIG_CONTENT").path("value").asText());
        assertEquals("(not installed)", opencode.get("program").path("value").asText());
        assertEquals(
                dotenv.toString(),
                lines(qwen.out())
                        .get("OPENAI_BASE_URL")
                        .path("displaced")
                        .path(0)
                        .asText());
        assertEquals("ls -l", exec.get("command line").path("value").asText());
        assertEquals(
                "environment",
                exec.get("OPENAI_API_KEY").path("displaced").path(0).asText());
        assertFalse(qwen.out().contains("sk-secret"), qwen.out());
    }

    private static Map<String, JsonNode> lines(String json) {
        try {
            var lines = new TreeMap<String, JsonNode>();
            new ObjectMapper()
                    .readTree(json)
                    .forEach(line -> lines.put(line.path("name").asText(), line));
            return lines;
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
