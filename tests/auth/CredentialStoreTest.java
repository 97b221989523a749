package tests.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.auth.CredentialStore;
import lib.auth.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

class CredentialStoreTest {
    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private Machine machine;

    @BeforeEach
    void aMachine() {
        idp.devices().interval(0).approveAfter(0);
        machine = SignedIn.configured(temp, idp);
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    static Stream<byte[]> damaged() {
        return Stream.concat(
                Stream.of(
                                "{\"org_123\": {\"access_token\": \"hunter2",
                                "",
                                "[]",
                                "null",
                                "\"hunter2\"",
                                "hunter2",
                                "{\"a\": hunter2}")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Stream.of(new byte[] {0, 0, 0}, new byte[] {(byte) 0xff, (byte) 0xfe, 0x12, '{'}));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void damagedCredentialsGiveOneClearLineAndStayAsTheyAre(byte[] content) throws IOException {
        machine.write("home/.rpai/credentials", "");
        Files.write(SignedIn.file(machine), content);

        for (var command : List.of("auth token", "auth status", "auth logout", "env list")) {
            var result = machine.run(command.split(" "));

            assertEquals(1, result.exitCode(), command);
            assertEquals("", result.out(), command);
            assertTrue(
                    result.err()
                            .matches("rpkai: the credentials file [^\\n]+ is damaged \\([^\\n]+\\): run "
                                    + "rpkai auth login; [^\\n]+\\R"),
                    command + ": " + result.err());
            assertFalse(result.err().contains("hunter2"), result.err());
            assertArrayEquals(content, Files.readAllBytes(SignedIn.file(machine)), command);
        }
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void aSignInReplacesDamagedCredentialsAndKeepsACopy(byte[] content) throws IOException {
        machine.write("home/.rpai/credentials", "");
        Files.write(SignedIn.file(machine), content);

        var login = machine.run("auth", "login", "--no-browser");

        assertEquals(0, login.exitCode(), login.err());
        assertTrue(idp.isValid(machine.run("auth", "token").out().strip()));
        assertArrayEquals(content, Files.readAllBytes(SignedIn.file(machine).resolveSibling("credentials.damaged")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyTheirOwnerMayReadTheCredentials() throws IOException {
        machine.run("auth", "login", "--no-browser");

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(SignedIn.file(machine))));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(SignedIn.file(machine).getParent())));
    }

    @Test
    void theyAreWhereTheVariableSays() {
        machine.with("RPAI_CREDENTIALS", "elsewhere/creds").run("auth", "login", "--no-browser");

        assertTrue(Files.exists(machine.cwd().resolve("elsewhere/creds")));
        assertFalse(Files.exists(SignedIn.file(machine)));
    }

    @Test
    void theLatestIsThatOfTheLatestSignIn() {
        SignedIn.save(machine, idp, "org_1", idp.signIn());
        SignedIn.save(machine, idp, "org_2", idp.signIn());

        assertEquals(
                Optional.of("org_2"),
                new CredentialStore(SignedIn.file(machine)).latest().map(Credentials::organization));
    }

    @Test
    void aMalformedEntryOfAnotherOrganisationIsIgnored() {
        SignedIn.save(machine, idp, "org_123", idp.signIn());
        var all = (ObjectNode) SignedIn.credentials(machine);
        all.put("org_0", "text").putObject("org_1").put("access_token", 5).put("signed_in_at", -9e18);
        machine.write("home/.rpai/credentials", all.toString());

        assertEquals(0, machine.run("auth", "token").exitCode());
    }
}
