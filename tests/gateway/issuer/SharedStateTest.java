package tests.gateway.issuer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static tests.gateway.issuer.TestTeam.now;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import lib.gateway.access.Caller.Role;
import lib.gateway.sealing.KeySource;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.SecretVariables;
import lib.gateway.state.StateLocation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.Postgres;

/// Two gateways with their own issuer and one state in PostgreSQL.
class SharedStateTest {
    private static final String ADA = "ada@example.com";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static Postgres postgres;
    private static int databases;

    @TempDir
    Path temp;

    private TestTeam one;
    private TestTeam other;
    private String key;

    @BeforeAll
    static void startPostgres() throws IOException, InterruptedException {
        postgres = Postgres.start();
    }

    @AfterAll
    static void stopPostgres() throws IOException, InterruptedException {
        if (postgres != null) postgres.close();
    }

    @BeforeEach
    void start() throws Exception {
        now = Instant.parse("2026-11-22T10:00:00Z");
        Files.writeString(temp.resolve("sealing-key"), Base64.getEncoder().encodeToString(new byte[32]));
        var url = postgres.newDatabase("shared" + ++databases).toString();
        one = new TestTeam(open(url));
        key = one.state.accounts().add(Kind.USER, ADA, Role.USER).reveal();
        other = new TestTeam(open(url));
    }

    private GatewayState open(String url) {
        var host = new Machine(temp)
                .with("PGPASSWORD", Postgres.PASSWORD.reveal())
                .at(() -> now)
                .host();
        var source = Optional.of(KeySource.file(temp.resolve("sealing-key"), host));
        return GatewayState.open(StateLocation.named(url, source, host), host, SecretVariables.USUAL);
    }

    @AfterEach
    void stop() {
        if (one != null) one.close();
        if (other != null) other.close();
    }

    @Test
    void aTokenOfOneGatewayIsGoodAtTheOther() throws Exception {
        var tokens = one.signIn(ADA, key);

        assertEquals(200, one.invoke(tokens.path("access_token").asText()));
        assertEquals(200, other.invoke(tokens.path("access_token").asText()));
        assertEquals(one.get("/oauth/keys").body(), other.get("/oauth/keys").body());
    }

    @Test
    void aSignInIsRefreshedAtWhicheverGatewayIsAsked() throws Exception {
        var tokens = one.signIn(ADA, key);
        for (var team : new TestTeam[] {other, one, other}) {
            tokens = team.refresh(tokens.path("refresh_token").asText());
            assertFalse(tokens.has("error"), tokens.toString());
        }
    }

    @Test
    void aUserWhoIsRemovedAtOneGatewayLosesAccessAtTheOther() throws Exception {
        var token = one.signIn(ADA, key).path("access_token").asText();
        assertEquals(200, other.invoke(token));
        one.state.accounts().remove(Kind.USER, ADA);

        Eventually.holds(() -> status(other, token) == 401, LIMIT, () -> "the removed user still has access");
    }

    @Test
    void aNewSigningKeyOfOneGatewayIsKnownToTheOther() throws Exception {
        var old = one.signIn(ADA, key).path("access_token").asText();
        now = now.plus(Duration.ofDays(90)).minusSeconds(1);
        var last = one.signIn(ADA, key).path("access_token").asText();
        now = now.plusSeconds(1);
        var next = one.signIn(ADA, key).path("access_token").asText();

        assertEquals(401, status(other, old));
        assertEquals(200, status(other, last));
        assertEquals(200, status(other, next));
    }

    private static int status(TestTeam team, String token) {
        try {
            return team.invoke(token);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
