package tests.gateway.issuer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.issuer.TestTeam.json;
import static tests.gateway.issuer.TestTeam.now;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import lib.gateway.access.Caller.Role;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;

/// Three gateways with their own issuer and one state: each request may reach any of them.
abstract class ReplicasContract {
    static final String ADA = "ada@example.com";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    private final List<TestTeam> teams = new ArrayList<>();
    private TestTeam one;
    private TestTeam other;
    private TestTeam third;
    private String key;

    /// Opens the state of this test as another process does.
    abstract GatewayState open();

    /// The arguments that name the state to a command.
    abstract String place();

    abstract Connection connect() throws Exception;

    /// Lets time pass for what the gateways measure together.
    abstract void pass(Duration time) throws Exception;

    @BeforeEach
    void start() {
        now = Instant.parse("2026-11-22T10:00:00Z");
        one = started();
        other = started();
        third = started();
        key = one.state.accounts().add(Kind.USER, ADA, Role.USER).reveal();
    }

    private TestTeam started() {
        var team = new TestTeam(open());
        teams.add(team);
        return team;
    }

    @AfterEach
    void stop() {
        teams.forEach(TestTeam::close);
    }

    @Test
    void aSignInMayReachAnotherGatewayWithEachStep() throws Exception {
        var device = one.device();
        assertEquals("authorization_pending", third.poll(device).path("error").asText());
        assertEquals(200, other.decide(device, ADA, key, "approve").statusCode());
        var tokens = third.poll(device);

        for (var team : teams) assertEquals(200, team.invoke(access(tokens)));
        assertEquals("expired_token", one.poll(device).path("error").asText(), "a code is valid once");
    }

    @Test
    void aDenialAtOneGatewayIsReportedByTheOthers() throws Exception {
        var device = one.device();
        other.decide(device, "", "", "deny");

        assertEquals("access_denied", third.poll(device).path("error").asText());
        assertEquals(400, one.decide(device, ADA, key, "approve").statusCode(), "a denial is final");
    }

    @Test
    void pollsAtDifferentGatewaysAreTooFrequentTogether() throws Exception {
        var device = one.device();
        assertEquals("authorization_pending", one.poll(device).path("error").asText());
        var polled = polled();
        assertEquals("slow_down", other.poll(device).path("error").asText());
        assertEquals(polled, polled(), "a poll that comes too early writes nothing");
        pass(Duration.ofSeconds(3));
        assertEquals("authorization_pending", one.poll(device).path("error").asText());
    }

    private long polled() throws Exception {
        try (var sql = connect();
                var row = sql.createStatement().executeQuery("SELECT polled FROM device_grant")) {
            assertTrue(row.next());
            return row.getLong(1);
        }
    }

    @Test
    void aCodeExpiresAtEveryGateway() throws Exception {
        var device = one.device();
        pass(Duration.ofMinutes(11));

        assertEquals(400, other.decide(device, ADA, key, "approve").statusCode());
        assertEquals("expired_token", third.poll(device).path("error").asText());
    }

    @Test
    void anApprovalByAUserWhoWasRemovedSinceGivesNoAccess() throws Exception {
        var device = one.device();
        one.decide(device, ADA, key, "approve");
        other.state.accounts().remove(Kind.USER, ADA);

        assertEquals("access_denied", third.poll(device).path("error").asText());
    }

    @Test
    void aSignInOutlivesARestartOfAllGateways() throws Exception {
        var device = one.device();
        teams.forEach(TestTeam::close);
        teams.clear();
        var restarted = started();

        assertEquals(200, restarted.decide(device, ADA, key, "approve").statusCode());
        assertTrue(restarted.poll(device).has("access_token"));
    }

    @Test
    void ofPollsAtTheSameMomentOneGetsTheSignIn() throws Exception {
        var device = one.device();
        one.decide(device, ADA, key, "approve");
        int granted = 0;
        for (var answer : atOnce(12, team -> team.poll(device))) {
            if (answer.has("access_token")) granted++;
            else assertEquals("expired_token", answer.path("error").asText());
        }
        assertEquals(1, granted);
    }

    @Test
    void aSignInIsRefreshedAtWhicheverGatewayIsAsked() throws Exception {
        var tokens = one.signIn(ADA, key);
        for (var team : List.of(other, one, third)) {
            var next = team.refresh(refreshToken(tokens));
            assertNotEquals(refreshToken(tokens), refreshToken(next));
            tokens = next;
        }
    }

    @Test
    void fiftyRefreshesAtOnceAreOneRotation() throws Exception {
        var first = one.signIn(ADA, key);
        var refreshed = new HashSet<String>();
        var accessTokens = new HashSet<String>();
        for (var answer : atOnce(50, team -> team.refresh(refreshToken(first)))) {
            refreshed.add(refreshToken(answer));
            accessTokens.add(access(answer));
        }

        assertEquals(1, refreshed.size());
        assertEquals(50, accessTokens.size());
        for (var token : accessTokens) assertEquals(200, other.invoke(token));
        assertTrue(third.refresh(refreshed.iterator().next()).has("access_token"));
    }

    @Test
    void aClientWhoseAnswerWasLostGetsTheSameTokenAtAnotherGateway() throws Exception {
        var first = one.signIn(ADA, key);
        var lost = one.refresh(refreshToken(first));
        pass(Duration.ofSeconds(45));
        var again = other.refresh(refreshToken(first));

        assertEquals(refreshToken(lost), refreshToken(again));
        assertEquals(200, third.invoke(access(again)));
    }

    @Test
    void aReplacedTokenEndsTheSignInEverywhereAfterTheLeeway() throws Exception {
        var first = one.signIn(ADA, key);
        var second = one.refresh(refreshToken(first));
        assertEquals(200, third.invoke(access(second)));
        pass(Duration.ofSeconds(61));

        assertEquals(
                "invalid_grant",
                other.refresh(refreshToken(first)).path("error").asText());
        assertEquals(
                "invalid_grant",
                third.refresh(refreshToken(second)).path("error").asText());
        for (var team : teams) rejects(team, access(second));
    }

    @Test
    void anOlderTokenThanThePreviousOneEndsTheSignInAtOnce() throws Exception {
        var first = one.signIn(ADA, key);
        var second = other.refresh(refreshToken(first));
        var third = this.third.refresh(refreshToken(second));

        assertEquals(
                "invalid_grant", one.refresh(refreshToken(first)).path("error").asText());
        assertEquals(
                "invalid_grant",
                other.refresh(refreshToken(third)).path("error").asText());
    }

    @Test
    void theLeewayIsTheSameClientsOnly() throws Exception {
        var first = one.signIn(ADA, key);
        one.refresh(refreshToken(first));
        var stolen = json(other.post(
                "/oauth/token",
                Map.of("grant_type", "refresh_token", "refresh_token", refreshToken(first), "client_id", "other")));

        assertEquals("invalid_grant", stolen.path("error").asText());
    }

    @Test
    void theDatabaseAloneOpensNothing() throws Exception {
        var device = one.device();
        var first = one.signIn(ADA, key);
        var second = other.refresh(refreshToken(first));
        var content = new StringBuilder();
        try (var sql = connect()) {
            for (var query :
                    List.of("SELECT * FROM device_grant", "SELECT * FROM refresh_rotation", "SELECT * FROM signin"))
                try (var rows = sql.createStatement().executeQuery(query)) {
                    assertTrue(rows.next(), query);
                    do {
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++)
                            content.append(
                                            rows.getObject(i) instanceof byte[] bytes
                                                    ? new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                                                    : rows.getString(i))
                                    .append('\n');
                    } while (rows.next());
                }
        }
        var secrets = new ArrayList<>(List.of(device.path("device_code").asText()));
        for (var token : List.of(refreshToken(first), refreshToken(second)))
            secrets.addAll(List.of(token.split("\\.")));
        for (var secret : secrets) assertFalse(content.toString().contains(secret), "a secret is in the database");
    }

    @Test
    void aRevokedSignInIsOverAtEveryGateway() throws Exception {
        var byRefresh = one.signIn(ADA, key);
        var byAccess = one.signIn(ADA, key);
        for (var team : teams) assertEquals(200, team.invoke(access(byRefresh)));
        one.post("/oauth/revoke", Map.of("token", refreshToken(byRefresh)));
        other.post("/oauth/revoke", Map.of("token", access(byAccess)));

        for (var tokens : List.of(byRefresh, byAccess)) {
            assertEquals(
                    "invalid_grant",
                    third.refresh(refreshToken(tokens)).path("error").asText());
            for (var team : teams) rejects(team, access(tokens));
        }
    }

    @Test
    void aUserWhomACommandRemovesLosesAccessAtEveryGateway() throws Exception {
        var tokens = one.signIn(ADA, key);
        for (var team : teams) assertEquals(200, team.invoke(access(tokens)));
        var removed = machine().run("gateway", "user", "remove", ADA, "--state", place());
        assertEquals(0, removed.exitCode(), removed.err());

        for (var team : teams) rejects(team, access(tokens));
        assertEquals(
                "invalid_grant",
                other.refresh(refreshToken(tokens)).path("error").asText());
    }

    Machine machine() {
        return new Machine(temp).at(() -> now);
    }

    @Test
    void gatewaysThatStartAtOnceHaveTheSameFirstKey() throws Exception {
        assertEquals(1, kids(one).size());
        for (var team : teams) assertEquals(kids(one), kids(team));
    }

    @Test
    void gatewaysThatRotateAtOnceMakeOneKey() throws Exception {
        var before = kids(one);
        now = now.plus(Duration.ofDays(90));
        atOnce(9, team -> team.signIn(ADA, key));

        for (var team : teams) {
            Eventually.holds(() -> kids(team).size() == 2, LIMIT, () -> "it has not seen the new key");
            assertEquals(kids(one), kids(team));
        }
        assertTrue(kids(one).containsAll(before));
    }

    @Test
    void aKeyIsPublishedForADayBeforeItSignsAndStaysPublishedAfterwards() throws Exception {
        var first = kid(one.signIn(ADA, key));
        now = now.plus(Duration.ofDays(90));
        assertEquals(first, kid(one.signIn(ADA, key)), "the new key is not published yet");
        Eventually.holds(() -> kids(other).size() == 2, LIMIT, () -> "it has not seen the new key");
        now = now.plus(Duration.ofDays(1)).minusSeconds(1);
        var last = other.signIn(ADA, key);
        assertEquals(first, kid(last));
        now = now.plusSeconds(1);
        var next = third.signIn(ADA, key);

        assertNotEquals(first, kid(next));
        for (var team : teams) {
            assertEquals(200, team.invoke(access(last)));
            assertEquals(200, team.invoke(access(next)));
            assertEquals(List.of(kid(next), first), kids(team));
        }
        now = now.plus(Duration.ofDays(30));
        assertEquals(List.of(kid(next), first), kids(one));
    }

    @Test
    void aTokenOfAKeyThatAnotherGatewayHasJustMadeIsAcceptedAtOnce() throws Exception {
        for (int i = 0; i < 5; i++) {
            // After such a break no key is left to sign while the new one is announced.
            now = now.plus(Duration.ofDays(400));
            var token = access(one.signIn(ADA, key));
            assertEquals(200, other.invoke(token));
            assertEquals(200, third.invoke(token));
        }
    }

    @Test
    void aSigningKeyThatACommandReplacesVerifiesTheTokensThatItSignedUntilTheyExpire() throws Exception {
        var before = one.signIn(ADA, key);
        for (var team : teams) assertEquals(200, team.invoke(access(before)));
        var command = new ArrayList<>(List.of("secret", "rotate-key", "--state", place()));
        command.addAll(sealingKey());
        var rotated = machine().run(command.toArray(String[]::new));
        assertEquals(0, rotated.exitCode(), rotated.err());
        assertTrue(rotated.err().contains("Tokens are signed with a new key."), rotated.err());

        for (var team : teams) {
            Eventually.holds(() -> kids(team).size() == 2, LIMIT, () -> "it has not seen the new key");
            assertNotEquals(kid(before), kid(team.signIn(ADA, key)));
            assertEquals(200, team.invoke(access(before)));
        }
        now = now.plus(Duration.ofMinutes(63));
        for (var team : teams) {
            assertFalse(kids(team).contains(kid(before)), "a stolen key would be valid for ever");
            assertEquals(200, team.invoke(access(team.signIn(ADA, key))));
        }
    }

    /// Returns the flags that name the sealing key.
    List<String> sealingKey() {
        return List.of();
    }

    private static List<String> kids(TestTeam team) {
        try {
            var kids = new ArrayList<String>();
            json(team.get("/oauth/keys"))
                    .path("keys")
                    .forEach(each -> kids.add(each.path("kid").asText()));
            return kids;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String kid(JsonNode tokens) throws Exception {
        return SignedJWT.parse(access(tokens)).getHeader().getKeyID();
    }

    /// What a client asks one of the gateways.
    private interface Request {
        JsonNode to(TestTeam team) throws Exception;
    }

    /// Sends that many requests at the same moment, in turn to each of the gateways.
    private List<JsonNode> atOnce(int count, Request request) throws Exception {
        var start = new CyclicBarrier(count);
        var calls = new ArrayList<Callable<JsonNode>>();
        for (int i = 0; i < count; i++) {
            var team = teams.get(i % teams.size());
            calls.add(() -> {
                start.await();
                return request.to(team);
            });
        }
        var answers = new ArrayList<JsonNode>();
        try (var threads = Executors.newFixedThreadPool(count)) {
            for (var each : threads.invokeAll(calls)) answers.add(each.get());
        }
        return answers;
    }

    private static void rejects(TestTeam team, String token) {
        Eventually.holds(
                () -> {
                    try {
                        return team.invoke(token) == 401;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                LIMIT,
                () -> "the token is still accepted");
    }

    static String access(JsonNode tokens) {
        assertTrue(tokens.has("access_token"), tokens.path("error").asText());
        return tokens.path("access_token").asText();
    }

    static String refreshToken(JsonNode tokens) {
        return tokens.path("refresh_token").asText();
    }
}
