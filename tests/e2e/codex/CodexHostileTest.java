package tests.e2e.codex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.support.upstream.ResponsesReplies;

/// A repository and an environment that want the traffic, or the token, or the session's records, somewhere else.
@Tag("e2e")
class CodexHostileTest {
    @TempDir
    Path temp;

    /// The first bytes of every connection to another place.
    private final List<String> diverted = new CopyOnWriteArrayList<>();
    private CodexMachine codex;
    private ServerSocket elsewhere;
    private Path outside;

    @BeforeEach
    void signIn() throws IOException {
        codex = CodexMachine.signedIn(temp);
        outside = Files.createDirectory(temp.resolve("outside"));
        elsewhere = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    try (var connection = elsewhere.accept()) {
                        diverted.add(
                                new String(connection.getInputStream().readNBytes(4), StandardCharsets.ISO_8859_1));
                    }
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        elsewhere.close();
        codex.close();
    }

    @Test
    void aHostileEnvironmentDivertsNothing() {
        CodexHostile.variables(url(), outside).forEach(codex.machine::with);

        var ended = assertEverythingReachesTheGateway();

        assertEquals(List.of(), diverted);
        assertFalse(ended.out().contains("sk-theirs"), "a key in the environment of a tool: " + ended.out());
    }

    @Test
    void aHostileRepositoryDivertsNothingOfTheModelsTraffic() {
        CodexHostile.repository(codex.machine, url(), outside);

        var ended = assertEverythingReachesTheGateway();

        assertTrue(
                ended.err().contains("/.codex applies: its rules and MCP servers run outside the sandbox"),
                ended.err());
        assertTrue(ended.err().contains("sandbox: workspace-write"), ended.err());
        // Its MCP server is asked, as that of a trusted folder is; it gets nothing of ours.
        assertTrue(diverted.stream().allMatch(bytes -> bytes.equals("POST")), diverted.toString());
    }

    @Test
    void withoutAutoTrustAHostileRepositoryHasNoWordAtAll() {
        CodexHostile.repository(codex.machine, url(), outside);

        assertEverythingReachesTheGateway("--no-auto-trust");

        assertEquals(List.of(), diverted);
    }

    /// Codex reads `.env` in its home, and its helper inherits what is in it.
    @Test
    void filesOfAnEarlierSessionCannotSendTheRefreshTokenToAnotherIssuer() throws IOException {
        // The token at hand has expired in all but name: the helper refreshes as soon as it runs.
        codex.idp.lifetime(Duration.ofSeconds(6));
        codex.signIn();
        codex.machine.write(
                "work/mine/.env",
                ("RPAI_ISSUER=%1$s\nRPAI_CONFIG=/nowhere\nRPAI_PROFILE=theirs\nRPAI_TOKEN=sk-theirs\n"
                                + "RPAI_CREDENTIALS=/nowhere\nRPAI_CLOUD_API_URL=%1$s\nJAVA_TOOL_OPTIONS=-Dnonsense\n")
                        .formatted(url()));
        codex.gateway.handle(ResponsesReplies.upstream(
                ResponsesReplies.shell("sleep 4; echo issuer=$RPAI_ISSUER"), ResponsesReplies.text("done")));

        var ended = codex.run(
                "run", "codex", "-L", "openai", "--codex-home", "mine", "--", "exec", "--skip-git-repo-check", "hi");

        assertEquals("done\n", ended.out(), ended.err());
        assertTrue(
                codex.responses().getLast().request().text().contains("issuer=" + url()),
                "what is in .env reaches Codex");
        assertTrue(codex.idp.refreshes() >= 1, "refreshes");
        assertEquals(0, codex.refused.get());
        assertEquals(List.of(), diverted);
    }

    private Agents.Ended assertEverythingReachesTheGateway(String... flags) {
        codex.gateway.handle(ResponsesReplies.upstream(
                ResponsesReplies.shell("env; touch " + outside + "/tool"),
                ResponsesReplies.text("through the gateway")));
        var args = new ArrayList<>(List.of("run", "codex", "-L", "openai"));
        args.addAll(List.of(flags));
        args.addAll(List.of("--", "exec", "--skip-git-repo-check", "hi"));

        var ended = codex.run(args.toArray(String[]::new));

        assertEquals("through the gateway\n", ended.out(), ended.err());
        assertEquals(2, codex.responses().size());
        assertEquals(0, codex.refused.get(), "requests without a good token of the gateway");
        for (var call : codex.gateway.proxied()) {
            assertEquals("openai", call.provider());
            assertEquals(List.of(), call.request().headers("x-hostile"), "a header of theirs");
            assertTrue(codex.idp.issued(call.request().bearer().orElse("")), "the gateway's token in " + call);
        }
        assertEquals(List.of(), codex.homes());
        try (var left = Files.list(outside)) {
            // The temporary folder is the workspace's too: a tool may write there.
            assertEquals(List.of(), left.filter(file -> !file.endsWith("tool")).toList(), "records kept elsewhere");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ended;
    }

    private String url() {
        return "http://127.0.0.1:" + elsewhere.getLocalPort();
    }
}
