package tests.e2e.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.e2e.SignedInMachine;
import tests.support.Fault;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;
import tests.support.upstream.BedrockReplies;
import tests.support.upstream.ProxyCall;
import tests.support.upstream.Recorded;
import tests.support.upstream.Replies;
import tests.support.upstream.Reply;

/// The real Claude Code on the user's own subscription, and on Bedrock.
@Tag("e2e")
@Tag("waits")
class ClaudeModesTest {
    private static final String LOGIN = "sk-ant-oat01-the-users-own-login";

    @TempDir
    Path temp;

    private SignedInMachine it;

    @BeforeEach
    void signIn() throws IOException {
        it = SignedInMachine.to(temp, ProviderJson.passthrough("own"), ProviderJson.bedrock("aws", "us-east-1"));
        Agents.install(ClaudeCode.BINARY, it.machine());
    }

    @AfterEach
    void close() {
        it.close();
    }

    @Test
    void passthroughCarriesTheLoginAndTheGatewayTokenSideBySide() throws IOException {
        it.machine().with("CLAUDE_CODE_OAUTH_TOKEN", LOGIN);
        it.gateway().handle(toolThenText(reply -> reply));

        var ended = Agents.run(
                it.machine().start("run", "claude", "-L", "own", "--", "--dangerously-skip-permissions", "-p", "hi"));

        assertEquals("the tool said made\n", ended.out(), ended.err());
        for (var call : messages()) {
            assertEquals(List.of("Bearer " + LOGIN), call.request().headers("authorization"), call.toString());
            assertTrue(
                    it.idp()
                            .isValid(call.request()
                                    .header("X-Redpanda-Cloud-Token")
                                    .orElse("")),
                    call.toString());
            assertEquals(List.of(), call.request().headers("x-api-key"), call.toString());
        }
        assertEquals("made\n", Files.readString(it.machine().cwd().resolve("made.txt")));
    }

    @Test
    void passthroughIsForcedWhereTheProviderCantBeRead() {
        it.machine().with("CLAUDE_CODE_OAUTH_TOKEN", LOGIN);
        it.gateway().failAlways(Endpoint.GET_PROVIDER, Fault.connect("permission_denied", "invoke only"));
        it.gateway().handle(Replies.text("through"));

        var ended = Agents.run(it.machine().start("run", "claude", "-L", "own", "--passthrough", "--", "-p", "hi"));

        assertEquals("through\n", ended.out(), ended.err());
    }

    @Test
    void bedrockAsksTheGatewayWithItsTokenAndNeverAws() throws IOException {
        // AWS's own variables are someone else's business: they must not divert, and need not be there.
        it.machine()
                .with("AWS_ACCESS_KEY_ID", "AKIATHEIRS")
                .with("AWS_SECRET_ACCESS_KEY", "theirs")
                .with("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        it.gateway().handle(toolThenText(BedrockReplies::of));

        var ended = Agents.run(it.machine()
                .start(
                        "run",
                        "claude",
                        "-L",
                        "aws",
                        "-m",
                        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                        "--",
                        "--dangerously-skip-permissions",
                        "-p",
                        "hi"));

        assertEquals("the tool said made\n", ended.out(), ended.err());
        for (var call : messages()) {
            assertTrue(call.path().startsWith("model/us.anthropic.claude-sonnet-4-5-20250929-v1"), call.path());
            assertTrue(it.idp().isValid(call.request().bearer().orElse("")), call.toString());
        }
    }

    @Test
    void bedrockOutlivesItsTokens() throws IOException {
        it.idp().lifetime(Duration.ofSeconds(20));
        it.signIn();
        var refused = new AtomicInteger();
        it.gateway().tokens(token -> it.idp().isValid(token) || refused.incrementAndGet() < 0);
        // The session goes on until tokens were renewed four times, however slow the machine is; or for four
        // minutes.
        var end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        it.gateway()
                .handle(call -> BedrockReplies.of(
                                it.idp().refreshes() < 4 && System.nanoTime() < end
                                        ? Replies.toolUse("Bash", Map.of("command", "sleep 2", "description", "wait"))
                                        : Replies.text("done"))
                        .apply(call));

        var ended = Agents.run(it.machine()
                .start("run", "claude", "-L", "aws", "--", "--dangerously-skip-permissions", "-p", "work for a while"));

        assertEquals("done\n", ended.out(), ended.err());
        assertTrue(it.idp().refreshes() >= 4, "refreshes: " + it.idp().refreshes());
        // On Bedrock Claude Code does not wait for a token that is about to end: after a long pause one may be
        // refused, and is sent again with a fresh one.
        assertTrue(
                refused.get() <= it.idp().refreshes(),
                "requests with a token that was no longer good: " + refused.get());
    }

    @Test
    void passthroughIsRefusedInARepositoryThatTurnsAnotherTransportOn() {
        var file =
                it.machine().write("work/.claude/settings.local.json", "{\"env\":{\"CLAUDE_CODE_USE_VERTEX\":\"1\"}}");

        var ended = Agents.run(it.machine().start("run", "claude", "-L", "own", "--", "-p", "hi"));

        assertEquals(1, ended.exitCode());
        assertTrue(
                ended.err()
                        .endsWith(("rpkai: %s sets CLAUDE_CODE_USE_VERTEX, which turns another transport "
                                        + "on: remove it from that file, then launch again\n")
                                .formatted(file)),
                ended.err());
        assertFalse(
                it.gateway().requests().stream().anyMatch(call -> call.path().startsWith("/llm/")));
    }

    private List<ProxyCall> messages() {
        var calls = it.gateway().proxied().stream()
                .filter(call -> call.request().method().equals("POST"))
                .toList();
        assertTrue(calls.size() >= 2, "requests: " + calls.size());
        return calls;
    }

    private Function<Recorded, Reply> toolThenText(
            Function<Function<Recorded, Reply>, Function<Recorded, Reply>> wire) {
        return call -> wire.apply(
                        call.text().contains("tool_result")
                                ? Replies.text("the tool said made")
                                : Replies.toolUse(
                                        "Bash", Map.of("command", "echo made > made.txt", "description", "make")))
                .apply(call);
    }
}
