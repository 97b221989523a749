package tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lib.auth.CredentialStore;
import lib.auth.Credentials;
import lib.auth.DeviceLogin;
import lib.auth.IdentityProvider;
import lib.base.UserError;
import lib.config.Flags;
import lib.config.Settings;
import lib.http.Http;
import lib.terminal.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;
import tests.support.upstream.Reply;

/// The device flow, with pauses that are noted and not slept.
class DeviceLoginTest {
    private static final Consumer<String> NO_BROWSER = _ -> {};
    private static final String POLL = "urn:ietf:params:oauth:grant-type:device_code";

    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final Time time = new Time();
    private final List<Long> pauses = new ArrayList<>();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Machine machine;

    @BeforeEach
    void aMachine() {
        idp.clock(time);
        idp.devices().slowDown(true);
        machine = SignedIn.configured(temp, idp).at(time);
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void signingInWaitsForTheUserAndStoresTheTokens() {
        idp.devices().interval(5).approveAfter(3);

        var credentials = login(NO_BROWSER);

        assertEquals(List.of(5L, 5L, 5L, 5L), pauses);
        assertEquals("org_123", credentials.organization());
        assertTrue(idp.isValid(credentials.token().value().reveal()));
        assertEquals(
                credentials.token().value().reveal(),
                SignedIn.credentials(machine)
                        .path("org_123")
                        .path("access_token")
                        .asText());
        assertTrue(SignedIn.credentials(machine)
                .path("org_123")
                .path("refresh_token")
                .isTextual());
        assertEquals(
                idp.issuer(),
                SignedIn.credentials(machine).path("org_123").path("issuer").asText());
    }

    @Test
    void thePageAndTheCodeAreShownAndThePageIsOpened() {
        idp.devices().approveAfter(0);
        var opened = new ArrayList<String>();

        login(opened::add);

        var page = opened.getFirst();
        assertTrue(page.startsWith(idp.issuer() + "/activate?user_code="), page);
        assertTrue(said().contains(page) && said().contains(page.substring(page.indexOf('=') + 1)), said());
    }

    @Test
    void slowDownAddsFiveSecondsForGood() {
        idp.devices().interval(2).approveAfter(1);
        idp.fail(Endpoint.TOKEN, 2, Fault.oauth(400, "slow_down"));

        login(NO_BROWSER);

        assertEquals(List.of(2L, 7L, 12L, 12L), pauses);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aFailureThatPassesWhileTheUserTypesEndsNothing(int which) {
        var fault = List.of(
                        Fault.dropped(),
                        Fault.unavailable(),
                        Fault.html(200),
                        Fault.tooManyRequests(Duration.ofSeconds(30)))
                .get(which);
        idp.devices().approveAfter(0);
        idp.fail(Endpoint.TOKEN, 2, fault);

        assertEquals("org_123", login(NO_BROWSER).organization());
        assertEquals(3, pauses.size());
    }

    @Test
    void theThirdFailedPollInARowIsReportedOnceAndPollingContinues() {
        idp.devices().approveAfter(0);
        idp.fail(Endpoint.TOKEN, 2, Fault.html(200));
        idp.fail(Endpoint.TOKEN, 1, Fault.oauth(400, "authorization_pending"));
        idp.fail(Endpoint.TOKEN, 5, Fault.html(200));

        assertEquals("org_123", login(NO_BROWSER).organization());
        var warnings = said().lines()
                .filter(line -> line.startsWith("rpkai: warning: "))
                .toList();
        assertEquals(1, warnings.size(), said());
        assertTrue(
                warnings.getFirst().contains("the identity provider")
                        && warnings.getFirst().endsWith("; still waiting for the confirmation, press Ctrl-C to cancel"),
                said());
    }

    @Test
    void aRefusalInTheBrowserEndsIt() {
        var e = assertThrows(UserError.class, () -> login(_ -> idp.devices().deny()));

        assertEquals("the sign-in was refused in the browser: run rpkai auth login to try again", e.line());
        assertFalse(Files.exists(SignedIn.file(machine)));
    }

    @Test
    void aCodeThatExpiredEndsIt() {
        var e = assertThrows(UserError.class, () -> login(_ -> idp.devices().expire()));

        assertEquals("the code expired before it was confirmed: run rpkai auth login to get a new one", e.line());
    }

    @Test
    void aProviderThatNeverEndsACodeDoesNotHoldItForEver() {
        idp.devices().interval(30).lifetime(Duration.ofMinutes(5));
        idp.failAlways(Endpoint.TOKEN, Fault.oauth(400, "authorization_pending"));

        var e = assertThrows(UserError.class, () -> login(NO_BROWSER));

        assertTrue(e.line().startsWith("the code expired"), e.line());
        assertEquals(10, pauses.size());
    }

    @Test
    void anyOtherRefusalEndsItAndIsNamed() {
        idp.fail(Endpoint.TOKEN, 1, Fault.oauth(400, "invalid_client"));

        assertTrue(assertThrows(UserError.class, () -> login(NO_BROWSER)).line().contains("invalid_client"));
    }

    @Test
    void anInterruptionEndsIt() {
        var login = new DeviceLogin(
                provider(),
                store(),
                time,
                _ -> {
                    throw new InterruptedException();
                },
                new PrintStream(err),
                Progress.none());

        assertThrows(UserError.class, () -> login.run(NO_BROWSER));
        assertTrue(Thread.interrupted());
    }

    @Test
    void everySignInIsAFreshGrant() {
        idp.devices().approveAfter(0);
        var first = login(NO_BROWSER).token().value();

        var second = login(NO_BROWSER).token().value();

        assertNotEquals(first, second);
        assertEquals(2, idp.deviceGrants());
        assertEquals(List.of(), idp.tokenCalls("refresh_token"));
    }

    @Test
    void aSignInToAnotherOrganisationKeepsTheFirstAndIsTheLatestEvenWithinASecond() {
        idp.devices().interval(0).approveAfter(0);
        login(NO_BROWSER);
        var first = SignedIn.credentials(machine).path("org_123");
        idp.user("bob@example.com", "org_456");

        login(NO_BROWSER);

        assertEquals(first, SignedIn.credentials(machine).path("org_123"));
        assertEquals("org_456", store().latest().orElseThrow().organization());
    }

    @Test
    void theProviderIsFoundOnceHoweverLongItTakes() {
        idp.devices().approveAfter(20);

        login(NO_BROWSER);

        assertEquals(
                1,
                idp.requests().stream()
                        .filter(call -> call.path().endsWith("/openid-configuration"))
                        .count());
        assertEquals(21, idp.tokenCalls(POLL).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JAVASCRIPT:alert(1)",
                "file:///etc/passwd",
                "",
                "https://",
                "https://evil.example/\u001b[31m",
                "https://a\nhttps://b",
                "https://a b",
                "https://a\u009b31m",
                "vbscript:x",
                "-https://a"
            })
    void anAddressThatIsNoWebPageIsNeitherShownNorOpened(String page) throws IOException {
        for (var field : new String[] {"verification_uri", "verification_uri_complete"}) {
            var answer = new ObjectMapper()
                    .createObjectNode()
                    .put("device_code", "d")
                    .put("user_code", "ABCD")
                    .put("verification_uri", "https://fine.example")
                    .put("expires_in", 600);
            answer.put(field, page);
            if (field.endsWith("complete") && page.isEmpty()) continue;
            idp.fail(Endpoint.DEVICE_AUTHORIZATION, 1, Fault.reply(Reply.json(200, answer)));
            var opened = new ArrayList<String>();

            var e = assertThrows(UserError.class, () -> login(opened::add));

            assertTrue(e.line().startsWith("the identity provider named no page"), e.line());
            assertEquals(List.of(), opened);
            assertEquals("", said());
        }
    }

    @Test
    void aCodeCannotMoveTheCursor() throws IOException {
        var answer = new ObjectMapper()
                .createObjectNode()
                .put("device_code", "d")
                .put("user_code", "AB\u001b[2J\u009bCD")
                .put("verification_uri", "https://fine.example")
                .put("expires_in", 1);
        idp.fail(Endpoint.DEVICE_AUTHORIZATION, 1, Fault.reply(Reply.json(200, answer)));

        assertThrows(UserError.class, () -> login(NO_BROWSER));

        assertTrue(said().contains("AB[2JCD"), said());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"expires_in\": 9e18, \"interval\": 9e18}",
                "{\"expires_in\": -5, \"interval\": -5}",
                "{\"expires_in\": \"x\", \"interval\": []}"
            })
    void numbersThatMakeNoSenseEndInAMessage(String numbers) throws IOException {
        var answer = new ObjectMapper()
                .createObjectNode()
                .put("device_code", "d")
                .put("user_code", "ABCD")
                .put("verification_uri", "https://fine.example");
        answer.setAll((ObjectNode) new ObjectMapper().readTree(numbers));
        idp.fail(Endpoint.DEVICE_AUTHORIZATION, 1, Fault.reply(Reply.json(200, answer)));
        idp.failAlways(Endpoint.TOKEN, Fault.oauth(400, "access_denied"));

        assertThrows(UserError.class, () -> login(NO_BROWSER));
        assertTrue(pauses.stream().allMatch(s -> s >= 0 && s <= 60), pauses.toString());
    }

    @Test
    void theReasonWhyAProviderRejectsASignInIsReported() {
        idp.fail(Endpoint.DEVICE_AUTHORIZATION, 1, Fault.oauth(400, "unauthorized_client"));

        assertTrue(assertThrows(UserError.class, () -> login(NO_BROWSER)).line().contains("unauthorized_client"));
    }

    @Test
    void neitherTheDeviceCodeNorATokenIsShown() {
        idp.devices().approveAfter(1);

        var credentials = login(NO_BROWSER);

        var code = idp.tokenCalls(POLL).getFirst().form().get("device_code");
        assertTrue(said().contains("code"), said());
        for (var secret : List.of(
                code,
                credentials.token().value().reveal(),
                credentials.refreshToken().orElseThrow().reveal())) assertFalse(said().contains(secret));
    }

    private Credentials login(Consumer<String> browser) {
        return new DeviceLogin(
                        provider(),
                        store(),
                        time,
                        pause -> {
                            pauses.add(pause.toSeconds());
                            time.pass(pause);
                        },
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Progress.none())
                .run(browser);
    }

    private IdentityProvider provider() {
        return new IdentityProvider(
                Settings.resolve(Flags.none(), machine.host()).cloud(), Http.of(machine.host()));
    }

    private CredentialStore store() {
        return new CredentialStore(SignedIn.file(machine));
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
