package tests.gateway.issuer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import lib.gateway.access.Caller.Role;
import lib.gateway.sealing.KeySource;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.PostgresDatabases;
import tests.support.TcpGate;

/// A gateway that loses the PostgreSQL database of its state, and gets it back.
class LostDatabaseTest {
    private static final String ADA = "ada@example.com";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    @TempDir
    Path temp;

    private TcpGate gate;
    private URI database;
    private TestTeam team;
    private String key;
    private JsonNode tokens;

    @BeforeEach
    void start() throws Exception {
        TestTeam.now = Instant.parse("2026-11-22T10:00:00Z");
        Files.writeString(temp.resolve("sealing-key"), Base64.getEncoder().encodeToString(new byte[32]));
        gate = TcpGate.before(POSTGRES.server().url());
        database = POSTGRES.empty();
        team = new TestTeam(open(gate.url(database)));
        key = team.state.accounts().add(Kind.USER, ADA, Role.ADMIN).reveal();
        tokens = team.signIn(ADA, key);
        team.state.limitStaleness(Duration.ofMinutes(15));
    }

    private GatewayState open(URI url) {
        var host = new Machine(temp)
                .with("PGPASSWORD", Postgres.PASSWORD.reveal())
                .at(() -> TestTeam.now)
                .host();
        var source = Optional.of(KeySource.file(temp.resolve("sealing-key"), host));
        return GatewayState.open(StateLocation.named(url.toString(), source, host), host, SecretVariables.USUAL);
    }

    @AfterEach
    void stop() throws Exception {
        if (gate != null) gate.thaw();
        if (team != null) team.close();
        if (gate != null) gate.close();
    }

    private String token() {
        return tokens.path("access_token").asText();
    }

    private String ready() throws Exception {
        var answer = team.get("/readyz");
        return answer.statusCode() + " " + answer.body();
    }

    /// Waits until the gateway knows that its database is away.
    private void awaitAway() {
        Eventually.holds(
                () -> team.state.freshness().orElseThrow().isAway(), LIMIT, () -> "the gateway does not notice it");
    }

    @Test
    void requestsAreServedUntilTheLimitAndRefusedAfterItUntilTheDatabaseIsBack() throws Exception {
        assertEquals("200 ok\n", ready());
        POSTGRES.server().down();
        try {
            awaitAway();
            assertEquals(200, team.invoke(token()));
            assertEquals(401, team.invoke(TestTeam.unsigned("nobody")));
            assertEquals(
                    "200 ok\nthe database of the gateway's state has not answered since 2026-11-22T09:59:",
                    ready().replaceFirst(
                                    "\\d\\dZ: requests are served by what was known then, until 2026-11-22T10:14:"
                                            + "\\d\\dZ \\(--stale-limit\\)\n",
                                    ""));

            team.state.limitStaleness(Duration.ofMillis(1));
            assertEquals(503, team.invoke(token()));
            var refused = team.post("/llm/v1/providers/demo/v1/messages", Map.of());
            assertEquals(503, refused.statusCode(), refused.body());
            assertEquals("5", refused.headers().firstValue("Retry-After").orElseThrow());
            var error = TestTeam.json(refused).path("error");
            assertEquals("api_error", error.path("type").asText());
            assertEquals(
                    "the gateway's database does not answer at the moment: try again in a minute; if it lasts, "
                            + "tell the gateway's administrator",
                    error.path("message").asText());
            assertEquals(503, team.list(token()));
            assertEquals(503, team.get("/mcp/v1/any").statusCode());
            assertTrue(
                    ready().startsWith("503 the database of the gateway's state has not answered since 2026-11-22T"),
                    ready());
        } finally {
            POSTGRES.server().up();
        }
        team.state.limitStaleness(Duration.ofMinutes(15));
        Eventually.holds(
                () -> !team.state.freshness().orElseThrow().isAway(), LIMIT, () -> "the database is not found again");
        assertEquals(200, team.invoke(token()));
        assertEquals(200, team.list(token()));
        assertEquals("200 ok\n", ready());
    }

    @Test
    void theLimitEndsAndTheDatabaseComesBackByItself() throws Exception {
        team.state.limitStaleness(Duration.ofSeconds(5));
        assertEquals(200, team.invoke(token()));
        POSTGRES.server().down();
        try {
            Eventually.holds(() -> status(token()) == 503, LIMIT, () -> "requests are still served");
        } finally {
            POSTGRES.server().up();
        }
        Eventually.holds(() -> status(token()) == 200, LIMIT, () -> "requests are still refused");
    }

    private int status(String token) {
        try {
            return team.invoke(token);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRefreshIsTemporarilyUnavailableAndTheSameRefreshTokenWorksLater() throws Exception {
        var refresh = tokens.path("refresh_token").asText();
        POSTGRES.server().down();
        try {
            awaitAway();
            var answer = team.post(
                    "/oauth/token",
                    Map.of("grant_type", "refresh_token", "refresh_token", refresh, "client_id", "rpkai"));
            assertUnavailable(answer);
            assertUnavailable(team.post(
                    "/oauth/token",
                    Map.of("grant_type", "client_credentials", "client_id", "ci", "client_secret", "x")));
            assertUnavailable(team.post("/oauth/revoke", Map.of("token", refresh)));
            assertEquals(200, team.get("/oauth/keys").statusCode());
        } finally {
            POSTGRES.server().up();
        }
        Eventually.holds(
                () -> !team.state.freshness().orElseThrow().isAway(), LIMIT, () -> "the database is not found again");
        assertTrue(team.refresh(refresh).has("access_token"));
    }

    private static void assertUnavailable(HttpResponse<String> answer) throws Exception {
        assertEquals(503, answer.statusCode(), answer.body());
        assertEquals(
                "temporarily_unavailable", TestTeam.json(answer).path("error").asText());
        assertEquals("5", answer.headers().firstValue("Retry-After").orElseThrow());
        assertFalse(answer.body().contains("postgresql"), answer.body());
    }

    @Test
    void anApprovalSaysInASentenceThatItWasNotStored() throws Exception {
        var device = team.device();
        POSTGRES.server().down();
        try {
            awaitAway();
            var page = team.decide(device, ADA, key, "approve");
            assertEquals(503, page.statusCode());
            assertTrue(page.body().contains("database does not answer, so your answer was not stored"), page.body());
        } finally {
            POSTGRES.server().up();
        }
        Eventually.holds(
                () -> !team.state.freshness().orElseThrow().isAway(), LIMIT, () -> "the database is not found again");
        assertEquals(200, team.decide(device, ADA, key, "approve").statusCode());
        assertTrue(team.poll(device).has("access_token"));
    }

    @Test
    void everyServiceOfTheManagementApiAnswersUnavailable() throws Exception {
        POSTGRES.server().down();
        try {
            awaitAway();
            for (var call : new String[][] {
                {"LLMProviderService/ListLLMProviders", "{}"},
                {
                    "LLMProviderService/CreateLLMProvider",
                    "{\"llmProvider\": {\"name\": \"p\", \"openaiConfig\": {\"apiKeyRef\": \"KEY\"}}}"
                },
                {"LLMProviderService/DeleteLLMProvider", "{\"name\": \"p\"}"},
                {"MCPServerService/ListMCPServers", "{}"},
                {"SecretService/CreateSecret", "{\"secret\": {\"name\": \"KEY\", \"value\": \"sk-the-value\"}}"},
                {"SecretService/ListSecrets", "{}"},
                {"SecretService/DeleteSecret", "{\"name\": \"KEY\"}"}
            }) {
                var answer = team.manage(token(), call[0], call[1]);
                assertEquals(503, answer.statusCode(), call[0] + answer.body());
                assertEquals("unavailable", TestTeam.json(answer).path("code").asText(), call[0]);
                assertTrue(answer.body().contains("the gateway's database does not answer"), answer.body());
                assertFalse(answer.body().contains("postgresql"), answer.body());
            }
            var wrong = team.manage(
                    token(), "SecretService/CreateSecret", "{\"secret\": {\"name\": \"lower\", \"value\": \"v\"}}");
            assertEquals("invalid_argument", TestTeam.json(wrong).path("code").asText());
        } finally {
            POSTGRES.server().up();
        }
    }

    /// Another gateway would be no better.
    @Test
    void aFullDiskThatAllGatewaysShareDoesNotTakeTheGatewayOutOfService() throws Exception {
        execute("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                + "$$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$");
        execute("CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON fact EXECUTE FUNCTION full_disk()");
        var refused = team.manage(
                token(),
                "LLMProviderService/CreateLLMProvider",
                "{\"llmProvider\": {\"name\": \"p\", \"openaiConfig\": {\"apiKeyRef\": \"KEY\"}}}");
        assertEquals(503, refused.statusCode(), refused.body());
        assertEquals(
                "200 ok\nthe disk of the gateway's state is full: requests are served, changes are refused\n", ready());
        assertEquals(200, team.invoke(token()));

        execute("DROP TRIGGER full_disk ON fact");
        assertEquals("200 ok\n", ready());
    }

    private void execute(String statement) throws SQLException {
        try (var sql = DriverManager.getConnection(
                "jdbc:" + database.toString().replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal())) {
            sql.createStatement().execute(statement);
        }
    }

    @Test
    void noRequestWaitsForADatabaseThatIsReachedButSaysNothing() throws Exception {
        gate.freeze();
        var start = System.nanoTime();
        for (int i = 0; i < 40; i++) {
            assertEquals(200, team.invoke(token()));
            // Its subject and its key are missing from the snapshot.
            assertEquals(401, team.invoke(TestTeam.unsigned("nobody" + i)));
        }
        var took = Duration.ofNanos(System.nanoTime() - start);
        // If each waited for as long as a statement may take, this would take minutes.
        assertTrue(took.compareTo(Duration.ofSeconds(60)) < 0, took.toString());

        awaitAway();
        assertEquals(503, team.list(token()));
        gate.thaw();
        Eventually.holds(
                () -> !team.state.freshness().orElseThrow().isAway(), LIMIT, () -> "the database is not found again");
        assertEquals(200, team.list(token()));
    }
}
