package tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;

/// CI's tokens, by way of `rpkai auth token`.
class ServiceAccountTokensTest {
    private static final String SECRET = "a-very-secret-client-secret";

    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final Time time = new Time();
    private Machine machine;

    @BeforeEach
    void aCiMachine() {
        idp.clock(time).serviceAccount("ci", SECRET);
        machine = SignedIn.configured(temp, idp)
                .at(time)
                .with("RPAI_SERVICE_ACCOUNT_ID", "ci")
                .with("RPAI_SERVICE_ACCOUNT_SECRET", SECRET);
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void aTokenIsAskedForOnceAndThenCached() {
        var first = machine.run("auth", "token");
        var second = machine.run("auth", "token");

        assertEquals(0, first.exitCode(), first.err());
        assertTrue(idp.isValid(first.out().strip()));
        assertEquals(first, second);
        assertEquals(1, idp.clientCredentialGrants());
    }

    @Test
    void aTokenThatEndsSoonIsReplaced() {
        var first = machine.run("auth", "token").out();
        time.pass(Duration.ofMinutes(59).plusSeconds(1));

        assertNotEquals(first, machine.run("auth", "token").out());
        assertEquals(2, idp.clientCredentialGrants());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theSecretIsNowhereOnDiskAndTheTokenIsPrivate() throws IOException {
        assertEquals(0, machine.run("auth", "token").exitCode());

        try (var walk = Files.walk(temp)) {
            var files = walk.filter(Files::isRegularFile).toList();
            assertFalse(files.isEmpty(), "the token was not stored");
            for (var file : files) {
                assertFalse(Files.readString(file).contains(SECRET), file.toString());
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        file.toString());
            }
        }
    }

    @Test
    void theErrorOfARejectedAccountNamesWhatToCheckButNotTheSecret() {
        var wrong =
                machine.with("RPAI_SERVICE_ACCOUNT_SECRET", "another-secret").run("-v", "auth", "token");

        assertEquals(1, wrong.exitCode());
        assertEquals("", wrong.out());
        assertTrue(
                wrong.err().contains("the service account was refused")
                        && wrong.err().contains("check RPAI_SERVICE_ACCOUNT_ID and RPAI_SERVICE_ACCOUNT_SECRET"),
                wrong.err());
        assertFalse(wrong.err().contains("another-secret"));
    }

    @Test
    void aTemporaryFailureYieldsTheCurrentTokenAndOneWarning() {
        var first = machine.run("auth", "token").out();
        time.pass(Duration.ofMinutes(59).plusSeconds(30));
        idp.failAlways(Endpoint.TOKEN, Fault.unavailable());

        var result = machine.run("auth", "token");

        assertEquals(first, result.out());
        assertTrue(result.err().matches("rpkai: warning: [^\\n]+\\R"), result.err());
    }

    @Test
    void aTemporaryFailureIsRetriedAndThenReported() {
        idp.failAlways(Endpoint.TOKEN, Fault.unavailable());

        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertEquals(3, idp.tokenCalls("client_credentials").size());
    }

    @Test
    void anotherIssuersTokenIsNotTaken() {
        machine.run("auth", "token");
        try (var other = FakeIdentityProvider.start("", Algorithm.ES256)) {
            other.clock(time).serviceAccount("ci", SECRET);

            var token = machine.with("RPAI_ISSUER", other.issuer())
                    .run("auth", "token")
                    .out()
                    .strip();

            assertTrue(other.issued(token));
        }
    }

    @Test
    void aPersonsSignInIsLeftUnchanged() {
        SignedIn.save(machine, idp, "org_123", idp.signIn());
        var before = SignedIn.credentials(machine).path("org_123");

        var token = machine.run("auth", "token").out().strip();

        assertNotEquals(before.path("access_token").asText(), token);
        assertEquals(before, SignedIn.credentials(machine).path("org_123"));
        assertEquals(List.of(), idp.tokenCalls("refresh_token"));
    }

    @Test
    void aServiceAccountDoesNotCountAsTheLatestSignIn() {
        machine.run("auth", "token");
        var person = SignedIn.configured(temp, idp).at(time);

        assertEquals(
                "rpkai: no usable gateway token: run rpkai auth login (not signed in)\n",
                person.run("auth", "token").err());
    }

    @Test
    void anotherModeOfTheProfileDoesNotUseIt() {
        machine.profile("local", "ai_gateway_url: http://localhost:1\nauth_mode: none\n");

        assertEquals(1, machine.run("auth", "token").exitCode());
        assertEquals(0, idp.clientCredentialGrants());
    }

    @Test
    void theStatusShowsTheAccountsToken() {
        machine.run("auth", "token");

        var status = machine.run("auth", "status", "-o", "json");

        assertTrue(status.out().contains("\"logged_in\" : true"), status.out());
        assertEquals(1, idp.clientCredentialGrants());
    }
}
