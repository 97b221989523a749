package tests.install;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import lib.base.Host;
import lib.install.InstallHint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

class OfferTest {
    private static final String OFFER =
            "rpkai: tip: jbang rpkai@org install makes rpkai start ten times faster (shown once)\n";

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void someoneAtATerminal() {
        machine = new Machine(temp).typing("");
    }

    @Test
    void theHintIsShownOnce() {
        assertEquals(OFFER, said());
        assertEquals("", said());
    }

    @Test
    void aScriptOrCiGetsNoHint() {
        var host = new Machine(temp).host();
        var err = new ByteArrayOutputStream();
        InstallHint.make(
                new Host(
                        host.env(),
                        new Host.Folders(host.home(), host.cwd(), host.root()),
                        new Host.Streams(host.in(), host.out(), new PrintStream(err, true), false),
                        host.clock()),
                Optional.of("rpkai@org"));
        assertEquals("", err.toString(StandardCharsets.UTF_8));

        machine.with("CI", "true");
        assertEquals("", said());

        machine.with("CI", "");
        assertEquals(OFFER, said());
    }

    @Test
    void anInstalledProgramGetsNoHint() {
        machine.write("home/.local/share/rpkai/installed", "command=/home/ada/.local/bin/rpkai\nversion=1\n");

        assertEquals("", said());
    }

    @Test
    void noHintIsShownWhenItCannotBeRemembered() {
        // In the place of a folder, so that it holds for root too.
        machine.write("home/.local/share", "a file");

        assertEquals("", said());
    }

    private String said() {
        var host = machine.host();
        var err = new ByteArrayOutputStream();
        InstallHint.make(
                new Host(
                        host.env(),
                        new Host.Folders(host.home(), host.cwd(), host.root()),
                        new Host.Streams(host.in(), host.out(), new PrintStream(err, true), host.interactive()),
                        host.clock()),
                Optional.of("rpkai@org"));
        return err.toString(StandardCharsets.UTF_8);
    }
}
