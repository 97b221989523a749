package tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;
import tests.support.upstream.Reply;

class IdentityProviderTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({"'',''", "'',/", "/,''", "/,/", "/tenant,''", "/tenant,/", "/tenant/,''", "/tenant/,/", "/a/b,''"})
    void anIssuerMayHaveAPathAndEndInASlash(String path, String configuredEnd) {
        try (var idp = FakeIdentityProvider.start(path, Algorithm.ES256)) {
            idp.devices().interval(0).approveAfter(0);
            var machine = SignedIn.configured(temp, idp)
                    .with("RPAI_ISSUER", idp.issuer().replaceAll("/$", "") + configuredEnd);

            var login = machine.run("auth", "login", "--no-browser");

            assertEquals(0, login.exitCode(), login.err());
            assertTrue(idp.isValid(machine.run("auth", "token").out().strip()));
        }
    }

    @Test
    void aSlashMoreOrLessIsTheSameIssuerForARefresh() {
        try (var idp = FakeIdentityProvider.start("/tenant", Algorithm.ES256)) {
            var machine = SignedIn.expired(temp, idp).with("RPAI_ISSUER", idp.issuer() + "/");

            assertEquals(0, machine.run("auth", "token").exitCode());
        }
    }

    @Test
    void aDeviceGrantAsksForTheConfiguredClientAndAudienceAndToStaySignedIn() {
        try (var idp = FakeIdentityProvider.start("", Algorithm.ES256)) {
            idp.client("my-client", "my-audience").devices().interval(0).approveAfter(0);
            var machine = SignedIn.configured(temp, idp)
                    .with("RPAI_CLIENT_ID", "my-client")
                    .with("RPAI_AUDIENCE", "my-audience");

            assertEquals(0, machine.run("auth", "login", "--no-browser").exitCode());

            var form = idp.requests().stream()
                    .filter(call -> call.path().endsWith("/device_authorization"))
                    .findFirst()
                    .orElseThrow()
                    .form();
            assertEquals("my-client", form.get("client_id"));
            assertEquals("my-audience", form.get("audience"));
            assertTrue(List.of(form.get("scope").split(" ")).contains("offline_access"), form.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://idp.example",
                "HTTP://idp.example",
                "ftp://127.0.0.1",
                "idp.example",
                "https://",
                "http://127.0.0.1.evil.example",
                "http://user:hunter2@idp.example",
                "file:///etc",
                "https://user:hunter2@127.0.0.1:1"
            })
    void anIssuerThatIsNotHttpsIsRefusedUnlessItIsThisMachine(String issuer) {
        var result = new Machine(temp).with("RPAI_ISSUER", issuer).run("auth", "login", "--no-browser");

        assertEquals(1, result.exitCode());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains("which is not HTTPS") || result.err().contains("cannot reach"), result.err());
        assertFalse(result.err().contains("hunter2"), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"token_endpoint", "device_authorization_endpoint"})
    void anEndpointInTheClearIsRefusedHoweverTheProviderNamesIt(String endpoint) {
        try (var idp = FakeIdentityProvider.start("", Algorithm.ES256)) {
            var machine = SignedIn.expired(temp, idp);
            idp.failAlways(
                    Endpoint.DISCOVERY,
                    right -> changed(
                            right.get(),
                            "\"" + endpoint + "\":\"[^\"]+\"",
                            "\"" + endpoint + "\":\"http://evil.example/x\""));

            for (var command : new String[] {"auth token", "auth login --no-browser"}) {
                var result = machine.run(command.split(" "));

                assertEquals(1, result.exitCode());
                assertTrue(result.err().contains("\"http://evil.example/x\", which is not HTTPS"), result.err());
            }
            assertEquals(List.of(), idp.tokenCalls("refresh_token"));
        }
    }

    @Test
    void aProviderThatCallsItselfByAnotherNameIsNotBelieved() {
        try (var idp = FakeIdentityProvider.start("", Algorithm.ES256)) {
            var machine = SignedIn.expired(temp, idp);
            idp.failAlways(
                    Endpoint.DISCOVERY,
                    right -> changed(right.get(), "\"issuer\":\"[^\"]+\"", "\"issuer\":\"https://elsewhere.example\""));

            var result = machine.run("auth", "token");

            assertEquals(1, result.exitCode());
            assertTrue(result.err().contains("calls itself \"https://elsewhere.example\""), result.err());
            assertEquals(List.of(), idp.tokenCalls("refresh_token"));
        }
    }

    @Test
    void unknownFieldsAreIgnored() {
        try (var idp = FakeIdentityProvider.start("", Algorithm.ES256)) {
            idp.devices().interval(0).approveAfter(0);
            for (var endpoint : Endpoint.values()) idp.failAlways(endpoint, Fault.unknownFields());

            assertEquals(
                    0,
                    SignedIn.configured(temp, idp)
                            .run("auth", "login", "--no-browser")
                            .exitCode());
        }
    }

    @Test
    void aTokenThatNoHeaderCanCarryIsRejected() {
        try (var idp = FakeIdentityProvider.start("", Algorithm.ES256)) {
            var machine = SignedIn.expired(temp, idp);
            idp.fail(
                    Endpoint.TOKEN,
                    1,
                    Fault.reply(Reply.of(200, "application/json", "{\"access_token\": \"hunter2\\nX-Evil: 1\"}")));

            var result = machine.run("auth", "token");

            assertEquals(1, result.exitCode());
            assertEquals("", result.out());
            assertFalse(result.err().contains("hunter2"), result.err());
        }
    }

    private static Reply changed(Reply reply, String what, String into) {
        return Reply.of(reply.status(), "application/json", new String(reply.bytes()).replaceFirst(what, into));
    }
}
