package tests.e2e.codex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.agents.codex.Codex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.support.Machine;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.ResponsesReplies;

/// The real Codex through the embedded gateway.
@Tag("e2e")
class CodexEmbeddedTest {
    private static final String KEY = "sk-upstream-key-of-the-test";

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void installCodex() {
        machine = new Machine(temp).with("TMPDIR", temp.resolve("tmp").toString());
        temp.resolve("tmp").toFile().mkdir();
        Agents.install(Codex.BINARY, machine);
    }

    @Test
    void aPromptIsAnsweredByTheDemoModelWithoutAnAccount() {
        var ended = Agents.run(
                machine.start("run", "codex", "-L", "demo-openai", "--", "exec", "--skip-git-repo-check", "Say hello"));

        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().startsWith("Hello"), ended.out() + ended.err());
        assertTrue(
                ended.err()
                        .startsWith("rpkai: no environment is configured, using the embedded gateway (run rpkai auth "
                                + "login to use your organisation's)\n"),
                ended.err());
    }

    @Test
    void theUpstreamGetsTheStoredKeyAndNothingOfTheGateway() throws IOException {
        try (var upstream = RecordingUpstream.start()) {
            upstream.handle(ResponsesReplies.upstream(
                    ResponsesReplies.shell("env > env.txt"), ResponsesReplies.text("The tool did it.")));
            machine.with("OPENAI_API_KEY", KEY).with("OPENAI_BASE_URL", upstream.url() + "/v1");

            var ended = Agents.run(
                    machine.start("run", "codex", "-L", "openai", "--", "exec", "--skip-git-repo-check", "hi"));

            assertEquals("The tool did it.\n", ended.out(), ended.err());
            assertFalse(upstream.requests().isEmpty());
            for (var call : upstream.requests())
                assertEquals(List.of("Bearer " + KEY), call.headers("authorization"), call.toString());
            var environment = Files.readString(machine.cwd().resolve("env.txt"));
            for (var secret : List.of(KEY, "RPKAI_TOKEN_"))
                assertFalse(environment.contains(secret), secret + " in the environment of a tool");
        }
    }
}
