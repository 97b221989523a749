package tests.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.upstream.RecordingUpstream;

/// rpkai as JBang starts it, where the classes of the gateway are missing.
class GatewayClassesTest {
    @TempDir
    static Path built;

    private static String classPath;

    @TempDir
    Path temp;

    private Machine machine;

    private record Started(Process process, Path out, Path err) {}

    private record Ended(int exitCode, String out, String err) {}

    @BeforeAll
    static void build() throws Exception {
        classPath = LauncherJar.make(built.resolve("rpkai.jar")) + File.pathSeparator + LauncherJar.libraries();
    }

    @BeforeEach
    void aMachine() {
        machine = new Machine(temp).with("PATH", "/usr/bin:/bin");
    }

    @Test
    void commandsThatNeedNoGatewayDoNotCompileIt() throws Exception {
        for (var line : List.of("version", "--help", "env list", "explain claude -s http://127.0.0.1:9 -L x", "budgt"))
            run(line.split(" "));

        assertEquals(0, run("version").exitCode());
        assertEquals(
                "rpkai: unknown argument: 'budgt': did you mean budget? (rpkai --help)\n",
                run("budgt").err());
        assertFalse(Files.exists(folder()));
    }

    @Test
    void itIsCompiledOnceAndServesLaunchesAndCommands() throws Exception {
        var one = start("run", "exec", "-L", "demo", "--", "env");
        var other = start("run", "exec", "-L", "demo", "--", "env");
        for (var launch : List.of(ended(one), ended(other))) {
            assertEquals(0, launch.exitCode(), launch.err());
            assertTrue(launch.out().contains("ANTHROPIC_BASE_URL=http://127.0.0.1:"), launch.out());
        }
        var jars = jars();
        assertEquals(1, jars.size(), jars.toString());
        var time = Files.getLastModifiedTime(jars.getFirst());

        var list = run("llm", "list");
        assertTrue(list.out().contains("demo"), list.toString());
        var help = run("budget", "set", "--help");
        assertTrue(help.out().contains("--warn"), help.toString());
        assertEquals(jars, jars());
        assertEquals(time, Files.getLastModifiedTime(jars.getFirst()));

        // Where SQLite's library is missing, too, it is fetched, or the error says why not.
        var closed = RecordingUpstream.start();
        closed.close();
        machine.with("JBANG_BOOTSTRAP_REPO", closed.url());
        var users = run("gateway", "user", "list");
        assertEquals(1, users.exitCode());
        assertEquals(
                "rpkai: cannot fetch SQLite's native library: cannot reach Maven Central at " + closed.url()
                        + ": connection refused: run this once with a network, or set JBANG_BOOTSTRAP_REPO to a mirror"
                        + " of Maven Central\n",
                users.err());
    }

    private Path folder() {
        return machine.home().resolve(".cache/rpkai/gateway");
    }

    private List<Path> jars() throws IOException {
        try (var files = Files.list(folder())) {
            return files.filter(file -> !file.endsWith("lock")).toList();
        }
    }

    private Ended run(String... args) throws IOException, InterruptedException {
        return ended(start(args));
    }

    private Started start(String... args) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "lib.Rpkai"));
        command.addAll(Arrays.asList(args));
        var out = Files.createTempFile(temp, "out", "");
        var err = Files.createTempFile(temp, "err", "");
        var process = machine.process(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        return new Started(process, out, err);
    }

    private static Ended ended(Started started) throws IOException, InterruptedException {
        var exitCode = started.process.waitFor();
        return new Ended(exitCode, Files.readString(started.out), Files.readString(started.err));
    }
}
