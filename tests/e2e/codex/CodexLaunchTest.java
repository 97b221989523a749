package tests.e2e.codex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Eventually;
import tests.support.Gate;
import tests.support.upstream.ResponsesReplies;

/// The real Codex through a gateway.
@Tag("e2e")
class CodexLaunchTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    private CodexMachine codex;

    @BeforeEach
    void signIn() throws IOException {
        codex = CodexMachine.signedIn(temp);
    }

    @AfterEach
    void close() {
        codex.close();
    }

    @Test
    void aPromptIsAnsweredAndTheHomeIsGone() {
        codex.gateway.handle(ResponsesReplies.upstream(ResponsesReplies.text("Hello through the gateway.")));

        var ended = codex.run(
                "run",
                "codex",
                "-L",
                "openai",
                "-e",
                "high",
                "--",
                "exec",
                "--strict-config",
                "--skip-git-repo-check",
                "say hello");

        assertEquals("Hello through the gateway.\n", ended.out(), ended.err());
        assertEquals(0, ended.exitCode());
        var asked = codex.responses();
        assertEquals(1, asked.size(), asked.toString());
        assertEquals("openai", asked.getFirst().provider());
        assertTrue(codex.idp.isValid(asked.getFirst().request().bearer().orElse("")), "the gateway's token");
        assertEquals(
                "high",
                asked.getFirst()
                        .request()
                        .json()
                        .path("reasoning")
                        .path("effort")
                        .asText());
        assertEquals(0, codex.refused.get());
        assertEquals(List.of(), codex.homes());
        assertFalse(Files.exists(codex.machine.home().resolve(".codex")), "the user's own home");
    }

    /// Newer models get one JavaScript tool, older ones a function; both run the shell.
    @ParameterizedTest
    @CsvSource({"gpt-6.1-sol", "gpt-5.2-codex"})
    void aToolIsCalledAndItsResultComesBack(String model) throws IOException {
        // The temporary folder, where the test is, belongs to the workspace for Codex.
        var outside = Path.of("/var/tmp/" + temp.getFileName());
        codex.gateway.handle(ResponsesReplies.upstream(
                ResponsesReplies.shell("echo made by a tool > made.txt; cat made.txt; env > env.txt; touch " + outside),
                ResponsesReplies.text("Done.")));

        var ended = codex.run(
                "run", "codex", "-L", "openai", "-m", model, "--", "exec", "--skip-git-repo-check", "make it");

        assertEquals("Done.\n", ended.out(), ended.err());
        assertEquals("made by a tool\n", Files.readString(codex.machine.cwd().resolve("made.txt")));
        assertTrue(codex.responses().getLast().request().text().contains("made by a tool\\n"), "the tool's result");
        assertEquals(
                model,
                codex.responses().getLast().request().json().path("model").asText());
        assertFalse(Files.deleteIfExists(outside), "a file outside of the workspace");
        var environment = Files.readString(codex.machine.cwd().resolve("env.txt"));
        assertTrue(codex.seen.stream().noneMatch(environment::contains), "a token in the environment of a tool");
    }

    @Test
    void aSessionIsResumedInAHomeThatStays() {
        codex.gateway.handle(ResponsesReplies.upstream(
                ResponsesReplies.text("First answer."), ResponsesReplies.text("Second answer.")));

        var first = codex.run(
                "run",
                "codex",
                "-L",
                "openai",
                "--codex-home",
                "mine",
                "--",
                "exec",
                "--skip-git-repo-check",
                "first question");
        var second = codex.run(
                "run",
                "codex",
                "-L",
                "openai",
                "--codex-home",
                "mine",
                "--",
                "exec",
                "resume",
                "--last",
                "--skip-git-repo-check",
                "second question");

        assertEquals("First answer.\n", first.out(), first.err());
        assertEquals("Second answer.\n", second.out(), second.err());
        var last = codex.responses().getLast().request().text();
        for (var said : List.of("first question", "First answer.", "second question"))
            assertTrue(last.contains(said), said);
        assertTrue(Files.isRegularFile(codex.machine.cwd().resolve("mine/config.toml")));
    }

    @Test
    void itsOwnExitCodeIsOurs() {
        codex.gateway.handle(
                ResponsesReplies.answering(_ -> ResponsesReplies.error(400, "bad", "this is not allowed here")));

        var ended = codex.run("run", "codex", "-L", "openai", "--", "exec", "--skip-git-repo-check", "hi");

        assertEquals(1, ended.exitCode());
        assertTrue(ended.err().contains("this is not allowed here"), ended.err());
        assertEquals(List.of(), codex.homes());
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129"})
    void theHomeIsGoneAndNothingRunsOnWhenASignalEndsTheSession(String signal, int exitCode) throws Exception {
        var held = new Gate();
        codex.gateway.handle(
                ResponsesReplies.answering(ResponsesReplies.text("late").andThen(reply -> reply.holdAfter(1, held))));
        var process = started("run", "codex", "-L", "openai", "--", "exec", "--skip-git-repo-check", "hi");
        held.awaitArrivals(1, LIMIT);
        var home = codex.homes().getFirst();

        new ProcessBuilder("kill", "-s", signal, String.valueOf(process.pid()))
                .start()
                .waitFor();

        assertEquals(exitCode, process.waitFor());
        assertEquals(List.of(), codex.homes());
        Eventually.holds(() -> processesIn(home).isEmpty(), LIMIT, () -> "processes left: " + processesIn(home));
        held.open();
    }

    @Test
    void theNextLaunchDeletesTheHomeOfAKilledOne() throws Exception {
        var held = new Gate();
        codex.gateway.handle(
                ResponsesReplies.answering(ResponsesReplies.text("late").andThen(reply -> reply.holdAfter(1, held))));
        var process = started("run", "codex", "-L", "openai", "--", "exec", "--skip-git-repo-check", "hi");
        held.awaitArrivals(1, LIMIT);
        var home = codex.homes().getFirst();

        process.destroyForcibly().waitFor();
        codex.run("run", "codex", "-L", "openai", "--", "--version");
        assertEquals(List.of(home), codex.homes(), "while its Codex runs on");

        // Codex finishes its turn, and ends.
        held.open();
        Eventually.holds(() -> processesIn(home).isEmpty(), LIMIT, () -> "processes left: " + processesIn(home));
        codex.run("run", "codex", "-L", "openai", "--", "--version");
        assertEquals(List.of(), codex.homes());
    }

    private Process started(String... args) throws IOException {
        return codex.machine
                .start(args)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(temp.resolve("out").toFile())
                .redirectError(temp.resolve("err").toFile())
                .start();
    }

    static List<Long> processesIn(Path home) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> {
                    try {
                        return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1)
                                .contains("CODEX_HOME=" + home);
                    } catch (IOException gone) {
                        return false;
                    }
                })
                .toList();
    }
}
