package tests.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import lib.agents.process.Exec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

/// An agent that is waited for: the embedded gateway runs in the same process. A stand-in for the agent says what
/// it got.
class LauncherTest {
    @TempDir
    Path temp;

    private Machine machine;
    private Process rpkai;
    private BufferedReader said;

    @BeforeEach
    void requirePosixSignals() {
        Assumptions.assumeTrue(Exec.isSupported(), "needs POSIX signals");
        machine = new Machine(temp);
        machine.with("PATH", machine.cwd() + ":/usr/bin:/bin");
    }

    @AfterEach
    void endRemainingProcesses() {
        if (rpkai == null) return;
        rpkai.descendants().forEach(ProcessHandle::destroyForcibly);
        rpkai.destroyForcibly();
    }

    @Test
    void theAgentsOwnExitCodeComesBack() throws Exception {
        launch("exit 3");

        assertEquals(3, exitCode());
    }

    @Test
    void aSignalThatEndsTheAgentIsOneHundredAndTwentyEightMore() throws Exception {
        launch("kill -KILL $$");

        assertEquals(137, exitCode());
    }

    @Test
    void sigtermIsPassedOnAndTheAgentDecidesWhatItMeans() throws Exception {
        launch("trap 'echo got TERM; kill $!; exit 9' TERM; echo ready; tail -f /dev/null & wait");
        send("TERM");

        assertEquals("got TERM", said.readLine());
        assertEquals(9, exitCode());
    }

    @Test
    void sighupIsPassedOn() throws Exception {
        launch("trap 'echo got HUP; kill $!; exit 8' HUP; echo ready; tail -f /dev/null & wait");
        send("HUP");

        assertEquals("got HUP", said.readLine());
        assertEquals(8, exitCode());
    }

    @Test
    void sigusr1IsPassedOn() throws Exception {
        launch("trap 'echo got USR1; kill $!; exit 7' USR1; echo ready; tail -f /dev/null & wait");
        send("USR1");

        assertEquals("got USR1", said.readLine());
        assertEquals(7, exitCode());
    }

    @Test
    void sigtermThatTheAgentDoesNotHandleEndsBothWith143() throws Exception {
        launch("echo ready; exec tail -f /dev/null");
        send("TERM");

        assertEquals(143, exitCode());
    }

    @Test
    void interruptAndQuitToRpkaiAloneAreForTheAgentToGetFromTheTerminal() throws Exception {
        launch("trap 'echo got TERM; kill $!; exit 9' TERM; echo ready; tail -f /dev/null & wait");
        send("INT");
        send("QUIT");
        send("TERM");

        // Neither ended anything, and the JVM did not print its threads in between.
        assertEquals("got TERM", said.readLine());
        assertEquals(9, exitCode());
        assertEquals(null, said.readLine());
    }

    @Test
    void anAgentThatCannotBeStartedIsOneLineAndExitCodeOne() throws Exception {
        var program = machine.write("work/claude", "#!/no/such/interpreter\n");
        assertTrue(program.toFile().setExecutable(true));
        start();
        said.readLine();

        assertEquals(
                "rpkai: " + program + " cannot be started (no such file, or its interpreter is missing): check that it "
                        + "is a program for this machine",
                said.readLine());
        assertEquals(1, exitCode());
    }

    @Test
    void anAgentThatLeavesAProgramAtItsOutputWhenAskedForItsVersionIsLaunchedAllTheSame() throws Exception {
        standIn("case \"$*\" in --version) sleep 60 & exit;; esac\necho ready; exit 6");
        start();

        assertTrue(said.readLine().contains("is not readable"));
        assertEquals("ready", said.readLine());
        assertEquals(6, exitCode());
    }

    /// Starts the stand-in, and comes back when it says `ready`, or has nothing to say.
    private void launch(String script) throws IOException {
        standIn("case \"$*\" in --version) echo 99.0.0; exit;; esac\n" + script);
        start();
        if (script.contains("echo ready")) assertEquals("ready", said.readLine());
    }

    private void standIn(String script) {
        var program = machine.write("work/claude", "#!/bin/sh\n" + script + "\n");
        assertTrue(program.toFile().setExecutable(true));
    }

    private void start() throws IOException {
        rpkai = machine.start("run", "claude", "-L", "demo")
                .redirectErrorStream(true)
                .start();
        said = rpkai.inputReader();
        var first = said.readLine();
        assertTrue(first.contains("using the embedded gateway"), first);
    }

    private void send(String signal) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-s", signal, String.valueOf(rpkai.pid()))
                        .start()
                        .waitFor());
    }

    private int exitCode() throws InterruptedException {
        assertTrue(rpkai.waitFor(2, TimeUnit.MINUTES), "still running");
        return rpkai.exitValue();
    }
}
