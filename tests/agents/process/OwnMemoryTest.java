package tests.agents.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.config.Variable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

/// Tests what a launched program can read of the rpkai process, which keeps running beside it for the embedded
/// gateway.
class OwnMemoryTest {
    private static final String MARK = "secret-of-";
    private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void everySecret() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/environ")), "needs /proc");
        machine = new Machine(temp)
                .with("PATH", "/usr/bin:/bin")
                .with("AWS_REGION", "us-east-1")
                .with("CANARY", "canary");
        Arrays.stream(Variable.values())
                .filter(variable -> variable.role().isSecret())
                .forEach(variable -> machine.with(variable.name(), MARK + variable.name()));
    }

    @Test
    void noSecretIsInTheEnvironmentOfRpkaisOwnProcess() throws Exception {
        var said = launched(List.of(), "tr '\\0' '\\n' < /proc/$PPID/environ; echo end");

        assertTrue(said.endsWith("end\n"), said);
        assertFalse(said.contains(MARK), said);
        if (IS_ROOT) assertTrue(said.contains("CANARY=canary"), said);
    }

    @Test
    void withoutRightsOverOthersAProgramCannotLookIntoRpkaisOwnProcess() throws Exception {
        // Root may look into every process, unless it lacks the capabilities, as in most containers.
        var without = IS_ROOT
                ? List.of("/usr/bin/setpriv", "--bounding-set", "-sys_ptrace,-perfmon,-sys_admin")
                : List.<String>of();
        if (IS_ROOT) Assumptions.assumeTrue(Files.isExecutable(Path.of(without.getFirst())), "needs setpriv");

        var said = launched(
                without,
                "for file in environ maps mem; do head -c 1 /proc/$PPID/$file 2>/dev/null | wc -c; done; "
                        + "head -c 4 /proc/self/maps | wc -c");

        assertEquals(
                List.of("0", "0", "0", "4"), said.lines().map(String::strip).toList());
    }

    private String launched(List<String> starter, String script) throws IOException, InterruptedException {
        var command = new ArrayList<>(starter);
        command.addAll(Machine.command("run", "exec", "-L", "demo-openai", "--embedded", "--", "sh", "-c", script));
        var process = machine.process(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
