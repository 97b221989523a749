package tests.e2e;

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
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.gateway.ProviderJson;
import tests.support.upstream.Replies;
import tests.support.upstream.ResponsesReplies;

/// Runs real agents through the relay of their launch.
@Tag("e2e")
class BrokeredAgentsTest {
    private static final String LOGIN = "sk-ant-oat01-the-users-own-login";

    @TempDir
    Path temp;

    private SignedInMachine it;

    @BeforeEach
    void signIn() throws IOException {
        it = SignedInMachine.to(
                temp, ProviderJson.passthrough("own"), ProviderJson.anthropic("claude"), ProviderJson.openai("openai"));
    }

    @AfterEach
    void close() {
        it.close();
    }

    @Test
    void aPassthroughSessionOutlivesItsTokenAndItsToolsCannotReadOne() throws IOException {
        Agents.install(ClaudeCode.BINARY, it.machine());
        it.idp().lifetime(Duration.ofSeconds(6));
        it.signIn();
        it.machine().with("CLAUDE_CODE_OAUTH_TOKEN", LOGIN);
        var rounds = new AtomicInteger();
        it.gateway()
                .handle(call -> call.json().path("tools").isEmpty()
                        ? it.gateway().standard(call)
                        : rounds.getAndIncrement() > 0 && it.idp().refreshes() >= 1 || rounds.get() > 20
                                ? Replies.text("done").apply(call)
                                : Replies.toolUse(
                                                "Bash",
                                                Map.of("command", "env >> seen.txt; sleep 1", "description", "look"))
                                        .apply(call));

        var ended = Agents.run(it.machine()
                .start("run", "claude", "-L", "own", "--broker", "--", "--dangerously-skip-permissions", "-p", "hi"));

        assertEquals("done\n", ended.out(), ended.err());
        assertTrue(it.idp().refreshes() >= 1, "refreshes");
        for (var call : it.gateway().proxied()) {
            if (call.request().method().equals("HEAD")) continue;
            assertEquals(List.of("Bearer " + LOGIN), call.request().headers("authorization"), call.toString());
            assertTrue(
                    it.idp()
                            .issued(call.request()
                                    .header("X-Redpanda-Cloud-Token")
                                    .orElse("")),
                    call.toString());
        }
        var seen = Files.readString(it.machine().cwd().resolve("seen.txt"));
        assertTrue(seen.contains("ANTHROPIC_BASE_URL=http://127.0.0.1:"), seen);
        assertFalse(seen.contains("eyJ"), "a gateway token in the environment of a tool");
    }

    @Test
    void aManagedSessionIsAnsweredThroughTheRelay() throws IOException {
        Agents.install(ClaudeCode.BINARY, it.machine());
        it.gateway().handle(Replies.text("through"));

        var ended = Agents.run(it.machine().start("run", "claude", "-L", "claude", "--broker", "--", "-p", "hi"));

        assertEquals("through\n", ended.out(), ended.err());
        assertTrue(it.gateway().proxied().stream()
                .filter(call -> !call.request().method().equals("HEAD"))
                .allMatch(call -> it.idp().isValid(call.request().bearer().orElse(""))));
    }

    @Test
    void codexTakesAStaticTokenWhereTheRelayKeepsIt() throws IOException {
        Agents.install(lib.agents.codex.Codex.BINARY, it.machine());
        it.gateway().handle(ResponsesReplies.upstream(ResponsesReplies.text("through")));

        var ended = Agents.run(it.machine()
                .with("RPAI_TOKEN", it.idp().signIn().accessToken())
                .start("run", "codex", "-L", "openai", "--broker", "--", "exec", "--skip-git-repo-check", "hi"));

        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().contains("through"), ended.out());
        assertTrue(it.gateway().proxied().stream()
                .allMatch(call -> it.idp().isValid(call.request().bearer().orElse(""))));
    }
}
