package tests.agents.codex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import lib.agents.codex.Codex;
import lib.agents.home.PersistentHome;
import lib.agents.home.TemporaryHome;
import lib.base.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;

/// Tests the home folder of Codex: one for a single session, or a folder of the user's choice.
class CodexHomesTest {
    /// No process has this id: it is above what Linux and macOS hand out.
    private static final String DEAD = "home-99999999-0123456789abcdef";

    @TempDir
    Path temp;

    private Machine machine;
    private Path homes;

    @BeforeEach
    void machine() throws IOException {
        machine = new Machine(temp.toRealPath());
        homes = Files.createDirectories(machine.home().resolve(".cache/rpkai/codex"));
    }

    @Test
    void aHomeIsItsOwnersAloneAndGoneWithAllThatIsInItWhenClosed() throws IOException {
        Path path;
        try (var home = TemporaryHome.create(Codex.BINARY, machine.host())) {
            path = home.path();
            assertEquals(homes, path.getParent());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            Files.createDirectories(path.resolve("a/b"));
            Files.writeString(path.resolve("a/b/c"), "x");
            Files.createSymbolicLink(
                    path.resolve("out"), machine.write("kept/file", "kept").getParent());
        }

        assertFalse(Files.exists(path));
        assertEquals(List.of(homes.resolve("lock")), entries());
        assertTrue(Files.exists(temp.resolve("kept/file")), "what a link in it points to");
    }

    @Test
    void everyLaunchHasAHomeOfItsOwnAndLeavesTheOthersAlone() {
        try (var one = TemporaryHome.create(Codex.BINARY, machine.host());
                var other = TemporaryHome.create(Codex.BINARY, machine.host())) {
            assertNotEquals(one.path(), other.path());
            assertTrue(Files.isDirectory(one.path()));
        }
    }

    @Test
    void theRuntimeFolderIsUsedWhereItIsTheUsersOwnAndNotATemporaryOne() throws IOException {
        var runtime =
                Files.createTempDirectory(Path.of("/var/tmp"), "rpkai-test").toRealPath();
        try {
            assertEquals(runtime.resolve("rpkai"), parentOfHome(machine.with("XDG_RUNTIME_DIR", runtime.toString())));
            assertEquals(homes, parentOfHome(machine.with("XDG_RUNTIME_DIR", "/tmp")));
            assertEquals(
                    homes,
                    parentOfHome(
                            machine.with("XDG_RUNTIME_DIR", runtime.toString()).with("TMPDIR", "/var/tmp")));
            assertEquals(homes, parentOfHome(machine.with("XDG_RUNTIME_DIR", "relative")));
        } finally {
            for (var file : List.of("rpkai/lock", "rpkai", "")) Files.delete(runtime.resolve(file));
        }
    }

    private static Path parentOfHome(Machine machine) {
        try (var home = TemporaryHome.create(Codex.BINARY, machine.host())) {
            return home.path().getParent();
        }
    }

    @Test
    void theNextLaunchDeletesTheHomeOfADeadProcess() throws IOException {
        var left = leftBehind(DEAD);

        TemporaryHome.create(Codex.BINARY, machine.host()).close();

        assertFalse(Files.exists(left));
        assertEquals(List.of(homes.resolve("lock")), entries());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sessions",
                "home-1",
                "home-99999999-0123456789abcdef.bak",
                "home-x-0123456789abcdef",
                "work-99999999-0123456789abcdef"
            })
    void aFolderOfAnotherNameIsNotOurs(String name) throws IOException {
        var other = leftBehind(name);

        TemporaryHome.create(Codex.BINARY, machine.host()).close();

        assertTrue(Files.exists(other.resolve("session")), name);
    }

    @Test
    void aFolderWithoutALockFileIsNotDeleted() throws IOException {
        var other = leftBehind(DEAD);
        Files.delete(homes.resolve(DEAD + ".lock"));

        TemporaryHome.create(Codex.BINARY, machine.host()).close();

        assertTrue(Files.exists(other.resolve("session")));
    }

    @Test
    void aLinkInAHomesPlaceIsNotFollowed() throws IOException {
        var target = machine.write("kept/session", "x").getParent();
        Files.createSymbolicLink(homes.resolve(DEAD), target);
        Files.createFile(homes.resolve(DEAD + ".lock"));

        TemporaryHome.create(Codex.BINARY, machine.host()).close();

        assertTrue(Files.exists(target.resolve("session")));
        assertTrue(Files.exists(homes.resolve(DEAD), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aLinkInALocksPlaceIsNotFollowed() throws IOException {
        var left = leftBehind(DEAD);
        Files.delete(homes.resolve(DEAD + ".lock"));
        Files.createSymbolicLink(homes.resolve(DEAD + ".lock"), machine.write("kept/file", "x"));

        TemporaryHome.create(Codex.BINARY, machine.host()).close();

        assertTrue(Files.exists(left.resolve("session")));
        assertTrue(Files.exists(temp.resolve("kept/file")));
    }

    @Test
    void aHomeThatSomeProcessStillRunsInStays() throws Exception {
        var left = leftBehind(DEAD);
        var orphan = machine.with("PATH", "/usr/bin:/bin").process(List.of("sleep", "60"));
        orphan.environment().put("CODEX_HOME", left.toString());
        var process = orphan.start();
        try {
            TemporaryHome.create(Codex.BINARY, machine.host()).close();
            assertTrue(Files.exists(left.resolve("session")), "while it runs");
        } finally {
            process.destroyForcibly().waitFor();
        }

        TemporaryHome.create(Codex.BINARY, machine.host()).close();
        assertFalse(Files.exists(left), "when it has ended");
    }

    @Test
    void aLastingHomeIsMadePrivateToItsOwner() throws IOException {
        Files.createDirectory(
                machine.cwd().resolve("there"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        for (var name : List.of("there", "new/one")) {
            var home = PersistentHome.prepare(name, machine.host());
            assertEquals(machine.cwd().resolve(name), home);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HOME/.codex",
                "HOME/.codex/",
                "HOME/x/../.codex",
                "HOME/linked",
                "../home/.codex",
                "HOME/inherited",
                "inherited-link"
            })
    void theUsersOwnHomeIsRefusedHoweverItIsWritten(String dir) throws IOException {
        Files.createDirectories(machine.home().resolve(".codex"));
        Files.createDirectories(machine.home().resolve("inherited"));
        Files.createSymbolicLink(
                machine.home().resolve("linked"), machine.home().resolve(".codex"));
        Files.createSymbolicLink(
                machine.cwd().resolve("inherited-link"), machine.home().resolve("inherited"));
        machine.with("CODEX_HOME", machine.home().resolve("inherited").toString());

        var refused = assertThrows(
                UserError.class,
                () -> PersistentHome.checked(dir.replace("HOME", machine.home().toString()), machine.host()));

        assertEquals(UserError.USAGE, refused.exitCode());
        assertTrue(
                refused.getMessage().endsWith("is your own Codex home, whose config.toml would be replaced"),
                refused.getMessage());
    }

    @Test
    void theUsersOwnHomeIsRefusedBeforeItExists() {
        assertThrows(
                UserError.class,
                () -> PersistentHome.checked(machine.home().resolve(".codex").toString(), machine.host()));
    }

    @Test
    void theHomeFolderItselfIsRefused() {
        assertThrows(
                UserError.class, () -> PersistentHome.checked(machine.home().toString(), machine.host()));
        assertThrows(UserError.class, () -> PersistentHome.checked("", machine.host()));
    }

    @Test
    void aConfigThatWasNotMadeHereIsKept() throws IOException {
        var config = machine.write("work/there/config.toml", "model = 'mine'\n");

        assertEquals(
                config.resolveSibling("config.toml.before-rpkai"),
                PersistentHome.write(config, "# Written by rpkai at every launch: changes to this file are lost.\n")
                        .orElseThrow());
        assertEquals("model = 'mine'\n", Files.readString(config.resolveSibling("config.toml.before-rpkai")));
        assertTrue(PersistentHome.write(config, "# Written by rpkai\n").isEmpty(), "made by the line before");
        assertEquals("# Written by rpkai\n", Files.readString(config));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(config)));
    }

    @Test
    void aConfigThatIsALinkIsNotWrittenThrough() throws IOException {
        var real = machine.write("home/.codex/config.toml", "model = 'mine'\n");
        var config = Files.createDirectories(machine.cwd().resolve("there")).resolve("config.toml");
        Files.createSymbolicLink(config, real);

        PersistentHome.write(config, "# Written by rpkai\n");

        assertEquals("model = 'mine'\n", Files.readString(real));
        assertEquals("# Written by rpkai\n", Files.readString(config));
    }

    private Path leftBehind(String name) throws IOException {
        var home = Files.createDirectories(homes.resolve(name));
        Files.writeString(home.resolve("session"), "x");
        Files.createFile(homes.resolve(name + ".lock"));
        return home;
    }

    private List<Path> entries() throws IOException {
        try (var entries = Files.list(homes)) {
            return entries.toList();
        }
    }
}
