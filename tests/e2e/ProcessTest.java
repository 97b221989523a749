package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.Repository;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

/// An agent that rpkai launched against the same agent launched by hand, compared from `/proc`. A stand-in writes
/// down what it finds; the shell that starts it has an unusual state to hand on.
@Tag("processes")
class ProcessTest {
    private static final String UNUSUAL =
            "trap '' PIPE USR1 XFSZ; echo 0x31 > /proc/self/coredump_filter; ulimit -Sn 500; ulimit -Sc "
                    + "0; umask 027; exec 3</dev/null 9</dev/zero 251</etc/passwd; ";

    @TempDir
    Path temp;

    private Machine machine;
    private FakeGateway gateway;

    @BeforeEach
    void standIn() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "needs /proc");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs /bin/bash");
        gateway = FakeGateway.start().provider(ProviderJson.anthropic("claude")).tokens(_ -> true);
        machine = new Machine(temp).profile("test", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.url()));
        machine.with("PATH", machine.program("claude", ProcessReport.SCRIPT).getParent() + ":/usr/bin:/bin");
        machine.with("JAVA_HOME", System.getProperty("java.home"))
                .with("IS_ODD", "a\tb=c ")
                .with("EMPTY", "");
        var repository = Path.of(System.getProperty("user.home"), ".m2/repository");
        if (Files.isDirectory(repository)) machine.with("JBANG_REPO", repository.toString());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void anAgentThatReplacesRpkaiIsAsLaunchedByHand() throws IOException {
        var byHand = report(UNUSUAL, List.of("claude"));
        var launched = report(UNUSUAL, Machine.command("run", "claude", "-L", "claude"));

        assertEquals(List.of(), byHand.differences(launched, changed("claude")));
    }

    @Test
    @Tag("e2e")
    void soItIsWhenJBangStartedRpkai() throws IOException {
        var jbang = List.of(
                Repository.root().resolve("jbang").toString(),
                Repository.root().resolve("rpkai.java").toString());
        var command = new ArrayList<>(jbang);
        command.addAll(List.of("run", "claude", "-L", "claude"));

        var byHand = report(UNUSUAL, List.of("claude"));
        var launched = report(UNUSUAL, command);

        assertEquals(List.of(), byHand.differences(launched, changed("claude")));
    }

    @Test
    void soItIsWithoutTheJvmOptionThatKeepsTheLimitOfOpenFiles() throws IOException {
        var command = new ArrayList<>(Machine.command("run", "claude", "-L", "claude"));
        assertTrue(command.remove("-XX:-MaxFDLimit"));

        var byHand = report(UNUSUAL, List.of("claude"));
        var launched = report(UNUSUAL, command);

        assertEquals(List.of(), byHand.differences(launched, changed("claude")));
    }

    @Test
    void anAgentThatRpkaiWaitsForIsAsLaunchedByHandButForItsParent() throws IOException {
        machine.write("home/.rpai/config", "");
        var byHand = report(UNUSUAL, List.of("claude"));
        var launched = report(UNUSUAL, Machine.command("run", "claude", "-L", "demo"));

        assertEquals(List.of(), byHand.differences(launched, changed("demo")));
        assertNotEquals(launched.state().get("pid"), launched.state().get("parent"));
    }

    @Test
    void aBackgroundCommandOfAScriptStillIgnoresInterruptAndQuit() throws IOException {
        var background = "bash -c '\"$@\" & wait' - \"$@\"; exit; ";

        var byHand = report(background, List.of("claude"));
        var launched = report(background, Machine.command("run", "claude", "-L", "claude"));

        assertTrue(byHand.state().get("status SigIgn").endsWith("06"), byHand.toString());
        assertEquals(List.of(), byHand.differences(launched, changed("claude")));
    }

    @Test
    void anAgentUnderNohupStillIgnoresHangup() throws IOException {
        machine.write("home/.rpai/config", "");
        var byHand = report("", List.of("nohup", "claude"));
        var launched = report("", prefixed("nohup", Machine.command("run", "claude", "-L", "demo")));

        assertTrue(byHand.state().get("status SigIgn").endsWith("01"), byHand.toString());
        assertEquals(List.of(), byHand.differences(launched, changed("demo")));
    }

    @Test
    void noSignalIsBlockedThatWouldNotBeByHand() throws IOException {
        // The shell of the other tests would unblock them.
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "needs /usr/bin/perl");
        var program = machine.write(
                "bin/claude", "#!/usr/bin/perl\nopen(S, '/proc/self/status'); print grep(/SigBlk/, <S>);\n");
        var byHand = run("\"$@\"; exit", List.of("claude"));

        assertEquals(
                byHand,
                run("\"$@\"; exit", Machine.command("run", "claude", "-L", "claude")),
                "replaced by " + program);
        machine.write("home/.rpai/config", "");
        assertEquals(
                byHand, run("\"$@\"; exit", Machine.command("run", "claude", "-L", "demo")), "waiting for " + program);
    }

    @Test
    void nothingOfRpkaiRemainsWhileTheAgentRuns() throws IOException {
        machine.program("claude", "echo \"$$ $(cat /proc/$$/task/$$/children) $(ls /proc/$$/task | wc -l)\"\n");
        var process = machine.start("run", "claude", "-L", "claude")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var said = new String(process.getInputStream().readAllBytes()).strip();

        // The one child is the substitution that looks.
        assertTrue(said.matches(process.pid() + " \\d+ +1"), said);
    }

    @Test
    void lettersBeyondAsciiReachTheAgentInALocaleThatHasNone() throws IOException {
        machine.program("claude", "printf '%s|%s|%s' \"$GREETING\" \"$3\" \"$4\"\n");
        machine.with("LC_ALL", "C").with("GREETING", "");
        var shell = "export GREETING=$(printf 'gr\\303\\274n \\377'); \"$@\" \"$(printf "
                + "'Gr\\303\\274\\303\\237e')\" \"$(printf '\\351')\"; exit";

        var ended = run(shell, Machine.command("run", "claude", "-L", "claude", "--"));

        assertEquals("gr\u00c3\u00bcn \u00ff|Gr\u00c3\u00bc\u00c3\u009fe|\u00e9", ended);
    }

    private ProcessReport report(String setUp, List<String> command) throws IOException {
        // Not the last command: a shell would become that one.
        return ProcessReport.read(run(setUp + "\"$@\"; exit", command));
    }

    /// Runs a command from a shell, and reads its output byte for byte.
    private String run(String script, List<String> command) throws IOException {
        var out = temp.resolve("out");
        Files.deleteIfExists(out);
        var all = new ArrayList<>(List.of("/bin/bash", "-c", script, "-"));
        all.addAll(command);
        var ended = machine.process(all)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(temp.resolve("err").toFile());
        try {
            var exitCode = ended.start().waitFor();
            assertEquals(0, exitCode, () -> text(temp.resolve("err")));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return text(out);
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// The variables that the plan says it changes.
    private Set<String> changed(String provider) throws IOException {
        var plan = new ObjectMapper()
                .readTree(machine.run("run", "claude", "-L", provider, "--print-settings")
                        .out());
        var names = new TreeSet<String>();
        plan.path("env").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> prefixed(String program, List<String> command) {
        var all = new ArrayList<>(Arrays.asList(program));
        all.addAll(command);
        return all;
    }
}
