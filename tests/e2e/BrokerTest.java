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
import tests.support.FakeGateway;
import tests.support.FakeIdentityProvider;
import tests.support.Machine;
import tests.support.ProviderJson;
import tests.support.Replies;
import tests.support.ResponsesReplies;

/// Real agents behind the relay of their launch.
@Tag("e2e")
class BrokerTest {
    private static final String LOGIN = "sk-ant-oat01-the-users-own-login";

    @TempDir
    Path temp;

    private Machine machine;
    private FakeIdentityProvider idp;
    private FakeGateway gateway;

    @BeforeEach
    void signIn() throws IOException {
        machine = new Machine(temp);
        idp = FakeIdentityProvider.start();
        gateway = FakeGateway.start().tokens(idp::isValid)
                .provider(ProviderJson.passthrough("own")).provider(ProviderJson.anthropic("claude")).provider(ProviderJson.openai("openai"));
        SignedIn.to(gateway.url(), idp, machine);
    }

    @AfterEach
    void close() {
        gateway.close();
        idp.close();
    }

    @Test
    void aPassthroughSessionOutlivesItsTokenAndItsToolsCannotReadOne() throws IOException {
        Agents.install(ClaudeCode.BINARY, machine);
        idp.lifetime(Duration.ofSeconds(6));
        SignedIn.to(gateway.url(), idp, machine);
        machine.with("CLAUDE_CODE_OAUTH_TOKEN", LOGIN);
        var rounds = new AtomicInteger();
        gateway.handle(call -> call.json().path("tools").isEmpty() ? gateway.standard(call)
                : rounds.getAndIncrement() > 0 && idp.refreshes() >= 1 || rounds.get() > 20 ? Replies.text("done").apply(call)
                : Replies.toolUse("Bash", Map.of("command", "env >> seen.txt; sleep 1", "description", "look")).apply(call));

        var ended = Agents.run(machine.start("run", "claude", "-L", "own", "--broker", "--", "--dangerously-skip-permissions", "-p", "hi"));

        assertEquals("done\n", ended.out(), ended.err());
        assertTrue(idp.refreshes() >= 1, "refreshes");
        for (var call : gateway.proxied()) {
            if (call.request().method().equals("HEAD")) continue;
            assertEquals(List.of("Bearer " + LOGIN), call.request().headers("authorization"), call.toString());
            assertTrue(idp.issued(call.request().header("X-Redpanda-Cloud-Token").orElse("")), call.toString());
        }
        var seen = Files.readString(machine.cwd().resolve("seen.txt"));
        assertTrue(seen.contains("ANTHROPIC_BASE_URL=http://127.0.0.1:"), seen);
        assertFalse(seen.contains("eyJ"), "a gateway token in the environment of a tool");
    }

    @Test
    void aManagedSessionIsAnsweredThroughTheRelay() throws IOException {
        Agents.install(ClaudeCode.BINARY, machine);
        gateway.handle(Replies.text("through"));

        var ended = Agents.run(machine.start("run", "claude", "-L", "claude", "--broker", "--", "-p", "hi"));

        assertEquals("through\n", ended.out(), ended.err());
        assertTrue(gateway.proxied().stream().filter(call -> !call.request().method().equals("HEAD")).allMatch(call -> idp.isValid(call.request().bearer().orElse(""))));
    }

    @Test
    void codexTakesAStaticTokenWhereTheRelayKeepsIt() throws IOException {
        Agents.install(lib.agents.codex.Codex.BINARY, machine);
        gateway.handle(ResponsesReplies.upstream(ResponsesReplies.text("through")));

        var ended = Agents.run(machine.with("RPAI_TOKEN", idp.signIn().accessToken()).start("run", "codex", "-L", "openai", "--broker", "--", "exec", "--skip-git-repo-check", "hi"));

        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().contains("through"), ended.out());
        assertTrue(gateway.proxied().stream().allMatch(call -> idp.isValid(call.request().bearer().orElse(""))));
    }
}
