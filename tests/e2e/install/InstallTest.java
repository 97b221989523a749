package tests.e2e.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import lib.install.Installation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.e2e.SignedInAgents;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

/// The installed command, on a machine without JBang, in a home whose name a shell would trip over.
@Order(4)
@Tag("e2e")
class InstallTest {
    /// One home for all tests: training takes seconds, and a second install nothing.
    @TempDir
    static Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private Machine machine;
    private String token;

    @BeforeEach
    void install() throws IOException {
        Assumptions.assumeTrue(File.separatorChar == '/', "the shim is a POSIX script");
        machine = new Machine(temp.resolve("it's a \"home\" $HOME `x` \\")).with("PATH", "/usr/bin:/bin");
        token = SignedInAgents.to("https://aigw.example", idp, machine).accessToken();
        assertEquals(0, Agents.run(machine.start("install")).exitCode());
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void itRunsFromAnyFolderWithItsCachesAndWithoutJBang() throws IOException {
        // Makes a cache that can't be used an error.
        machine.with("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on");
        for (var line : List.of("auth token", "version", "--help", "auth status", "run --help", "gateway --help")) {
            var ended = Agents.run(machine.process(command(line.split(" "))).directory(new File("/")));
            assertEquals(0, ended.exitCode(), line + ended.err());
            assertEquals("Picked up JAVA_TOOL_OPTIONS: -XX:AOTMode=on\n", ended.err(), line);
        }
        assertEquals(token + "\n", run("auth", "token").out());
    }

    /// A class that is missing from the cache has the JVM open the jar, which takes longer than the command.
    @Test
    void theQuickestCommandsTakeEveryClassOfTheProgramFromTheirCache() throws IOException {
        var loaded = temp.resolve("loaded");
        var shim = Files.readString(Path.of(command().getFirst()))
                .replace("-Xlog:disable", "-Xlog:disable -Xlog:class+load:file=" + loaded);
        var logging = machine.program("logging", shim);
        for (var line : List.of("auth token", "version", "--help")) {
            var words = new ArrayList<>(List.of(logging.toString()));
            words.addAll(List.of(line.split(" ")));

            assertEquals(0, Agents.run(machine.process(words)).exitCode(), line);

            var log = Files.readString(loaded);
            assertTrue(log.contains("lib.Rpkai source: shared objects file"), line + log);
            assertFalse(log.contains("rpkai.jar"), line + log);
        }
    }

    @Test
    void theOverviewMatchesTheProgramsAndComesFromAFile() throws IOException {
        var printed = Agents.run(machine.start("--help"));
        for (var flag : List.of("--help", "-h")) assertEquals(printed, run(flag), flag);
        assertEquals(Agents.run(machine.start("version")), run("version"));

        var file = version().resolve("overview");
        var text = Files.readString(file);
        try {
            Files.writeString(file, "noted");
            assertEquals("noted", run("--help").out());
            Files.delete(file);
            assertEquals(printed, run("--help"));
        } finally {
            Files.writeString(file, text);
        }
    }

    @Test
    void everyArgumentArrivesUnchanged() {
        var arguments = new ArrayList<>(List.of("auth", "token", "--profile", "a b\n'\"$x*\\"));

        var ended = Agents.run(machine.process(command(arguments.toArray(String[]::new))));

        assertTrue(ended.err().contains("environment \"a b '\"$x*\\\" not found"), ended.err());
    }

    @Test
    void aSecondInstallChangesNothing() throws IOException {
        var before = listing(machine.home().resolve(".local/share/rpkai/versions"));

        var again = Agents.run(machine.start("install"));

        assertEquals(0, again.exitCode(), again.err());
        assertTrue(again.err().contains(".local/bin is not in your PATH"), again.err());
        assertEquals(before, listing(machine.home().resolve(".local/share/rpkai/versions")));
    }

    @Test
    void aCacheThatDoesNotFitCostsTimeAndNotAWord() throws IOException {
        var caches = files(version(), ".aot");
        for (var cache : caches) {
            Files.move(cache, cache.resolveSibling(cache.getFileName() + ".whole"));
            Files.write(cache, new byte[5000]);
        }
        try {
            assertEquals(new Agents.Ended(0, token + "\n", ""), run("auth", "token"));
            assertEquals(new Agents.Ended(0, "rpkai 0.2.0 (source)\n", ""), run("version"));
            assertEquals("", run("gateway", "--help").err());
        } finally {
            for (var cache : caches)
                Files.move(
                        cache.resolveSibling(cache.getFileName() + ".whole"),
                        cache,
                        StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void anotherJdkInTheSamePlaceIsTrainedForOnce() throws IOException {
        var stamp = version().resolve("jdk");
        var fits = Files.readString(stamp);
        Files.writeString(stamp, fits.replaceAll("\n.*", "\n17.0.1 0 0"));
        // Training, which runs at the lowest priority, is only noted: it would replace the caches of the other tests.
        var trained = temp.resolve("trained");
        var nice = machine.program("nice", "echo \"trained: $*\" >>'%s'\n".formatted(trained));
        machine.with("PATH", nice.getParent() + ":/usr/bin:/bin");

        for (int i = 0; i < 2; i++) assertEquals("", run("auth", "status").err());

        Eventually.holds(() -> trained.toFile().length() > 0, Duration.ofMinutes(2), () -> "no training begins");
        var command = Files.readString(trained);
        assertTrue(command.endsWith(" %s QUICK LAUNCHES COMMANDS SERVER\n".formatted(version())), command);
        assertEquals(1, command.lines().count(), command);
        assertEquals(fits, Files.readString(stamp));
    }

    @Test
    void aMissingJdkIsReported() throws IOException {
        var shim = Path.of(command().getFirst());
        Files.writeString(shim, Files.readString(shim).replace(System.getProperty("java.home"), "/opt/jdk that was"));

        var ended = run("auth", "token");

        assertEquals(
                new Agents.Ended(
                        1,
                        "",
                        "rpkai: the JDK that runs it is gone, /opt/jdk that was: install a JDK 25 or "
                                + "newer there, or run rpkai install again\n"),
                ended);
    }

    @Test
    void anAgentsHelperIsTheCommandItself() throws IOException {
        var settings = new ObjectMapper()
                .readTree(run("run", "claude", "-L", "any", "--print-settings").out())
                .path("settings");
        var helper = settings.path("apiKeyHelper").asText();

        var ended = Agents.run(machine.process(List.of("/bin/sh", "-c", helper)));

        assertEquals(token + "\n", ended.out(), ended.err());
        assertFalse(helper.contains("java -"), helper);
    }

    @Test
    void noCallFailsWhileVersionsComeAndGo() throws Exception {
        addVersion();
        var failures = new ArrayList<Agents.Ended>();
        var calls = new AtomicInteger();
        var installation = Installation.of(machine.host());
        var switching = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 50; i++) {
                int before = calls.get();
                installation.rollback();
                // Each switch meets at least one call.
                while (calls.get() == before) Thread.onSpinWait();
            }
        });
        while (switching.isAlive()) {
            var ended = run("auth", "token");
            if (!ended.equals(new Agents.Ended(0, token + "\n", ""))) failures.add(ended);
            calls.incrementAndGet();
        }
        switching.join();

        assertEquals(List.of(), failures);
        assertTrue(calls.get() >= 50);
    }

    @Test
    void theVersionBeforeIsKeptAndGoneBackTo() throws IOException {
        var first = shimNames();
        addVersion();
        assertNotEquals(first, shimNames());

        var back = run("upgrade", "--rollback");

        assertEquals(0, back.exitCode(), back.err());
        assertEquals(first, shimNames());
        assertEquals(token + "\n", run("auth", "token").out());
    }

    @Test
    void afterUninstallOnlyTheSignInIsLeft() throws IOException {
        var versions = machine.home().resolve(".local/share/rpkai/versions");
        var kept = temp.resolve("kept");
        link(versions, kept);
        assertEquals(0, run("uninstall").exitCode());
        assertEquals(
                List.of(".rpai/config", ".rpai/credentials"),
                listing(machine.home()).stream()
                        .filter(file -> !file.endsWith(".lock"))
                        .map(file -> file.replaceAll(" \\d+$", ""))
                        .toList());

        link(kept, versions);
        install();
        assertEquals(0, run("uninstall", "--all").exitCode());
        assertEquals(
                List.of(),
                listing(machine.home()).stream()
                        .filter(file -> !file.matches(".*\\.lock \\d+"))
                        .toList());
        link(kept, versions);
    }

    /// Gives each file of a folder a second name in another one: trained caches that outlive an `uninstall`.
    private static void link(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var link = to.resolve(from.relativize(file).toString());
                Files.createDirectories(link.getParent());
                Files.createLink(link, file);
            }
        }
    }

    /// A second version: the same program with one more, empty jar.
    private void addVersion() throws IOException {
        var jar = temp.resolve("more.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("more"));
        }
        var command = new ArrayList<>(Machine.command("install"));
        command.set(command.indexOf("-cp") + 1, System.getProperty("java.class.path") + ":" + jar);
        var ended = Agents.run(machine.process(command));
        assertEquals(0, ended.exitCode(), ended.err());
    }

    private Agents.Ended run(String... args) {
        return Agents.run(machine.process(command(args)));
    }

    private List<String> command(String... args) {
        var command = new ArrayList<>(
                List.of(machine.home().resolve(".local/bin/rpkai").toString()));
        command.addAll(Arrays.asList(args));
        return command;
    }

    private Path version() throws IOException {
        return machine.home().resolve(".local/share/rpkai/versions").resolve(shimNames());
    }

    private String shimNames() throws IOException {
        return Files.readString(Path.of(command().getFirst())).replaceAll("(?s).*/versions/([^/]*)/.*", "$1");
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    /// Every file below a folder, and when it was written.
    private static List<String> listing(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> folder.relativize(file) + " " + file.toFile().lastModified())
                    .toList();
        }
    }
}
