package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lib.agents.codex.Codex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

/// Launches a shell script in place of Codex: tests its version, its home and its end.
class RunCodexLaunchTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /// Prints its version, and records the home folder it was given.
    private static final String VERSION =
            "if [ \"$1\" = --version ]; then echo \"$CODEX_HOME\" >> ../asked; echo \"codex-cli "
                    + "${VERSION-0.169.0}\"; exit 0; fi\n";

    @TempDir
    Path temp;

    private Machine machine;
    private FakeGateway gateway;

    @BeforeEach
    void open() {
        gateway = FakeGateway.start().tokens(_ -> true).provider(ProviderJson.openai("gpt"));
        machine = new Machine(temp).profile("open", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.url()));
        codex("ls -ld \"$CODEX_HOME\"; ls -l \"$CODEX_HOME/config.toml\"; exit 37");
        machine.with("PATH", temp.resolve("bin") + ":/usr/bin:/bin");
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void theHomeIsPrivateWhileCodexRunsAndGoneAfterwards() throws Exception {
        var ended = run("run", "codex", "-L", "gpt");

        assertEquals(37, ended.exitCode(), ended.err());
        var lines = ended.out().lines().toList();
        assertTrue(lines.getFirst().startsWith("drwx------"), ended.out());
        assertTrue(lines.getLast().startsWith("-rw-------"), ended.out());
        assertEquals(List.of(), homes());
    }

    @Test
    void evenTheQuestionForTheVersionIsAskedInAHomeOfOurs() throws Exception {
        run("run", "codex", "-L", "gpt");

        var homes = Files.readAllLines(temp.resolve("asked"));
        assertFalse(homes.isEmpty(), "Codex was not asked for its version");
        for (var home : homes)
            assertTrue(
                    home.startsWith(machine.home()
                            .resolve(".cache/rpkai/codex")
                            .toRealPath()
                            .toString()),
                    home);
    }

    @ParameterizedTest
    @CsvSource({"0.117.0", "0.9.300", "0.117.9-alpha.1"})
    void aCodexWithoutCommandAuthIsRefusedWithTheVersionThatIsNeeded(String version) throws Exception {
        machine.with("VERSION", version);

        var ended = run("run", "codex", "-L", "gpt");

        assertEquals(
                ("rpkai: Codex %s is too old: 0.118.0 or later is required, which can request a fresh token: "
                                + "run npm install -g @openai/codex@latest, or launch with --install-agent\n")
                        .formatted(version.replaceAll("-.*", "")),
                ended.err());
        assertEquals(1, ended.exitCode());
        assertEquals(List.of(), homes());
    }

    @Test
    void withInstallAgentATooOldCodexIsPassedOverForOneOfOurOwn() throws Exception {
        machine.with("VERSION", "0.117.0");
        machine.program(
                "npm",
                "mkdir -p \"$3/node_modules/.bin\"; printf '#!/bin/sh\\nexit 41\\n' > "
                        + "\"$3/node_modules/.bin/codex\"; chmod +x \"$3/node_modules/.bin/codex\"\n");

        var ended = run("run", "codex", "-L", "gpt", "--install-agent");

        assertEquals(41, ended.exitCode(), ended.err());
        assertTrue(
                ended.err().contains("rpkai: installing Codex " + Codex.BINARY.version() + " with npm"), ended.err());
        assertTrue(Files.readString(temp.resolve("bin/codex")).contains(VERSION), "the user's own is as it was");
    }

    @ParameterizedTest
    @CsvSource({"0.118.0", "0.169.0", "0.200.0-alpha.3", "1.0.0"})
    void anyLaterOneIsLaunched(String version) throws Exception {
        machine.with("VERSION", version);

        assertEquals(37, run("run", "codex", "-L", "gpt").exitCode());
    }

    @Test
    void aVersionThatCannotBeReadIsAWarning() throws Exception {
        machine.with("VERSION", "nightly");

        var ended = run("run", "codex", "-L", "gpt");

        assertEquals(37, ended.exitCode());
        assertEquals(
                "rpkai: warning: the version of %s is not readable; Codex 0.118.0 or later is required\n"
                        .formatted(temp.resolve("bin/codex")),
                ended.err());
    }

    @Test
    void theArgumentsArriveAsTheyWereTyped() throws Exception {
        codex("while [ \"$1\" = -c ]; do shift 2; done; for a do echo \"[$a]\"; done");

        assertEquals(
                "[exec]\n[-m]\n[x]\n[]\n[a  b]\n[$x'\"]\n[@file]\n",
                run("run", "codex", "-L", "gpt", "--", "exec", "-m", "x", "", "a  b", "$x'\"", "@file")
                        .out());
    }

    @Test
    void inAHomeThatStaysCodexTakesThisProcessOver() throws Exception {
        codex("echo $$; echo \"$CODEX_HOME\"");
        var process = machine.start("run", "codex", "-L", "gpt", "--codex-home", "mine")
                .start();

        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertEquals(
                List.of(
                        String.valueOf(process.pid()),
                        machine.cwd().resolve("mine").toRealPath().toString()),
                lines);
        assertTrue(Files.readString(machine.cwd().resolve("mine/config.toml")).contains("model_provider = 'rpkai'"));
        assertFalse(Files.exists(machine.home().resolve(".cache")));
    }

    @Test
    void aConfigOfTheUsersOwnIsKeptAndNamed() throws Exception {
        machine.write("work/mine/config.toml", "model = 'x'\n");

        var ended = run("run", "codex", "-L", "gpt", "--codex-home", "mine");

        var config = machine.cwd().resolve("mine").toRealPath().resolve("config.toml");
        assertEquals(
                "rpkai: warning: %s was not created by rpkai; its mode is now %s.before-rpkai\n"
                        .formatted(config, config),
                ended.err());
        assertEquals(
                "", run("run", "codex", "-L", "gpt", "--codex-home", "mine").err());
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129"})
    void theHomeIsGoneWhenASignalEndedTheSession(String signal, int exitCode) throws Exception {
        codex("echo up; exec sleep 60");
        var process = started();

        new ProcessBuilder("kill", "-s", signal, String.valueOf(process.pid()))
                .start()
                .waitFor();

        assertEquals(exitCode, process.waitFor());
        assertEquals(List.of(), homes());
    }

    @Test
    void theNextLaunchDeletesTheHomeOfAKilledOneOnceItsCodexHasEnded() throws Exception {
        codex("echo $$ > \"$CODEX_HOME/pid\"; echo up; exec sleep 60");
        var process = started();
        var left = homes();
        assertEquals(1, left.size());
        var orphan = ProcessHandle.of(Long.parseLong(
                        Files.readString(left.getFirst().resolve("pid")).strip()))
                .orElseThrow();
        process.destroyForcibly().waitFor();

        codex("exit 0");
        run("run", "codex", "-L", "gpt");
        assertEquals(left, homes(), "while its Codex runs on");

        orphan.destroyForcibly();
        Eventually.holds(() -> !orphan.isAlive(), LIMIT, () -> "the orphan lives on");
        run("run", "codex", "-L", "gpt");
        assertEquals(List.of(), homes(), "when it has ended");
    }

    @Test
    void aLaunchBesideARunningOneLeavesItsHomeAlone() throws Exception {
        codex("echo up; exec sleep 60");
        var running = started();
        var home = homes();

        codex("exit 0");
        run("run", "codex", "-L", "gpt");

        assertEquals(home, homes());
        running.destroy();
        running.waitFor();
    }

    private record Ended(int exitCode, String out, String err) {}

    private Ended run(String... args) throws Exception {
        var err = temp.resolve("err");
        var process = machine.start(args).redirectError(err.toFile()).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }

    /// Starts a launch and waits until its Codex reports that it is up.
    private Process started() throws IOException {
        var process = machine.start("run", "codex", "-L", "gpt")
                .redirectError(temp.resolve("err").toFile())
                .start();
        assertEquals("up", process.inputReader().readLine(), () -> "no Codex");
        return process;
    }

    private void codex(String body) {
        machine.program("codex", VERSION + body + "\n");
    }

    private List<Path> homes() throws IOException {
        try (var entries = Files.list(machine.home().resolve(".cache/rpkai/codex"))) {
            return new ArrayList<>(
                    entries.filter(path -> !path.getFileName().toString().equals("lock")
                                    && !path.toString().endsWith(".lock"))
                            .toList());
        }
    }
}
