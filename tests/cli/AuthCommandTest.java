package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.auth.SignedIn;
import tests.auth.Time;
import tests.support.Cluster;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;
import tests.support.upstream.Reply;

class AuthCommandTest {
    private static final String PROD =
            "organization: org_123\nai_gateway_url: https://aigw.example\nauth_mode: device\n";

    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final Time time = new Time();

    @BeforeEach
    void aProviderThatApproves() {
        idp.clock(time).devices().interval(0).approveAfter(1);
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void aSignInNamesTheUserAndTheOrganisation() {
        var result = machine().run("auth", "login", "--no-browser");

        assertEquals(0, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().contains("Signed in as ada@example.com (organisation org_123)."), result.err());
    }

    @Test
    void theSignInOfRpksUsersPicksNoEnvironmentAndSignsOutAgain() {
        idp.controlPlane().clusters(Cluster.ready("cl-1", "prod", "https://one"));
        var machine = machine();

        assertEquals(
                0, machine.run("cloud", "login", "--no-profile", "--no-browser").exitCode());
        assertFalse(Files.exists(machine.home().resolve(".rpai/config")));
        assertEquals(0, machine.run("auth", "token").exitCode());
        assertEquals("Signed out of org_123.\n", machine.run("cloud", "logout").err());

        assertTrue(machine.run("cloud", "login", "--no-browser").err().contains("Environment: prod (https://one)."));
    }

    @Test
    void aSignInWithoutAnEmailOrOrganisationWorksToo() {
        idp.claims(claims -> {
            claims.remove("email");
            claims.remove("https://cloud.redpanda.com/organization_id");
            return claims;
        });
        var machine = machine();

        assertEquals(0, machine.run("auth", "login", "--no-browser").exitCode());
        assertEquals(0, machine.run("auth", "token").exitCode());
    }

    @Test
    void aRejectedSignInLeavesTheEarlierOne() {
        var machine = SignedIn.machine(temp, idp).at(time);
        var before = SignedIn.credentials(machine);
        idp.fail(Endpoint.TOKEN, 1, Fault.oauth(400, "access_denied"));

        assertEquals(1, machine.run("auth", "login", "--no-browser").exitCode());
        assertEquals(before, SignedIn.credentials(machine));
    }

    @Test
    void signingInWorksAlthoughTheSelectedProfileIsMissing() {
        var machine = machine().with("RPAI_PROFILE", "gone");
        machine.write("home/.rpai/config", "current: gone-too\n");

        assertEquals(0, machine.run("auth", "login", "--no-browser").exitCode());
    }

    @Test
    void anAccountCannotMoveTheCursor() {
        idp.user("a\u001b[2Jb\u009bc@example.com", "org_123");

        var result = machine().run("auth", "login", "--no-browser");

        assertEquals(0, result.exitCode(), result.toString());
        assertTrue(result.err().contains("@example.com"), result.err());
        assertFalse(result.err().contains("\u001b") || result.err().contains("\u009b"), result.err());
    }

    @Test
    void theStatusOfASignInHasAStableShape() throws IOException {
        var machine = SignedIn.machine(temp, idp).at(time).profile("prod", PROD);

        var result = machine.run("auth", "status", "-o", "json");

        assertEquals(
                json("""
                {"logged_in": true, "organization": "org_123", "user_email": "ada@example.com", "expires_at": "%s", \
                "auth_mode": "device",
                 "profile": "prod", "ai_gateway_url": "https://aigw.example"}""".formatted(
                                time.instant().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(1)))),
                json(result.out()));
        assertEquals(List.of(), idp.requests());
    }

    @Test
    void theStatusInYamlIsTheSame() throws IOException {
        var machine = SignedIn.machine(temp, idp).at(time).profile("prod", PROD);

        assertEquals(
                json(machine.run("auth", "status", "-o", "json").out()),
                new YAMLMapper()
                        .readTree(machine.run("auth", "status", "-o", "yaml").out()));
    }

    @Test
    void theStatusInATableHasALineAField() {
        var out = SignedIn.machine(temp, idp)
                .at(time)
                .profile("prod", PROD)
                .run("auth", "status")
                .out();

        assertTrue(
                out.contains("LOGGED IN       true\n")
                        && out.contains("ORGANIZATION    org_123\n")
                        && out.contains("AI GATEWAY URL  https://aigw.example\n"),
                out);
    }

    @Test
    void theStatusWithoutASignInIsNoFailure() throws IOException {
        assertEquals(
                new Machine.Result(0, "{\n  \"logged_in\" : false,\n  \"auth_mode\" : \"device\"\n}\n", ""),
                machine().run("auth", "status", "-o", "json"));

        var withProfile = machine().profile("prod", PROD).run("auth", "status", "-o", "json");
        assertEquals(0, withProfile.exitCode());
        assertEquals(
                json("{\"logged_in\": false, \"organization\": \"org_123\", \"auth_mode\": \"device\","
                        + " \"profile\": \"prod\", \"ai_gateway_url\": \"https://aigw.example\"}"),
                json(withProfile.out()));
    }

    @Test
    void theStatusOfAnExpiredTokenDependsOnWhetherItCanBeRenewed() throws IOException {
        var machine = SignedIn.expired(temp, idp).at(time);
        assertTrue(json(machine.run("auth", "status", "-o", "json").out())
                .path("logged_in")
                .asBoolean());

        var all = (ObjectNode) SignedIn.credentials(machine);
        ((ObjectNode) all.path("org_123")).remove("refresh_token");
        machine.write("home/.rpai/credentials", all.toString());
        assertFalse(json(machine.run("auth", "status", "-o", "json").out())
                .path("logged_in")
                .asBoolean());
    }

    @Test
    void theStatusKnowsTheOtherModes() throws IOException {
        var machine = machine().profile("local", "ai_gateway_url: http://localhost:1\nauth_mode: none\n");
        assertEquals(
                json("{\"logged_in\": false, \"auth_mode\": \"none\", \"profile\": \"local\", "
                        + "\"ai_gateway_url\": \"http://localhost:1\"}"),
                json(machine.run("auth", "status", "-o", "json").out()));

        var given = json(
                machine.run("--token", "opaque", "auth", "status", "-o", "json").out());
        assertEquals(
                "token true",
                given.path("auth_mode").asText() + " " + given.path("logged_in").asText());

        machine.profile("rpk", "ai_gateway_url: http://localhost:1\nauth_mode: rpk\n");
        assertEquals(
                "false",
                json(machine.run("auth", "status", "-o", "json").out())
                        .path("logged_in")
                        .asText());
    }

    @Test
    void theStatusShowsTheEndpointOfThisInvocation() throws IOException {
        var machine = machine().profile("prod", PROD);

        assertEquals(
                "http://localhost:7",
                json(machine.run("auth", "status", "-o", "json", "-s", "http://localhost:7")
                                .out())
                        .path("ai_gateway_url")
                        .asText());
    }

    @Test
    void signingOutForgetsThisOrganisationOnly() {
        var machine = SignedIn.machine(temp, idp).at(time).profile("prod", PROD);
        SignedIn.save(machine, idp, "org_456", idp.signIn());

        assertEquals(new Machine.Result(0, "", "Signed out of org_123.\n"), machine.run("auth", "logout"));

        assertEquals(
                List.of("org_456"),
                SignedIn.credentials(machine)
                        .propertyStream()
                        .map(e -> e.getKey())
                        .toList());
        assertEquals(1, machine.run("auth", "token").exitCode());
        assertTrue(Files.exists(machine.home().resolve(".rpai/config")));
    }

    @Test
    void withoutAProfileSigningOutForgetsTheLatestSignIn() {
        var machine = SignedIn.machine(temp, idp).at(time);
        SignedIn.save(machine, idp, "org_456", idp.signIn());

        assertEquals("Signed out of org_456.\n", machine.run("auth", "logout").err());
        assertEquals("Signed out of org_123.\n", machine.run("auth", "logout").err());
        assertEquals(new Machine.Result(0, "", "Not signed in.\n"), machine.run("auth", "logout"));
    }

    @Test
    void signingOutOfNothingMakesNothing() {
        var machine = machine();

        assertEquals(0, machine.run("auth", "logout").exitCode());
        assertEquals(0, machine.run("auth", "logout", "--all").exitCode());

        assertFalse(Files.exists(machine.home().resolve(".rpai")));
    }

    @Test
    void signingOutEverywhereLeavesNoTokenAndNoConfig() throws IOException {
        var machine = SignedIn.machine(temp, idp).at(time).profile("gone", "auth_mode: nonsense\n");
        SignedIn.save(machine, idp, "org_456", idp.signIn());
        machine.write("home/.rpai/credentials.damaged", "{\"org\": {\"access_token\": \"half");
        machine.write("home/.rpai/.credentials.new", "{\"org\": {\"access_token\": \"half");

        assertEquals(0, machine.run("auth", "logout", "--all").exitCode());

        try (var files = Files.list(machine.home().resolve(".rpai"))) {
            assertEquals(
                    List.of(),
                    files.filter(f -> !f.toString().endsWith(".lock")).toList());
        }
    }

    @Test
    void signingOutEverywhereWorksOnDamagedCredentials() {
        var machine = machine();
        machine.write("home/.rpai/credentials", "{\"org\": half");

        assertEquals(0, machine.run("auth", "logout", "--all").exitCode());
        assertFalse(Files.exists(SignedIn.file(machine)));
    }

    @Test
    void anUnknownSubcommandIsBadUsage() {
        for (var args : List.of(
                List.of("auth"),
                List.of("auth", "logn"),
                List.of("auth", "login", "--nonsense"),
                List.of("auth", "token", "extra"))) {
            var result = machine().run(args.toArray(String[]::new));

            assertEquals(2, result.exitCode(), args.toString());
            assertEquals(1, result.err().lines().count(), result.err());
        }
    }

    @Test
    void aSignInThatCannotListEnvironmentsIsASignInAllTheSame() {
        idp.failAlways(Endpoint.CLUSTERS, Fault.reply(Reply.of(500, "text/plain", "oops")));
        var machine = machine();

        var result = machine.run("auth", "login", "--no-browser");

        assertEquals(1, result.exitCode());
        assertTrue(
                result.err()
                        .contains("signed in to org_123, but its environments cannot be listed: the control plane at"),
                result.err());
        assertEquals(0, machine.run("auth", "token").exitCode());
    }

    private Machine machine() {
        return SignedIn.configured(temp, idp).at(time);
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
