package tests.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.base.UserError;
import lib.install.Installation;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

/// The command's file, as far as it shows without a JVM of its own.
class ShimTest {
    @TempDir
    Path temp;

    @Test
    void aCommandThatSomethingElseWroteIsLeftAlone() throws IOException {
        var machine = new Machine(temp);
        var other = machine.program("rpkai", "echo mine\n");

        var refused = Assertions.assertThrows(
                UserError.class,
                () -> Installation.of(machine.host()).install(other.getParent(), false, Optional.empty()));

        assertTrue(
                refused.line().contains("rpkai did not write it")
                        && refused.line().contains("--force"),
                refused.line());
        assertEquals("#!/bin/sh\necho mine\n", Files.readString(other));
        assertEquals(0, entries(machine.home().resolve(".local/share/rpkai/versions")));
    }

    @Test
    void aFolderThatNoClassPathCanHoldIsRefusedBeforeAnythingIsWritten() {
        var machine = new Machine(temp.resolve("a:b"));

        var refused = Assertions.assertThrows(
                UserError.class,
                () -> Installation.of(machine.host()).install(machine.home().resolve("bin"), false, Optional.empty()));

        assertTrue(refused.line().contains("XDG_DATA_HOME"), refused.line());
        assertTrue(Files.notExists(machine.home().resolve(".local")));
    }

    private static long entries(Path folder) throws IOException {
        if (!Files.exists(folder)) return 0;
        try (var files = Files.list(folder)) {
            return files.count();
        }
    }
}
