package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import lib.agents.AgentBinary;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import lib.base.Host;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.http.TinyProxy;
import tests.support.Machine;
import tests.support.upstream.RecordingUpstream;

/// The real agents, each with a proxy that its user and its repository name in every way there is. The traffic
/// stays on this machine, so the proxy hears of nothing.
@Tag("e2e")
class RecordedProxyTest {
    private static final List<String> SPELLINGS = List.of(
            "HTTPS_PROXY",
            "HTTP_PROXY",
            "ALL_PROXY",
            "https_proxy",
            "http_proxy",
            "all_proxy",
            "npm_config_proxy",
            "npm_config_https_proxy");

    private Path root;
    private RecordingUpstream upstream;
    private TinyProxy proxy;
    private Machine machine;

    @BeforeEach
    void start() throws IOException {
        // Below the home, for Gemini CLI's sake.
        root = Files.createTempDirectory(
                Files.createDirectories(Host.system().cache().resolveSibling("rpkai-tests")), "machine");
        upstream = RecordingUpstream.start();
        proxy = new TinyProxy(URI.create(upstream.url()).getPort(), Optional.empty());
        machine = new Machine(root);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        upstream.close();
        try (var files = Files.walk(root)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }

    @Test
    void claudeCodeUsesNone() {
        machine.write("work/.claude/settings.json", settings().toString());
        machine.write("home/.claude/settings.json", settings().toString());

        answeredWithout(ClaudeCode.BINARY, "run", "claude", "-L", "demo", "--", "-p", "Say hello");
    }

    @Test
    void codexUsesNone() {
        answeredWithout(
                Codex.BINARY, "run", "codex", "-L", "demo-openai", "--", "exec", "--skip-git-repo-check", "Say hello");
    }

    @Test
    void openCodeUsesNone() {
        answeredWithout(
                binary("opencode"),
                "run",
                "opencode",
                "-L",
                "demo",
                "-m",
                "claude-sonnet-5-5",
                "--",
                "run",
                "Say hello");
    }

    @Test
    void geminiCliUsesNone() {
        machine.write("work/.gemini/settings.json", settings().toString());
        machine.write("work/.gemini/.env", dotenv());

        answeredWithout(
                binary("gemini"), "run", "gemini", "-L", "demo-google", "--", "--skip-trust", "-p", "Say hello");
    }

    @Test
    void qwenCodeUsesNone() {
        machine.write("work/.qwen/settings.json", settings().toString());
        machine.write("work/.qwen/.env", dotenv());
        machine.write("home/.qwen/settings.json", settings().toString());

        answeredWithout(binary("qwen"), "run", "qwen", "-L", "demo-openai", "-m", "gpt-demo", "--", "-p", "Say hello");
    }

    /// The launch is answered, and the proxy was asked for nothing.
    private void answeredWithout(AgentBinary agent, String... command) {
        Agents.install(agent, machine);
        machine.write("work/.env", dotenv());
        SPELLINGS.forEach(name -> machine.with(name, proxy.url()));

        var ended = Agents.run(machine.start(command));

        assertEquals(List.of(), proxy.requests(), ended.err());
        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().contains("Hello! This is rpkai's demo model speaking."), ended.out() + ended.err());
    }

    private String dotenv() {
        var lines = new ArrayList<>(
                SPELLINGS.stream().map(name -> name + "=" + proxy.url()).toList());
        lines.add("NO_PROXY=none.example");
        return String.join("\n", lines) + "\n";
    }

    /// Settings as all of these agents read them: `env`, and Qwen Code's `proxy`.
    private ObjectNode settings() {
        var settings = JsonNodeFactory.instance.objectNode().put("proxy", proxy.url());
        var env = settings.putObject("env").put("NO_PROXY", "none.example");
        SPELLINGS.forEach(name -> env.put(name, proxy.url()));
        return settings;
    }

    private static AgentBinary binary(String name) {
        return lib.agents.registry.Agents.ALL.stream()
                .filter(agent -> agent.name().equals(name))
                .findFirst()
                .orElseThrow()
                .agent()
                .binary();
    }
}
