package tests.agents.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import lib.agents.process.Exec;
import lib.base.UserError;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A failed exec leaves this process unchanged. Successful ones are in `tests/e2e/ProcessTest`, since they would
/// end the tests.
class ExecTest {
    @TempDir
    Path temp;

    @BeforeEach
    void requireExec() {
        Assumptions.assumeTrue(Exec.isSupported(), "needs exec");
    }

    @Test
    void aMissingProgramIsReportedInOneLine() {
        assertEquals("no such file, or its interpreter is missing", reasonOf(temp.resolve("missing"), "x"));
    }

    @Test
    void aScriptWithoutItsInterpreterIsOneLine() throws IOException {
        assertEquals("no such file, or its interpreter is missing", reasonOf(program("#!/no/such/interpreter\n"), "x"));
    }

    @Test
    void aTextWithoutAnInterpreterLineIsOneLine() throws IOException {
        assertEquals("it is not a program for this machine", reasonOf(program("echo hello\n"), "x"));
    }

    @Test
    void aFileThatMayNotBeRunIsOneLine() throws IOException {
        assertEquals("permission denied", reasonOf(Files.writeString(temp.resolve("text"), "#!/bin/sh\n"), "x"));
    }

    @Test
    void anArgumentThatIsTooLongIsOneLine() throws IOException {
        // Linux takes 128 KiB at most in one argument, macOS 1 MiB in all.
        assertEquals(
                "its arguments and environment are too long", reasonOf(program("#!/bin/sh\n"), "a".repeat(2 << 20)));
    }

    @Test
    void afterAFailureTheProcessIsAsItWas() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "needs /proc");
        var before = state();

        reasonOf(temp.resolve("missing"), "x");

        assertEquals(before, state());
    }

    private String reasonOf(Path program, String argument) {
        var error = assertThrows(
                UserError.class,
                () -> Exec.replace(program, List.of("agent", argument), Map.of("A", "b"), Exec.openFiles()));
        assertEquals(1, error.exitCode());
        assertEquals(1, error.line().lines().count());
        assertTrue(error.getMessage().startsWith(program + " cannot be started ("), error.getMessage());
        return error.getMessage().replaceFirst(".*\\((.*)\\)", "$1");
    }

    private Path program(String text) throws IOException {
        var file = Files.writeString(temp.resolve("program"), text);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private static String state() throws IOException {
        UnaryOperator<String> read = file -> {
            try {
                return Files.readString(Path.of("/proc/thread-self", file));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        return read.apply("status")
                        .lines()
                        .filter(line -> line.matches("Sig(Blk|Ign|Cgt).*"))
                        .collect(Collectors.joining("\n"))
                + read.apply("limits")
                + Files.readString(Path.of("/proc/self/coredump_filter"));
    }
}
