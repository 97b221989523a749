package tests.e2e.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.support.Machine;
import tests.support.Repository;

/// rpkai as people get it: through the bootstrap from a checkout, and over HTTP from a catalogue.
@Order(2)
@Tag("e2e")
class CatalogTest {
    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void emptyHome() throws IOException {
        machine = new Machine(temp);
        machine.with("PATH", "/usr/local/bin:/usr/bin:/bin")
                .with("IS_SANDBOX", "1")
                .with("JAVA_HOME", System.getProperty("java.home"));
        // The test does not cover how this machine reaches the registries.
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
        // What came from Maven Central once need not come again for every test.
        var repository = Path.of(System.getProperty("user.home"), ".m2/repository");
        if (Files.isDirectory(repository)) machine.with("JBANG_REPO", repository.toString());
    }

    @Test
    void theFirstCommandOfTheReadmeDoesAllItsOwnSetUpInAnEmptyHome() throws IOException {
        var clone = machine.home().resolve("a clone");
        ServedCatalog.copyTrackedFiles(clone);
        var command = commandOf("run claude -L demo --install-agent");
        var process = machine.process(command).directory(clone.toFile());

        var ended = Agents.run(process);

        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().startsWith("Hello"), ended.out());
        assertTrue(ended.err().contains("rpkai: installing Claude Code"), ended.err());
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void anAliasRunsOverHttpFromAnotherFolderAndInstallsAndUpgradesItself() throws IOException {
        Agents.install(ClaudeCode.BINARY, machine);
        var served = temp.resolve("served");
        try (var catalog = ServedCatalog.start(served)) {
            assertEquals(
                    0, jbang("catalog", "add", "--name", "org", catalog.url()).exitCode());
            var version = jbang("rpkai@org", "version");
            var hello = jbang("rpkai@org", "run", "claude", "-L", "demo", "--", "-p", "Say hello");

            assertEquals("rpkai 0.2.0 (source)\n", version.out(), version.err());
            assertTrue(hello.out().startsWith("Hello"), hello.out() + hello.err());

            var installed = jbang("rpkai@org", "install");
            assertTrue(
                    installed.out().endsWith("rpkai upgrade gets new versions from rpkai@org.\n"),
                    installed.out() + installed.err());
            var source = served.resolve("lib/base/BuildInfo.java");
            Files.writeString(source, Files.readString(source).replace("VERSION = \"0.2.0\"", "VERSION = \"0.2.1\""));
            var changes = served.resolve("CHANGELOG.md");
            Files.writeString(
                    changes,
                    Files.readString(changes)
                            .replaceFirst("\n## ", "\n## 0.2.1\n\n- **News.** `rpkai` says what is new.\n\n## "));
            var upgraded = rpkai("upgrade");

            assertEquals(0, upgraded.exitCode(), upgraded.out() + upgraded.err());
            assertTrue(
                    upgraded.out().endsWith("\n\n0.2.1\n\n- News. rpkai says what is new.\n"),
                    upgraded.out() + upgraded.err());
            assertEquals("rpkai 0.2.1 (source)\n", rpkai("version").out());
            assertEquals(0, rpkai("upgrade", "--rollback").exitCode());
            assertEquals("rpkai 0.2.0 (source)\n", rpkai("version").out());
        }
    }

    private Agents.Ended rpkai(String... args) {
        var command = new ArrayList<>(
                List.of(machine.home().resolve(".local/bin/rpkai").toString()));
        command.addAll(Arrays.asList(args));
        return Agents.run(machine.process(command));
    }

    private Agents.Ended jbang(String... args) {
        var command = new ArrayList<>(List.of(Repository.root().resolve("jbang").toString()));
        command.addAll(Arrays.asList(args));
        return Agents.run(machine.process(command));
    }

    /// The README's own words, so that it can't promise what does not work.
    private static List<String> commandOf(String words) throws IOException {
        var line = Files.readAllLines(Repository.root().resolve("README.md")).stream()
                .filter(l -> l.startsWith("./jbang ") && l.contains(words))
                .findFirst()
                .orElseThrow();
        return List.of("/bin/sh", "-c", line);
    }
}
