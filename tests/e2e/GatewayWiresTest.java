package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import lib.agents.AgentBinary;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Caller;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;

/// Runs the real agents on every API format of the embedded gateway, and tests how they react to its errors.
@Tag("e2e")
class GatewayWiresTest {
    @TempDir
    Path temp;

    private Machine machine;

    @Test
    void claudeOnBedrockIsAnsweredByTheDemoModel() {
        on(ClaudeCode.BINARY);
        var ended = Agents.run(machine.start("run", "claude", "-L", "demo-bedrock", "--", "-p", "Say hello"));

        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().startsWith("Hello"), ended.out());
    }

    @Test
    void claudeOnBedrockCallsAToolAndReadsItsResult() throws IOException {
        on(ClaudeCode.BINARY);
        var ended = Agents.run(machine.start(
                "run",
                "claude",
                "-L",
                "demo-bedrock",
                "--",
                "--dangerously-skip-permissions",
                "-p",
                "run: echo made by a tool > made.txt; cat made.txt"));

        assertEquals("made by a tool\n", Files.readString(machine.cwd().resolve("made.txt")));
        assertTrue(ended.out().contains("made by a tool"), ended.out() + ended.err());
    }

    /// Runs with a model of Codex's own, which writes JavaScript, and with one that it does not know, which calls
    /// a function.
    @ParameterizedTest
    @CsvSource({"gpt-6.1-sol", "gpt-demo"})
    void codexCallsAToolAndReadsItsResult(String model) throws IOException {
        on(Codex.BINARY);
        var ended = Agents.run(machine.start(
                "run",
                "codex",
                "-L",
                "demo-openai",
                "-m",
                model,
                "--",
                "exec",
                "--skip-git-repo-check",
                "--dangerously-bypass-approvals-and-sandbox",
                "run: echo made by a tool > made.txt; cat made.txt"));

        assertEquals("made by a tool\n", Files.readString(machine.cwd().resolve("made.txt")), ended.err());
        assertEquals("The command printed:\n\nmade by a tool\n", ended.out(), ended.err());
    }

    @Test
    void codexOnTheWrongWireIsToldWhichToUse() {
        on(Codex.BINARY);
        var ended = Agents.run(machine.start("run", "codex", "-L", "demo", "--", "exec", "hi"));

        assertTrue(ended.err().contains("use -L demo-openai"), ended.err());
    }

    @ParameterizedTest
    @CsvSource({
        "claude, ANTHROPIC, off,     is disabled: run rpkai llm update off --enabled",
        "claude, ANTHROPIC, limited, it allows model-a",
        "claude, BEDROCK,   off,     is disabled: run rpkai llm update off --enabled",
        "claude, BEDROCK,   limited, it allows model-a",
        "codex,  OPENAI,    off,     is disabled: run rpkai llm update off --enabled",
        "codex,  OPENAI,    limited, it allows model-a"
    })
    void anAgentStopsAtOnceAndShowsWhy(String agent, String type, String provider, String reason) throws IOException {
        on(agent.equals("codex") ? Codex.BINARY : ClaudeCode.BINARY);
        var wire = ProviderType.of("LLM_PROVIDER_TYPE_" + type);
        var hosted = new HostedProvider(
                Provider.of(provider, wire)
                        .withModels(List.of("model-a"))
                        .withOption(Provider.Option.ENABLED, !provider.equals("off")),
                new Upstream.Demo());
        var ended = refused(hosted, asked -> true, command(agent, type, provider));

        assertTrue((ended.out() + ended.err()).contains(reason), ended.out() + ended.err());
        assertTrue(ended.exitCode() != 0, ended.out());
    }

    @Test
    void aGatewayTokenThatHasExpiredBesideALoginIsNotTakenForTheLoginsEnd() throws IOException {
        on(ClaudeCode.BINARY);
        machine.with("CLAUDE_CODE_OAUTH_TOKEN", "sk-ant-oat01-mine");
        var hosted = new HostedProvider(
                Provider.of("mine", ProviderType.ANTHROPIC).withOption(Provider.Option.PASSTHROUGH, true),
                Upstream.passthrough(URI.create("http://127.0.0.1:1")));
        // Valid for the launch only.
        var ended =
                refused(hosted, asked -> asked == 1, "run", "claude", "--passthrough", "-L", "mine", "--", "-p", "hi");

        assertTrue(ended.out().contains("run rpkai auth login, then launch again"), ended.out() + ended.err());
        assertTrue(ended.exitCode() != 0, ended.out());
    }

    /// The calls that agents make are known to a list of models.
    @ParameterizedTest
    @CsvSource({"claude, ANTHROPIC", "claude, BEDROCK", "codex, OPENAI"})
    void anAgentIsAnsweredWhereItsModelIsListed(String agent, String type) throws IOException {
        on(agent.equals("codex") ? Codex.BINARY : ClaudeCode.BINARY);
        var hosted = new HostedProvider(
                Provider.of("limited", ProviderType.of("LLM_PROVIDER_TYPE_" + type))
                        .withModels(List.of("model-a")),
                new Upstream.Demo());
        var command = new ArrayList<>(List.of(command(agent, type, "limited")));
        command.addAll(command.indexOf("--"), List.of("-m", "model-a"));
        try (var idp = FakeIdentityProvider.start();
                var gateway = EmbeddedGateway.start(GatewayConfig.local(
                        List.of(hosted),
                        token -> idp.isValid(token)
                                ? Optional.of(new Caller("user", Caller.Role.USER))
                                : Optional.empty()))) {
            SignedInAgents.to(gateway.baseUrl().toString(), idp, machine);
            var ended = Agents.run(machine.start(command.toArray(String[]::new)));

            assertEquals(0, ended.exitCode(), ended.out() + ended.err());
            assertTrue(ended.out().contains("demo model"), ended.out() + ended.err());
        }
    }

    /// The gateway refuses the first token of the helper with its own 401: Claude Code asks for another, and goes
    /// on.
    @Test
    void claudeRunsItsHelperAgainAtARefusedTokenAndGoesOn() throws IOException {
        on(ClaudeCode.BINARY);
        var runs = temp.resolve("runs");
        var helper = machine.program("helper", "echo run >> '" + runs + "'\necho token-$(wc -l < '" + runs + "')\n");
        var hosted = new HostedProvider(Provider.of("demo", ProviderType.ANTHROPIC), new Upstream.Demo());
        try (var gateway = EmbeddedGateway.start(GatewayConfig.local(
                List.of(hosted),
                token -> token.startsWith("token-") && !token.equals("token-1")
                        ? Optional.of(new Caller("invoker", Caller.Role.INVOKER))
                        : Optional.empty()))) {
            machine.with("ANTHROPIC_BASE_URL", gateway.baseUrl() + "/llm/v1/providers/demo")
                    .with("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
            var settings = "{\"apiKeyHelper\": \"'%s'\"}".formatted(helper);

            var ended = Agents.run(machine.process(
                    List.of(Agents.program(ClaudeCode.BINARY).toString(), "--settings", settings, "-p", "Say hello")));

            assertTrue(ended.out().startsWith("Hello"), ended.out() + ended.err());
            assertTrue(Files.readAllLines(runs).size() >= 2, "the helper ran once");
        }
    }

    private static String[] command(String agent, String type, String provider) {
        var command = new ArrayList<>(List.of("run", agent, "-L", provider));
        if (type.equals("BEDROCK")) command.add("--bedrock");
        command.addAll(
                agent.equals("codex")
                        ? List.of("--", "exec", "--skip-git-repo-check", "hi")
                        : List.of("--", "-p", "hi"));
        return command.toArray(String[]::new);
    }

    /// Launches an agent at a gateway that lets it use the proxy and no more, so that the launch can't know
    /// beforehand; checks that it did not try again: Codex would six times, Claude Code eleven.
    ///
    /// @param good whether the nth token shown is good
    private Agents.Ended refused(HostedProvider hosted, IntPredicate good, String... command) throws IOException {
        var asked = new AtomicInteger();
        try (var idp = FakeIdentityProvider.start();
                var gateway = EmbeddedGateway.start(GatewayConfig.local(
                        List.of(hosted),
                        token -> good.test(asked.incrementAndGet()) && idp.isValid(token)
                                ? Optional.of(new Caller("invoker", Caller.Role.INVOKER))
                                : Optional.empty()))) {
            SignedInAgents.to(gateway.baseUrl().toString(), idp, machine);
            var ended = Agents.run(machine.start(command));
            // The first was the launch's own. Claude Code asks once; Codex asks for models too, up to four times.
            var most = command[1].equals("codex") ? 5 : 1;
            assertTrue(asked.get() - 1 <= most, asked + " requests: " + ended.out() + ended.err());
            return ended;
        }
    }

    private void on(AgentBinary agent) {
        machine = new Machine(temp).with("TMPDIR", temp.resolve("tmp").toString());
        temp.resolve("tmp").toFile().mkdir();
        Agents.install(agent, machine);
    }
}
