package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Machine;

/// `rpkai alias`.
class AliasCommandTest {
    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void machine() {
        machine = new Machine(temp).with("SHELL", "/bin/bash");
    }

    @Test
    void theAliasWorksInARealShellAndPassesItsArgumentsOn() throws Exception {
        machine.program("claude", "shift 2\nfor a do echo \"[$a]\"; done\n");
        machine.with("PATH", temp.resolve("bin") + ":/usr/bin:/bin");
        machine.run("alias", "--install", "cc", "run", "claude", "-L", "demo");

        // An alias counts from the next line on.
        var process = machine.process(
                        List.of("bash", "-c", "shopt -s expand_aliases\n. ~/.bashrc\neval 'cc -p \"a  b\" $NONE'"))
                .start();

        assertEquals("[-p]\n[a  b]\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.waitFor());
    }

    @ParameterizedTest
    @CsvSource({
        "/bin/bash, alias cc=', run claude -L demo --'",
        "/usr/bin/zsh, alias cc=', run claude -L demo --'",
        "/usr/bin/fish, function cc; , run claude -L demo -- $argv; end"
    })
    void itIsPrintedAsTheShellTakesIt(String shell, String begin, String end) {
        var line = machine.with("SHELL", shell)
                .run("alias", "cc", "run", "claude", "-L", "demo")
                .out();

        assertTrue(line.startsWith(begin) && line.endsWith(end + "\n"), line);
        assertEquals(1, line.lines().count());
    }

    @Test
    void withoutTheInstalledCommandTheAliasStartsTheJBangApp() {
        machine.program("jbang", "");
        machine.write("home/.jbang/bin/rpkai", "#!/bin/sh\nexec jbang run rpkai@org \"$@\"\n");

        assertEquals(
                "alias cc='jbang rpkai@org run claude -L demo --'\n",
                machine.run("alias", "cc", "run", "claude", "-L", "demo").out());
    }

    @ParameterizedTest
    @CsvSource({"bash, home/.bashrc", "zsh, home/.zshrc", "fish, home/.config/fish/config.fish"})
    void installedTwiceItIsThereOnceAndRemovedItLeavesTheFileAsItWas(String shell, String file) throws IOException {
        var before = "# mine: grüße\nalias other='x'\n";
        var profile = machine.write(file, before);
        Files.setPosixFilePermissions(profile, PosixFilePermissions.fromString("rw-r-----"));

        machine.run("alias", "--install", "--shell", shell, "cc", "run", "claude", "-L", "demo");
        machine.run("alias", "--install", "--shell", shell, "other", "run", "codex", "-L", "demo-openai");
        var again = machine.run("alias", "--install", "--shell", shell, "cc", "run", "claude", "-L", "anthropic");

        assertEquals(
                "cc has been added to %s: open a new terminal, or run . %1$s".formatted(profile),
                again.err().lines().toList().getLast());
        var text = Files.readString(profile);
        assertTrue(text.startsWith(before), text);
        assertEquals(
                List.of(true, false),
                text.lines()
                        .filter(line -> line.endsWith("# rpkai alias cc") || line.endsWith("# rpkai alias other"))
                        .map(line -> line.contains("-L anthropic"))
                        .toList());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(profile)));

        for (var name : List.of("cc", "other")) machine.run("alias", "--remove", "--shell", shell, name);
        assertEquals(before, Files.readString(profile));
        assertEquals(
                "cc is not in %s.\n".formatted(profile),
                machine.run("alias", "--remove", "--shell", shell, "cc").err());
    }

    @Test
    void aLinkToAProfileElsewhereStaysALink() throws IOException {
        var real = machine.write("dotfiles/bashrc", "export A=1");
        Files.createSymbolicLink(machine.home().resolve(".bashrc"), real);

        machine.run("alias", "--install", "cc", "run", "claude", "-L", "demo");

        assertTrue(Files.isSymbolicLink(machine.home().resolve(".bashrc")));
        assertTrue(Files.readString(real).startsWith("export A=1\nalias cc="), Files.readString(real));
    }

    @Test
    void anInvalidAliasIsRejected() {
        assertEquals(
                "rpkai: \"a b\" is not a name for an alias: use letters, digits, - and _, starting with a "
                        + "letter\n",
                machine.run("alias", "a b", "run", "claude").err());
        assertEquals(
                "rpkai: the command of the alias is missing: run, for example, rpkai alias cc run claude -L "
                        + "anthropic\n",
                machine.run("alias", "cc").err());
        assertEquals(
                "rpkai: aliases are not supported for the shell \"tcsh\": use --shell bash, zsh or fish\n",
                machine.run("alias", "--shell", "tcsh", "cc", "run", "claude").err());
        var secret = machine.run("alias", "--install", "cc", "run", "claude", "--token=hush");
        assertEquals(2, secret.exitCode());
        assertFalse(secret.err().contains("hush") || Files.exists(machine.home().resolve(".bashrc")), secret.err());
    }
}
