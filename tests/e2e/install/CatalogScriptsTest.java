package tests.e2e.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.support.Machine;
import tests.support.Repository;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;
import tests.support.upstream.Replies;

/// Every script and template of the catalogue, fetched over HTTP by a JBang that has nothing of ours, in a folder
/// that is empty, with real agents.
@Order(1)
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogScriptsTest {
    private static final String HELLO = "Hello! This is rpkai's demo model speaking.\n";

    @TempDir
    static Path temp;

    private Machine machine;
    private ServedCatalog catalog;

    @BeforeAll
    void addTheCatalogue() throws IOException {
        catalog = ServedCatalog.start(temp.resolve("served"));
        machine = machine();
        var added = jbang("catalog", "add", "--name", "org", catalog.url());
        assertEquals(0, added.exitCode(), added.err());
    }

    @AfterAll
    void stop() {
        catalog.close();
    }

    /// One that shares what JBang has built with the others.
    private static Machine machine() {
        var machine = new Machine(temp);
        Agents.install(ClaudeCode.BINARY, machine);
        Agents.install(Codex.BINARY, machine);
        machine.with("PATH", temp.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin")
                .with("JAVA_HOME", System.getProperty("java.home"));
        for (var name : List.of(
                "NODE_EXTRA_CA_CERTS",
                "SSL_CERT_FILE",
                "HTTPS_PROXY",
                "https_proxy",
                "NO_PROXY",
                "no_proxy",
                "NPM_CONFIG_REGISTRY")) {
            if (System.getenv(name) instanceof String value) machine.with(name, value);
        }
        var repository = Path.of(System.getProperty("user.home"), ".m2/repository");
        if (Files.isDirectory(repository)) machine.with("JBANG_REPO", repository.toString());
        return machine;
    }

    @Test
    void claudePlanAnswersAndSoDoesACopyThatIsEditedAsItSays() throws IOException {
        answers(HELLO, jbang("claude-plan@org", "-p", "Say hello"));

        var copy = Files.readString(Repository.root().resolve("catalog/claude-plan.java"))
                .replace("Library.java", "rpkai-library@org")
                .replace("\"claude-sonnet-5-5\"", "\"claude-haiku-5\"");
        var edited = jbang(
                machine.write("work/my_plan.java", copy.replace("claude_plan", "my_plan"))
                        .toString(),
                "--output-format",
                "json",
                "-p",
                "Say hello");
        assertTrue(edited.exitCode() == 0 && edited.out().contains("claude-haiku-5"), edited.out() + edited.err());
    }

    @Test
    void codexQuietPrintsTheAnswerAlone() {
        answers(HELLO, jbang("codex-quiet@org", "Say hello"));
    }

    @Test
    void fallbackTakesTheFirstThatIsHealthy() {
        var ended = jbang("fallback@org", "-p", "Say hello");

        answers(HELLO, ended);
        assertTrue(ended.err().contains("fallback: anthropic is not healthy"), ended.err());
        var none = Agents.run(process(machine().with("RPKAI_PROVIDERS", "none"), "fallback@org"));
        assertEquals(
                "1 rpkai: no provider of none is healthy: ask rpkai doctor why",
                none.exitCode() + " " + none.err().lines().toList().getLast());
    }

    @Test
    void claudeReviewEndsWithOneWhereSomethingIsObjectedTo() throws Exception {
        var work = Files.createDirectories(machine.cwd().resolve("reviewed"));
        machine.write("work/reviewed/a.txt", "old\n");
        for (var command : List.of(
                "git init -q", "git add a.txt", "git -c user.name=t -c user.email=t@example.com commit -qm one")) {
            assertEquals(
                    0,
                    machine.process(List.of(command.split(" ")))
                            .directory(work.toFile())
                            .start()
                            .waitFor(),
                    command);
        }
        machine.write("work/reviewed/a.txt", "new\n");
        var script = machine.write("script.yaml", """
                - when: tool_result
                  say: done
                - tool: {name: StructuredOutput, input: {objections: [{file: a.txt, line: 1, text: "not new"}]}}
                - say: nothing
                """);

        var objected = Agents.run(process(machine().with("RPAI_DEMO_SCRIPT", script.toString()), "claude-review@org")
                .directory(work.toFile()));

        assertEquals(1, objected.exitCode(), objected.err());
        assertTrue(objected.out().contains("\"text\" : \"not new\""), objected.out());
    }

    @Test
    void ciAgentSignsInWithTheJobsCredentialsAndFilesItsRequests() {
        try (var idp = FakeIdentityProvider.start();
                var gateway = FakeGateway.start().tokens(idp::isValid).provider(ProviderJson.anthropic("anthropic"))) {
            idp.serviceAccount("ci", "hush");
            gateway.handle(Replies.text("built"));
            var ci = machine()
                    .with("AI_GATEWAY_URL", gateway.url())
                    .with("RPAI_ISSUER", idp.issuer())
                    .with("RPAI_SERVICE_ACCOUNT_ID", "ci")
                    .with("RPAI_SERVICE_ACCOUNT_SECRET", "hush")
                    .with("CI_JOB_ID", "4711");

            var ended = Agents.run(process(ci, "ci-agent@org", "-p", "Fix the build"));

            answers("built\n", ended);
            assertTrue(ended.err().contains("ci-agent: exit 0 after "), ended.err());
            var calls = gateway.proxied().stream()
                    .filter(call -> call.request().method().equals("POST"))
                    .toList();
            assertFalse(calls.isEmpty());
            for (var call : calls)
                assertEquals(List.of("4711"), call.request().headers("X-Redpanda-Genai-Conversation"));
        }
    }

    @Test
    void teamGatewayServesThreeProvidersOfItsManifest() throws Exception {
        var work = Files.createDirectories(machine.cwd().resolve("team"));
        var process = process(machine, "team-gateway@org", "--listen", "127.0.0.1:0")
                .directory(work.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            var url = listening(process);

            var listed = Agents.run(machine().with("RPAI_TOKEN", "anybody").start("llm", "list", "-s", url));

            for (var name : List.of("team-claude", "team-gpt", "team-ollama"))
                assertTrue(listed.out().contains(name), listed.out() + listed.err());
            assertTrue(Files.exists(work.resolve("providers.yaml")));
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor();
        }
    }

    @Test
    void aLaunchFromTheTemplateAndItsTestRunUneditedAndTheLaunchRunsEdited() throws IOException {
        assertEquals(
                0,
                jbang("init", "--template=rpkai-launch-tested@org", "my_claude.java")
                        .exitCode());
        var script = machine.cwd().resolve("my_claude.java");

        answers(HELLO, jbang("my_claude.java", "-p", "Say hello"));
        answers("ok\n", jbang("my_claude_test.java"));

        Files.writeString(script, Files.readString(script).replace("\"claude-sonnet-5-5\"", "\"claude-haiku-5\""));
        var model = jbang("my_claude.java", "--output-format", "json", "-p", "Say hello");
        assertTrue(model.out().contains("claude-haiku-5"), model.out() + model.err());
        assertEquals(
                "my_claude_test: not so: the model is pinned",
                jbang("my_claude_test.java").err().lines().toList().getLast());
    }

    @Test
    void aScriptOfRpkaiNewRunsInACloneWithoutANetwork() throws IOException {
        var clone = temp.resolve("a clone");
        ServedCatalog.copyTrackedFiles(clone);
        assertEquals(
                0,
                Agents.run(machine.start("new", "my-claude").directory(clone.toFile()))
                        .exitCode());

        var offline = new ArrayList<>(
                List.of(clone.resolve("jbang").toString(), "--offline", "my-claude.java", "-p", "Say hello"));
        answers(HELLO, Agents.run(machine.process(offline).directory(clone.toFile())));
    }

    @Test
    void theGatewayAcceptsTheManifestOfTheTemplate() throws Exception {
        assertEquals(
                0, jbang("init", "--template=rpkai-providers@org", "mine.yaml").exitCode());

        var process = machine.start("gateway", "-f", "mine.yaml", "--listen", "127.0.0.1:0", "--state", "mine")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertTrue(listening(process).startsWith("http://127.0.0.1:"));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    @Test
    void exportedAsAJarItRunsWithoutJbang() {
        var rpkai = Repository.root().resolve("rpkai.java").toString();
        for (var kind : List.of("portable", "fatjar")) {
            var jar = temp.resolve(kind).resolve("rpkai.jar");
            jar.getParent().toFile().mkdirs();
            var exported = jbang("export", kind, "-O", jar.toString(), rpkai);
            assertEquals(0, exported.exitCode(), exported.err());

            answers(
                    HELLO,
                    Agents.run(machine.process(List.of(
                            System.getProperty("java.home") + "/bin/java",
                            "-jar",
                            jar.toString(),
                            "run",
                            "claude",
                            "-L",
                            "demo",
                            "--",
                            "-p",
                            "Say hello"))));
        }
    }

    @Test
    void theBootstrapPassesEveryArgumentUnchanged() {
        var machine = machine();
        var agent = machine.write("arguments/claude", "#!/bin/sh\nshift 2\nfor a do echo \"[$a]\"; done\nexit 37\n");
        agent.toFile().setExecutable(true);
        machine.with("PATH", agent.getParent() + ":/usr/bin:/bin").write("work/file", "not to be read");

        var ended = Agents.run(process(
                machine,
                Repository.root().resolve("rpkai.java").toString(),
                "run",
                "claude",
                "-L",
                "demo",
                "--",
                "",
                "a b",
                "$x'\"",
                "*",
                "@file",
                "-p"));

        assertEquals(37, ended.exitCode(), ended.err());
        assertEquals("[]\n[a b]\n[$x'\"]\n[*]\n[@file]\n[-p]\n", ended.out());
    }

    private static void answers(String out, Agents.Ended ended) {
        assertEquals("0 " + out, ended.exitCode() + " " + ended.out(), ended.err());
    }

    /// The URL in the line that a gateway begins with.
    private static String listening(Process process) throws IOException {
        var seen = new StringBuilder();
        for (String line;
                (line = process.errorReader().readLine()) != null;
                seen.append(line).append('\n')) {
            if (line.startsWith("rpkai: the gateway listens on ")) return line.substring(line.lastIndexOf(' ') + 1);
        }
        throw new AssertionError("does not listen: " + seen);
    }

    private Agents.Ended jbang(String... args) {
        return Agents.run(process(machine, args));
    }

    private static ProcessBuilder process(Machine machine, String... args) {
        var command = new ArrayList<>(List.of(Repository.root().resolve("jbang").toString()));
        command.addAll(Arrays.asList(args));
        return machine.process(command);
    }
}
