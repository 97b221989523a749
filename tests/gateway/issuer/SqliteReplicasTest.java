package tests.gateway.issuer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HexFormat;
import lib.gateway.access.Caller.Role;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.Test;

/// Gateways on one machine that share a folder.
class SqliteReplicasTest extends ReplicasContract {
    @Override
    GatewayState open() {
        return GatewayState.open(folder(), machine().host());
    }

    private Path folder() {
        return temp.resolve("shared");
    }

    @Override
    String place() {
        return folder().toString();
    }

    @Override
    Connection connect() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + folder().resolve("state.db"));
    }

    @Override
    void pass(Duration time) {
        TestTeam.now = TestTeam.now.plus(time);
    }

    /// It replaces refresh tokens in the same table, and records no rotation.
    @Test
    void aTokenThatTheFirstReleaseReplacedEndsTheSignIn() throws Exception {
        try (var team = new TestTeam(open())) {
            var bob = team.state.accounts().add(Kind.USER, "bob", Role.USER).reveal();
            var first = team.signIn("bob", bob);
            var second = team.refresh(refreshToken(first));
            try (var sql = connect();
                    var update = sql.prepareStatement("UPDATE signin SET secret = ? WHERE secret = ?")) {
                update.setString(1, hash("a secret of the first release"));
                update.setString(2, hash(refreshToken(second).split("\\.")[1]));
                assertEquals(1, update.executeUpdate());
            }
            assertEquals(
                    "invalid_grant",
                    team.refresh(refreshToken(first)).path("error").asText());
        }
    }

    private static String hash(String secret) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes()));
    }
}
