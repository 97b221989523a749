package tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Reply;

/// Tests sign-ins to several issuers and gateways: which token each one receives, and whom a sign-out notifies.
class SignOutTest {
    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final FakeIdentityProvider other = FakeIdentityProvider.start("", Algorithm.ES256);

    @AfterEach
    void stop() {
        idp.close();
        other.close();
    }

    @Test
    void theIssuerIsToldAndTheRefreshTokenIsWorthNothing() {
        var machine = SignedIn.machine(temp, idp);
        var token = refreshToken(machine, "org_123");

        var result = machine.run("auth", "logout");

        assertEquals(new Machine.Result(0, "", "Signed out of org_123.\n"), result);
        assertFalse(idp.renews(token));
    }

    @Test
    void signingOutWorksWithoutTheIssuerAndSendsItNothingMore() {
        var machine = SignedIn.machine(temp, idp);
        idp.failAlways(Endpoint.DISCOVERY, Fault.unavailable());

        assertEquals(new Machine.Result(0, "", "Signed out of org_123.\n"), machine.run("auth", "logout"));
        assertEquals("Not signed in.\n", machine.run("auth", "logout").err());
        assertEquals(1, idp.requests().size());
    }

    @Test
    void noOtherIssuerSeesTheToken() {
        var machine = SignedIn.machine(temp, idp).with("RPAI_ISSUER", other.issuer());

        assertEquals("Signed out of org_123.\n", machine.run("auth", "logout").err());

        assertEquals(List.of(), other.requests());
        assertEquals(List.of(), idp.requests());
    }

    @Test
    void signingOutEverywhereTellsEveryIssuer() {
        try (var gateway = gateway(other, "rpkai", "theirs")) {
            other.devices().interval(0).approveAfter(1);
            var machine = SignedIn.machine(temp, idp);
            var first = refreshToken(machine, "org_123");
            machine.with("RPAI_ISSUER", "");
            machine.run("auth", "login", gateway.url(), "--no-browser");
            var second = refreshToken(machine, other.issuer() + " theirs");
            assertTrue(idp.renews(first) && other.renews(second));

            machine.with("RPAI_ISSUER", idp.issuer()).run("auth", "logout", "--all");

            assertFalse(idp.renews(first) || other.renews(second));
        }
    }

    @Test
    void aGatewayGetsNoTokenOfAnotherHoweverItsIssuerCallsTheOrganisation() {
        for (var at : List.of(idp, other)) at.devices().interval(0).approveAfter(1);
        try (var one = gateway(idp, "rpkai", "ours");
                var second = gateway(other, "rpkai", "ours")) {
            var machine = new Machine(temp);
            machine.run("auth", "login", one.url(), "--no-browser");
            var ours = machine.run("auth", "token").out();

            machine.run("auth", "login", second.url(), "--no-browser");
            var theirs = machine.run("auth", "token").out();

            assertTrue(idp.isValid(ours.strip()) && other.isValid(theirs.strip()));
            assertEquals(ours, machine.run("-p", "127.0.0.1", "auth", "token").out());
        }
    }

    @Test
    void norATokenThatIsMeantForAnotherGatewayOfTheSameIssuer() {
        idp.devices().interval(0).approveAfter(1);
        idp.claims(claims -> {
            claims.remove("https://cloud.redpanda.com/organization_id");
            return claims;
        });
        var machine = new Machine(temp);
        try (var one = gateway(idp, "rpkai", "one")) {
            machine.run("auth", "login", one.url(), "--no-browser");
        }
        var ours = machine.run("auth", "token").out();
        try (var second = gateway(idp, "rpkai", "second")) {
            machine.run("auth", "login", second.url(), "--no-browser");

            assertEquals(ours, machine.run("-p", "127.0.0.1", "auth", "token").out());
        }
    }

    @Test
    void aTokenIsNotSentToAGatewayOfAnotherIssuerWithTheSameName() {
        var machine = SignedIn.machine(temp, idp);
        machine.with("RPAI_ISSUER", "")
                .profile(
                        "theirs",
                        "organization: org_123\nai_gateway_url: http://127.0.0.1:1\nissuer: %s\n"
                                .formatted(other.issuer()));

        var result = machine.run("auth", "token");

        assertEquals("", result.out());
        assertEquals(
                "rpkai: no usable gateway token: run rpkai auth login (signed in at %s, but %s is configured)\n"
                        .formatted(idp.issuer(), other.issuer()),
                result.err());
        assertTrue(machine.run("auth", "status").out().contains("false"));
    }

    /// A gateway that says where to sign in to it.
    private static RecordingUpstream gateway(FakeIdentityProvider at, String client, String audience) {
        at.client(client, audience);
        var gateway = RecordingUpstream.start();
        gateway.handle(_ -> Reply.of(
                200,
                "application/json",
                "{\"authorization_servers\": [\"%s\"], \"rpkai_client_id\": \"%s\", \"rpkai_audience\": \"%s\"}"
                        .formatted(at.issuer(), client, audience)));
        return gateway;
    }

    private static String refreshToken(Machine machine, String account) {
        return SignedIn.credentials(machine).path(account).path("refresh_token").asText();
    }
}
