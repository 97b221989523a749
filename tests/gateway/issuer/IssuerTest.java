package tests.gateway.issuer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.issuer.TestTeam.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import lib.gateway.access.Caller.Role;
import lib.gateway.state.Account.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Eventually;

class IssuerTest {
    private static final String ADA = "ada@example.com";
    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    private TestTeam team;
    private String key;

    @BeforeEach
    void start() {
        TestTeam.now = Instant.parse("2026-11-22T10:00:00Z");
        team = new TestTeam(temp);
        key = team.state.accounts().add(Kind.USER, ADA, Role.USER).reveal();
    }

    @AfterEach
    void stop() {
        team.close();
    }

    @Test
    void anApprovedDeviceGetsATokenThatTheGatewayTakesUntilItExpires() throws Exception {
        var device = team.device();
        assertEquals("authorization_pending", team.poll(device).path("error").asText());

        assertEquals(
                200,
                team.decide(device, ADA, key, "approve", "Origin", team.url(), "Sec-Fetch-Site", "same-origin")
                        .statusCode());
        TestTeam.now = TestTeam.now.plusSeconds(2);
        var token = access(team.poll(device));

        assertEquals(200, team.invoke(token));
        assertEquals(200, team.list(token));
        assertEquals(ADA, claims(token).path("email").asText());
        TestTeam.now = TestTeam.now.plus(Duration.ofMinutes(62));
        assertEquals(401, team.invoke(token));
        assertEquals("expired_token", team.poll(device).path("error").asText(), "a code is good once");
    }

    @Test
    void aDeviceThatAsksTooOftenIsSlowedDown() throws Exception {
        var device = team.device();
        team.poll(device);

        assertEquals("slow_down", team.poll(device).path("error").asText());
        TestTeam.now = TestTeam.now.plusSeconds(3);
        assertEquals("authorization_pending", team.poll(device).path("error").asText());
    }

    @Test
    void aDeviceThatWaitedTooLongGetsNothing() throws Exception {
        var late = team.device();
        TestTeam.now = TestTeam.now.plus(Duration.ofMinutes(11));

        assertEquals("expired_token", team.poll(late).path("error").asText());
        assertEquals(400, team.decide(late, ADA, key, "approve").statusCode());
    }

    @Test
    void aDenialIsToldToTheDevice() throws Exception {
        var device = team.device();
        team.decide(device, "", "", "deny");

        assertEquals("access_denied", team.poll(device).path("error").asText());
    }

    @Test
    void approvingASignInNeedsTheUsersKeyAndTheGatewaysOwnPage() throws Exception {
        var device = team.device();
        var client = team.state.accounts().add(Kind.CLIENT, "ci", Role.ADMIN).reveal();

        assertEquals(403, team.decide(device, ADA, "guess", "approve").statusCode());
        assertEquals(403, team.decide(device, ADA, "", "approve").statusCode());
        assertEquals(
                403, team.decide(device, "nobody@example.com", key, "approve").statusCode());
        assertEquals(403, team.decide(device, "ci", client, "approve").statusCode(), "a client is no person");
        assertEquals(
                403,
                team.decide(device, ADA, key, "approve", "Origin", "https://evil.example")
                        .statusCode());
        assertEquals(
                403, team.decide(device, ADA, key, "approve", "Origin", "null").statusCode());
        assertEquals(
                403,
                team.decide(device, ADA, key, "deny", "Sec-Fetch-Site", "cross-site")
                        .statusCode());
        assertEquals("authorization_pending", team.poll(device).path("error").asText());
    }

    @Test
    void thePageShowsTheLinksParametersAsTextAndRunsNothing() throws Exception {
        var page = team.get("/device?user_code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
        var policy = page.headers().firstValue("content-security-policy").orElse("");

        assertFalse(page.body().contains("<script"), page.body());
        assertTrue(page.body().contains("&quot;&gt;&lt;script&gt;"), page.body());
        assertTrue(
                policy.contains("default-src 'none'")
                        && policy.contains("frame-ancestors 'none'")
                        && !policy.contains("unsafe"),
                policy);
    }

    @Test
    void aRefreshTokenIsReplacedByEachUseAndItsLaterUseEndsTheSignIn() throws Exception {
        var first = team.signIn(ADA, key);
        var second = team.refresh(refreshToken(first));
        assertEquals(200, team.invoke(access(second)));
        assertNotEquals(refreshToken(first), refreshToken(second));
        TestTeam.now = TestTeam.now.plusSeconds(61);

        assertEquals(
                "invalid_grant", team.refresh(refreshToken(first)).path("error").asText());
        assertEquals(
                "invalid_grant",
                team.refresh(refreshToken(second)).path("error").asText(),
                "the whole family");
        Eventually.holds(() -> status(access(second)) == 401, SOON, () -> "its access token is still good");
    }

    @Test
    void aRefreshTokenIsBoundToItsClientAndAGuessRevokesNothing() throws Exception {
        var token = refreshToken(team.signIn(ADA, key));
        var form = Map.of("grant_type", "refresh_token", "refresh_token", token, "client_id", "other");

        assertEquals(
                "invalid_grant",
                json(team.post("/oauth/token", form)).path("error").asText());
        assertEquals(
                "invalid_grant",
                team.refresh(claims(access(team.signIn(ADA, key))).path("sid").asText() + ".guess")
                        .path("error")
                        .asText());
        assertEquals("invalid_grant", team.refresh("").path("error").asText());
        assertFalse(team.refresh(token).has("error"));
    }

    @Test
    void anUnusedSignInExpires() throws Exception {
        var token = refreshToken(team.signIn(ADA, key));
        TestTeam.now = TestTeam.now.plus(Duration.ofDays(31));

        assertEquals("invalid_grant", team.refresh(token).path("error").asText());
    }

    @Test
    void everythingOutlivesARestart() throws Exception {
        var tokens = team.signIn(ADA, key);
        team.close();
        team = new TestTeam(temp);

        assertEquals(200, team.invoke(access(tokens)));
        assertFalse(team.refresh(refreshToken(tokens)).has("error"));
        assertTrue(team.signIn(ADA, key).has("access_token"));
    }

    @Test
    void aProgramSignsInWithItsSecretAndMayInvokeOnly() throws Exception {
        var secret = team.state.accounts().add(Kind.CLIENT, "ci", Role.INVOKER).reveal();
        var answer = team.post(
                "/oauth/token",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        "ci",
                        "client_secret",
                        secret,
                        "audience",
                        "any"));
        var basic = "Basic " + Base64.getEncoder().encodeToString(("ci:" + secret).getBytes(StandardCharsets.UTF_8));
        var wrong = team.post(
                "/oauth/token",
                Map.of("grant_type", "client_credentials", "client_id", "ci", "client_secret", "guess"));

        assertEquals(200, team.invoke(access(json(answer))));
        assertEquals(403, team.list(access(json(answer))));
        assertFalse(json(answer).has("refresh_token"));
        assertTrue(json(team.post("/oauth/token", Map.of("grant_type", "client_credentials"), "Authorization", basic))
                .has("access_token"));
        assertEquals(401, wrong.statusCode());
        assertEquals("invalid_client", json(wrong).path("error").asText());
        assertEquals(
                401,
                team.post(
                                "/oauth/token",
                                Map.of("grant_type", "client_credentials", "client_id", ADA, "client_secret", key))
                        .statusCode(),
                "a person is no program");
    }

    @Test
    void aRevokedSignInIsOver() throws Exception {
        var byRefresh = team.signIn(ADA, key);
        var byAccess = team.signIn(ADA, key);
        assertEquals(200, team.invoke(access(byRefresh)));

        assertEquals(
                200,
                team.post("/oauth/revoke", Map.of("token", refreshToken(byRefresh)))
                        .statusCode());
        assertEquals(
                200,
                team.post("/oauth/revoke", Map.of("token", access(byAccess))).statusCode());
        assertEquals(
                200, team.post("/oauth/revoke", Map.of("token", "nonsense")).statusCode());

        for (var tokens : new JsonNode[] {byRefresh, byAccess}) {
            assertEquals(
                    "invalid_grant",
                    team.refresh(refreshToken(tokens)).path("error").asText());
            Eventually.holds(() -> status(access(tokens)) == 401, SOON, () -> "still good");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-For | 203.0.113.9 | X-Forwarded-For | %d.1.2.3, 203.0.113.9:4711, 10.1.2.3",
                "X-Forwarded-For | 2001:db8:0:2::1 | X-Forwarded-For | 2001:db8:0:1::%x",
                "Forwarded | for=203.0.113.9 | Forwarded | for=203.0.113.%2$d;proto=https, "
                        + "for=\"[2001:db8:0:1::%x]:4711\""
            })
    void aClientThatStartsManySignInsEndsOnlyItsOwn(String header, String victim, String floodHeader, String flood)
            throws Exception {
        var others = team.device(
                header, victim.equals("203.0.113.9") && floodHeader.equals("X-Forwarded-For") ? "203.0.113.8" : victim);
        var first = team.device(floodHeader, flood.formatted(0, 1));
        for (int i = 1; i <= 100; i++) team.device(floodHeader, flood.formatted(i % 250, 1 + i % 250));

        assertEquals("expired_token", team.poll(first).path("error").asText(), "the sender's oldest goes");
        assertEquals("authorization_pending", team.poll(others).path("error").asText(), "another's stays");
    }

    @Test
    void anAddressThatAsksTooOftenIsRefusedAndOthersAreNot() throws Exception {
        var others = team.device("X-Forwarded-For", "203.0.113.8");
        int refused = 0;
        for (int i = 0; i < 210; i++)
            if (team.device("X-Forwarded-For", "203.0.113.9")
                    .path("error")
                    .asText()
                    .equals("temporarily_unavailable")) refused++;
        assertEquals(10, refused, "starts of sign-ins");
        assertTrue(team.device("X-Forwarded-For", "203.0.113.8").has("user_code"));
        TestTeam.now = TestTeam.now.plusSeconds(1);
        assertTrue(team.device("X-Forwarded-For", "203.0.113.9").has("user_code"));

        refused = 0;
        for (int i = 0; i < 210; i++)
            if (team.guess("2001:db8:0:1::" + i).path("error").asText().equals("slow_down")) refused++;
        assertEquals(10, refused, "polls");
        assertEquals(
                "expired_token", team.guess("2001:db8:0:2::1").path("error").asText());
        assertEquals("authorization_pending", team.poll(others).path("error").asText());
    }

    @Test
    void withoutItsSigningKeyNoTokenIsValidAnyMore() throws Exception {
        var token = access(team.signIn(ADA, key));
        assertEquals(200, team.invoke(token));
        Files.delete(temp.resolve("state/signing-keys.json"));

        assertEquals(401, team.invoke(token));
        assertEquals(200, team.invoke(access(team.signIn(ADA, key))));
        assertEquals(401, team.invoke(token));
    }

    @Test
    void anAddedUserHasAccessAtOnce() throws Exception {
        assertEquals(200, team.invoke(access(team.signIn(ADA, key))));
        var bob = team.state.accounts().add(Kind.USER, "bob", Role.USER).reveal();

        assertEquals(200, team.invoke(access(team.signIn("bob", bob))));
    }

    @Test
    void aRemovalOrANewRoleTakesEffectAtOnce() throws Exception {
        var token = access(team.signIn(ADA, key));
        assertEquals(200, team.list(token));

        team.state.accounts().setRole(Kind.USER, ADA, Role.INVOKER);
        Eventually.holds(() -> listed(token) == 403, SOON, () -> "still a user");
        team.state.accounts().remove(Kind.USER, ADA);
        Eventually.holds(() -> status(token) == 401, SOON, () -> "still there");
        team.state.accounts().add(Kind.USER, ADA, Role.ADMIN);
        assertEquals(403, team.decide(team.device(), ADA, key, "approve").statusCode());
        assertEquals(401, team.invoke(token), "another person of the same name");
    }

    @Test
    void aNewKeyEndsTheSignInsOfTheOldOne() throws Exception {
        var tokens = team.signIn(ADA, key);
        var next = team.state.accounts().renew(Kind.USER, ADA).reveal();

        assertEquals(
                "invalid_grant",
                team.refresh(refreshToken(tokens)).path("error").asText());
        Eventually.holds(() -> status(access(tokens)) == 401, SOON, () -> "still good");
        assertTrue(team.signIn(ADA, next).has("access_token"));
        assertEquals(403, team.decide(team.device(), ADA, key, "approve").statusCode());
    }

    @Test
    void aTokenWithoutThisGatewaysSignatureIsRejected() throws Exception {
        var parts = access(team.signIn(ADA, key)).split("\\.");
        var none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        assertEquals(401, team.invoke(none + "." + parts[1] + "."));
        assertEquals(401, team.invoke(parts[0] + "." + parts[1] + "." + "A".repeat(86)));
        assertEquals(
                401,
                team.invoke(parts[0] + "." + parts[1] + "."
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64])));
    }

    @Test
    void aTokenOfAnotherGatewayIsRejected() throws Exception {
        try (var other = new TestTeam(Files.createDirectory(temp.resolve("other")))) {
            var othersKey =
                    other.state.accounts().add(Kind.USER, ADA, Role.ADMIN).reveal();

            assertEquals(401, team.invoke(access(other.signIn(ADA, othersKey))));
        }
    }

    @Test
    void aNewSigningKeyComesEveryThreeMonthsAndTheOldOneStays() throws Exception {
        var old = json(team.get("/oauth/keys")).path("keys").path(0).path("kid").asText();
        TestTeam.now = TestTeam.now.plus(Duration.ofDays(90)).minusSeconds(60);
        var before = access(team.signIn(ADA, key));
        TestTeam.now = TestTeam.now.plusSeconds(120);
        var after = access(team.signIn(ADA, key));

        assertEquals(200, team.invoke(before));
        assertEquals(200, team.invoke(after));
        assertEquals(2, json(team.get("/oauth/keys")).path("keys").size());
        assertEquals(
                old,
                json(team.get("/oauth/keys")).path("keys").path(1).path("kid").asText());
        assertFalse(team.get("/oauth/keys").body().contains("\"d\""), "a private key is published");
    }

    @Test
    void nothingOfItIsForOthersToReadAndNoSecretIsInTheDatabase() throws Exception {
        var tokens = team.signIn(ADA, key);

        List<Path> files;
        try (var all = Files.list(temp.resolve("state"))) {
            files = all.filter(Files::isRegularFile).toList();
        }
        assertFalse(files.isEmpty(), "there is no database");
        for (var file : files) {
            assertEquals(
                    "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
            var text = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertFalse(
                    text.contains(key)
                            || text.contains(refreshToken(tokens).split("\\.")[1])
                            || text.contains(access(tokens)),
                    file.toString());
        }
    }

    @Test
    void anUnreadableRequestGetsAnOAuthError() throws Exception {
        assertEquals(
                "unsupported_grant_type",
                json(team.post("/oauth/token", Map.of("grant_type", "password")))
                        .path("error")
                        .asText());
        assertEquals(
                "invalid_request",
                json(team.post("/oauth/token", Map.of("grant_type", "x".repeat(40_000))))
                        .path("error")
                        .asText());
        assertEquals(
                "invalid_request",
                json(team.post("/oauth/device/code", Map.of())).path("error").asText());
        assertEquals(
                400,
                team.post(
                                "/oauth/token",
                                Map.of("grant_type", TestTeam.CODE_GRANT, "device_code", "guess", "client_id", "rpkai"))
                        .statusCode());
        assertEquals(404, team.get("/oauth/token").statusCode());
    }

    /// PostgreSQL can look up no text with it.
    @Test
    void aNulInAFormIsAnInvalidRequest() throws Exception {
        var basic = "Basic " + Base64.getEncoder().encodeToString("ci:a%00b".getBytes(StandardCharsets.UTF_8));
        for (var answer : List.of(
                team.post("/oauth/token", Map.of("grant_type", TestTeam.CODE_GRANT, "device_code", "a\0b")),
                team.post("/oauth/token", Map.of("grant_type", "refresh_token", "refresh_token", "a\0.b")),
                team.post("/oauth/token", Map.of("grant_type", "client_credentials"), "Authorization", basic),
                team.post("/oauth/device/code", Map.of("client_id", "rpkai\0")),
                team.post("/device", Map.of("user_code", "BCDF\0-GHJK", "name", ADA, "key", key)))) {
            assertEquals(400, answer.statusCode(), answer.body());
            assertEquals("invalid_request", json(answer).path("error").asText(), answer.body());
        }
    }

    private int status(String token) {
        try {
            return team.invoke(token);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private int listed(String token) {
        try {
            return team.list(token);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String access(JsonNode tokens) {
        assertTrue(tokens.has("access_token"), tokens.path("error").asText());
        return tokens.path("access_token").asText();
    }

    private static String refreshToken(JsonNode tokens) {
        return tokens.path("refresh_token").asText();
    }

    private static JsonNode claims(String token) throws Exception {
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }
}
