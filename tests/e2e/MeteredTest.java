package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.agents.AgentBinary;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.CallListener;
import lib.gateway.upstream.Upstream;
import lib.usage.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.gateway.FakeUsage;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Replies;
import tests.support.upstream.ResponsesReplies;

/// Runs the real agents, a tool call each: the gateway counts the usage that the upstream reports. An hour of
/// them is in RecordedHourTest.
@Tag("e2e")
class MeteredTest {
    @TempDir
    Path temp;

    private final List<Call> calls = new CopyOnWriteArrayList<>();

    @Test
    void claudeCodesTokensAreTheUpstreams() {
        try (var upstream = RecordingUpstream.start()) {
            var script = Replies.script(
                    Replies.toolUse(
                            "Bash",
                            Map.of("command", "ls", "description", "look"),
                            new FakeUsage(3, 40, 0, 12_000, 500)),
                    Replies.text("done", new FakeUsage(7, 5, 12_500, 90, 0)));
            upstream.handle(call -> call.json().path("tools").isEmpty() ? upstream.standard(call) : script.apply(call));

            run(
                    ClaudeCode.BINARY,
                    ProviderType.ANTHROPIC,
                    Upstream.keyed(ProviderType.ANTHROPIC, URI.create(upstream.url()), new Secret("k")),
                    "run",
                    "claude",
                    "-L",
                    "p",
                    "-m",
                    "claude-opus-5-5",
                    "--",
                    "--dangerously-skip-permissions",
                    "-p",
                    "go");
        }

        var told =
                calls.stream().filter(call -> call.usage().cacheWrite5m() > 0).toList();
        assertEquals(
                List.of(new lib.usage.Usage(3, 40, 0, 12_000, 500, 0), new lib.usage.Usage(7, 5, 12_500, 90, 0, 0)),
                told.stream().map(Call::usage).toList());
        assertAre("claude-code", "claude-opus-5-5", told);
    }

    @Test
    void codexsTokensAreTheUpstreams() {
        try (var upstream = RecordingUpstream.start()) {
            upstream.handle(ResponsesReplies.upstream(ResponsesReplies.shell("ls"), ResponsesReplies.text("done")));

            run(
                    Codex.BINARY,
                    ProviderType.OPENAI,
                    Upstream.keyed(ProviderType.OPENAI, URI.create(upstream.url() + "/v1"), new Secret("k")),
                    "run",
                    "codex",
                    "-L",
                    "p",
                    "-m",
                    "gpt-6.1-sol",
                    "--",
                    "exec",
                    "--skip-git-repo-check",
                    "go");
        }

        // What ResponsesReplies says each time.
        var each = new lib.usage.Usage(25, 12, 0, 0, 0, 0);
        assertEquals(List.of(each, each), calls.stream().map(Call::usage).toList());
        assertAre("codex", "gpt-6.1-sol", calls);
    }

    private void run(AgentBinary agent, ProviderType type, Upstream upstream, String... command) {
        var provider = new HostedProvider(Provider.of("p", type), upstream);
        try (var gateway = EmbeddedGateway.start(GatewayConfig.local(List.of(provider), Authenticator.ANYONE)
                .withCallListener(new CallListener(calls::add, InstantSource.system())))) {
            var machine = new Machine(temp)
                    .profile("team", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.baseUrl()))
                    .with("TMPDIR", temp.resolve("tmp").toString());
            temp.resolve("tmp").toFile().mkdir();
            Agents.install(agent, machine);
            var ended = Agents.run(machine.start(command));
            assertEquals(0, ended.exitCode(), ended.out() + ended.err());
        }
    }

    private static void assertAre(String agent, String model, List<Call> calls) {
        assertEquals(1, calls.stream().map(Call::session).distinct().count());
        for (var call : calls) {
            assertEquals(agent, call.agent().replaceFirst("_.*", ""), call.toString());
            assertEquals(model, call.model());
            assertFalse(call.session().isEmpty(), call.toString());
        }
    }
}
