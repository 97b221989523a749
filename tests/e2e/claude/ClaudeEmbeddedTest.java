package tests.e2e.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.support.Machine;
import tests.support.upstream.Recorded;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Replies;
import tests.support.upstream.Reply;

/// The real Claude Code through the embedded gateway.
@Tag("e2e")
class ClaudeEmbeddedTest {
    private static final String KEY = "sk-ant-upstream-key-of-the-test";

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void installClaude() {
        machine = new Machine(temp);
        Agents.install(ClaudeCode.BINARY, machine);
    }

    @Test
    void aPromptIsAnsweredByTheDemoModelWithoutAnAccount() {
        var ended = Agents.run(machine.start("run", "claude", "-L", "demo", "--", "-p", "Say hello"));

        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().startsWith("Hello"), ended.out());
        assertTrue(
                ended.err()
                        .matches("rpkai: no environment is configured, using the embedded gateway \\(run rpkai auth "
                                + "login to use your organisation's\\)\nrpkai: 1 request, [0-9.k]+ "
                                + "tokens, free \\(demo model\\).*\n"),
                ended.err());
    }

    @Test
    void theDemoModelCallsAToolAndReadsItsResult() throws IOException {
        var ended = Agents.run(machine.start(
                "run",
                "claude",
                "-L",
                "demo",
                "--",
                "--dangerously-skip-permissions",
                "-p",
                "run: echo made by a tool > made.txt; cat made.txt"));

        assertEquals(0, ended.exitCode(), ended.err());
        assertEquals("made by a tool\n", Files.readString(machine.cwd().resolve("made.txt")));
        assertTrue(ended.out().contains("made by a tool"), ended.out());
    }

    @Test
    void aToolCallAndTwoTurnsReachTheUpstreamWithTheStoredKeyAndNothingOfTheGateway() throws IOException {
        try (var upstream = RecordingUpstream.start()) {
            machine.with("ANTHROPIC_API_KEY", KEY).with("ANTHROPIC_BASE_URL", upstream.url());
            upstream.handle(skippingSideCalls(
                    upstream,
                    Replies.script(
                            Replies.toolUse(
                                    "Bash",
                                    Map.of("command", "env > env.txt; echo from the tool", "description", "look")),
                            Replies.text("The tool said it."),
                            Replies.text("Second answer."))));

            var first = Agents.run(machine.start(
                    "run",
                    "claude",
                    "-L",
                    "anthropic",
                    "--",
                    "--dangerously-skip-permissions",
                    "-p",
                    "first question"));
            var second =
                    Agents.run(machine.start("run", "claude", "-L", "anthropic", "--", "-c", "-p", "second question"));

            assertEquals("The tool said it.\n", first.out(), first.err());
            assertEquals("Second answer.\n", second.out(), second.err());
            var asked = mainCalls(upstream);
            assertTrue(asked.get(1).text().contains("from the tool"), "the tool's result");
            assertTrue(
                    asked.get(2).text().contains("first question")
                            && asked.get(2).text().contains("second question"),
                    "both turns");
            for (var call : upstream.requests()) {
                assertEquals(List.of(KEY), call.headers("x-api-key"), call.toString());
                assertEquals(List.of(), call.headers("authorization"), call.toString());
            }
            var seen = Files.readString(machine.cwd().resolve("env.txt"));
            assertFalse(seen.contains(KEY), "the key in the environment of the agent's tools");
        }
    }

    @Test
    void theUpstreamGetsTheSameRequestAsFromClaudeCodeLaunchedByHand() {
        try (var upstream = RecordingUpstream.start()) {
            machine.with("ANTHROPIC_API_KEY", KEY)
                    .with("ANTHROPIC_BASE_URL", upstream.url())
                    .with("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
            Agents.run(machine.start("run", "claude", "-L", "anthropic", "-m", "claude-sonnet-4-5", "--", "-p", "hi"));
            var through = mainCalls(upstream);
            Agents.run(machine.process(List.of("/usr/bin/env", "claude", "--model", "claude-sonnet-4-5", "-p", "hi")));
            var byHand = mainCalls(upstream)
                    .subList(through.size(), mainCalls(upstream).size());

            assertEquals(1, through.size());
            assertEquals(byHand.getFirst().target(), through.getFirst().target());
            assertEquals(headerNames(byHand.getFirst()), headerNames(through.getFirst()));
            for (var field : List.of("model", "system", "tools", "max_tokens", "stream")) {
                assertEquals(withoutIds(byHand.getFirst(), field), withoutIds(through.getFirst(), field), field);
            }
        }
    }

    /// Claude Code's side calls, such as the one for a title, offer no tools.
    private static Function<Recorded, Reply> skippingSideCalls(
            RecordingUpstream upstream, Function<Recorded, Reply> script) {
        return call -> isMain(call) ? script.apply(call) : upstream.standard(call);
    }

    private static List<Recorded> mainCalls(RecordingUpstream upstream) {
        return upstream.requests().stream().filter(ClaudeEmbeddedTest::isMain).toList();
    }

    private static boolean isMain(Recorded call) {
        return call.method().equals("POST")
                && call.path().equals("/v1/messages")
                && !call.json().path("tools").isEmpty();
    }

    /// Without `Connection`, which is between two neighbours and not for the upstream.
    private static TreeSet<String> headerNames(Recorded call) {
        return call.headers().keySet().stream()
                .map(String::toLowerCase)
                .filter(name -> !name.equals("connection"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String withoutIds(Recorded call, String field) {
        return call.json().path(field).toString().replaceAll("cch=[0-9a-f]+", "cch=");
    }
}
