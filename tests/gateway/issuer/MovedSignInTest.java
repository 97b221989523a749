package tests.gateway.issuer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static tests.gateway.issuer.TestTeam.now;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.gateway.access.Caller.Role;
import lib.gateway.sealing.KeySource;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.PostgresDatabases;

/// A user who is signed in while the gateway moves to PostgreSQL.
class MovedSignInTest {
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    @TempDir
    Path temp;

    @Test
    void theAccessTokenAndTheRefreshTokenOfTheFolderAreGoodInPostgresql() throws Exception {
        now = Instant.parse("2026-11-22T10:00:00Z");
        var machine =
                new Machine(temp).with("PGPASSWORD", Postgres.PASSWORD.reveal()).at(() -> now);
        machine.write("work/key", KEY);
        JsonNode tokens;
        try (var team = new TestTeam(temp)) {
            var key = team.state.accounts().add(Kind.USER, "ada@example.com", Role.USER);
            tokens = team.signIn("ada@example.com", key.reveal());
        }
        var url = POSTGRES.empty().toString();
        run(machine, "export", "../state");
        run(machine, "import", url, "--sealing-key-file", "key");

        var host = machine.host();
        var sealingKey = Optional.of(KeySource.file(machine.cwd().resolve("key"), host));
        var location = StateLocation.named(url, sealingKey, host);
        try (var team = new TestTeam(GatewayState.open(location, host, SecretVariables.USUAL))) {
            assertEquals(200, team.invoke(tokens.path("access_token").asText()));
            var refreshed = team.refresh(tokens.path("refresh_token").asText());
            assertFalse(refreshed.has("error"), refreshed.toString());
            assertEquals(200, team.invoke(refreshed.path("access_token").asText()));
        }
    }

    private static void run(Machine machine, String command, String place, String... more) {
        var words = new ArrayList<>(List.of("gateway", command, "all", "--export-key-file", "key", "--state", place));
        words.addAll(List.of(more));
        var result = machine.run(words.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result.err());
    }
}
