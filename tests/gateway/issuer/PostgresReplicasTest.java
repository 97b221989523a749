package tests.gateway.issuer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import lib.gateway.access.Caller.Role;
import lib.gateway.sealing.KeySource;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.PostgresDatabases;

/// Gateways of several machines that share a PostgreSQL database.
class PostgresReplicasTest extends ReplicasContract {
    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    private URI url;

    @Override
    @BeforeEach
    void start() {
        try {
            url = POSTGRES.empty();
            Files.writeString(temp.resolve("sealing-key"), Base64.getEncoder().encodeToString(new byte[32]));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        super.start();
    }

    @Override
    GatewayState open() {
        return open(machine());
    }

    private GatewayState open(Machine machine) {
        var host = machine.host();
        var source = Optional.of(KeySource.file(temp.resolve("sealing-key"), host));
        return GatewayState.open(StateLocation.named(url.toString(), source, host), host, SecretVariables.USUAL);
    }

    @Override
    Machine machine() {
        return super.machine().with("PGPASSWORD", Postgres.PASSWORD.reveal());
    }

    @Override
    String place() {
        return url.toString();
    }

    @Override
    List<String> sealingKey() {
        return List.of("--sealing-key-file", temp.resolve("sealing-key").toString());
    }

    @Override
    Connection connect() throws Exception {
        return DriverManager.getConnection(
                "jdbc:" + url.toString().replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal());
    }

    /// The gateways go by the server's clock, so that the times which it has written are moved instead.
    @Override
    void pass(Duration time) throws Exception {
        try (var sql = connect();
                var statement = sql.createStatement()) {
            var millis = time.toMillis();
            statement.execute("UPDATE device_grant SET until = until - " + millis);
            statement.execute("UPDATE device_grant SET polled = polled - %d WHERE polled > 0".formatted(millis));
            statement.execute("UPDATE refresh_rotation SET rotated = rotated - " + millis);
        }
    }

    @Test
    void aGatewayWhoseClockIsWrongNeitherSlowsDevicesDownNorEndsSignIns() throws Exception {
        aGatewayWhoseClockIsWrong(Duration.ofSeconds(-40));
        aGatewayWhoseClockIsWrong(Duration.ofDays(60));
    }

    private void aGatewayWhoseClockIsWrong(Duration difference) throws Exception {
        InstantSource clock = () -> TestTeam.now.plus(difference);
        try (var right = new TestTeam(open());
                var wrong = new TestTeam(open(machine().at(clock)))) {
            var name = "bob" + difference.toSeconds();
            var bob = right.state.accounts().add(Kind.USER, name, Role.USER).reveal();
            var device = right.device();
            right.poll(device);
            pass(Duration.ofSeconds(3));
            assertEquals(
                    "authorization_pending", wrong.poll(device).path("error").asText());

            var first = right.signIn(name, bob);
            wrong.signIn(name, bob);
            var second = wrong.refresh(refreshToken(first));
            assertTrue(second.has("access_token"), second.path("error").asText());
            assertEquals(refreshToken(second), refreshToken(right.refresh(refreshToken(first))));
        }
    }
}
