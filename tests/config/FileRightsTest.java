package tests.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import lib.base.FileRights;
import lib.base.Host;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

/// Private files that were made by another hand, and are open to other users.
class FileRightsTest {
    @TempDir
    Path temp;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Machine machine;

    @BeforeEach
    void start() {
        machine = new Machine(temp).profile("open", "ai_gateway_url: http://127.0.0.1:9\nauth_mode: none\n");
    }

    @Test
    void openPermissionsAreRestrictedAndReportedOnce() throws IOException {
        var folder = machine.home().resolve(".rpai");
        var config = folder.resolve("config");
        var credentials = machine.write("home/.rpai/credentials", "{}");
        mode(folder, "rwxrwxrwx");
        mode(config, "rw-rw-rw-");
        mode(credentials, "rw-rw-rw-");

        var first = machine.run("env", "show");

        assertEquals(0, first.exitCode());
        assertEquals("""
                rpkai: %s was open to other users (mode 0777) and is now 0700
                rpkai: %s was open to other users (mode 0666) and is now 0600
                rpkai: %s was open to other users (mode 0666) and is now 0600
                """.formatted(folder, config, credentials), first.err());
        assertEquals("", machine.run("env", "show").err());
    }

    @Test
    void aConfigThatOthersMayReadIsLeftAndCredentialsAreNot() throws IOException {
        var credentials = machine.write("home/.rpai/credentials", "{}");
        mode(machine.home().resolve(".rpai/config"), "rw-r--r--");
        mode(credentials, "rw-r-----");

        assertEquals(
                "rpkai: %s was open to other users (mode 0640) and is now 0600\n".formatted(credentials),
                machine.run("env", "show").err());
    }

    @Test
    void aFolderThatIsNotRpkaisOwnIsLeft() throws IOException {
        machine.write("work/config", Files.readString(machine.home().resolve(".rpai/config")));
        mode(machine.cwd(), "rwxrwxrwx");
        mode(machine.cwd().resolve("config"), "rw-r--r--");

        assertEquals("", machine.run("--config", "config", "env", "show").err());
        assertEquals("rwxrwxrwx", PosixFilePermissions.toString(Files.getPosixFilePermissions(machine.cwd())));
    }

    @Test
    void theGatewaysStateItsKeyAndTheUsageAreClosed() throws IOException {
        var host = heard();
        var folder = GatewayState.folder(host);
        GatewayState.open(folder, host).close();
        mode(folder, "rwxrwxr-x");
        mode(folder.resolve("state.db"), "rw-r--r--");
        mode(machine.write("home/.rpai/gateway/key", "k\n"), "rw-rw-r--");
        mode(machine.write("home/.rpai/gateway/usage.db", ""), "rw-rw-rw-");

        GatewayState.open(folder, host).close();

        assertEquals("""
                rpkai: %1$s was open to other users (mode 0775) and is now 0700
                rpkai: %1$s/state.db was open to other users (mode 0644) and is now 0600
                rpkai: %1$s/key was open to other users (mode 0664) and is now 0600
                """.formatted(folder), said.toString(StandardCharsets.UTF_8));
        assertTrue(
                machine.run("usage", "--usage-store", folder.resolve("usage.db").toString())
                        .err()
                        .contains("rpkai: %s/usage.db was open to other users (mode 0666) and is now 0600\n"
                                .formatted(folder)));
    }

    @Test
    void aModeThatCannotBeChangedIsAWarning() {
        var file = Path.of("/proc/self/comm");
        Assumptions.assumeTrue(Files.exists(file));

        FileRights.keepSecret(file, heard());

        assertEquals(
                "rpkai: warning: /proc/self/comm is open to other users (mode 0644), and its mode cannot be "
                        + "changed (Operation not permitted)\n",
                said.toString(StandardCharsets.UTF_8));
    }

    private Host heard() {
        var host = machine.host();
        return new Host(
                host.env(),
                new Host.Folders(host.home(), host.cwd(), host.root()),
                new Host.Streams(host.in(), host.out(), new PrintStream(said, true, StandardCharsets.UTF_8), false),
                host.clock());
    }

    private static void mode(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
