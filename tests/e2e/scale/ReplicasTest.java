package tests.e2e.scale;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.e2e.SealedNetwork;

/// Three gateways behind nginx with one PostgreSQL database, each in a network namespace of its own: what their users
/// notice of changes, of failures and of the end of a gateway. What happens is in [ThreeReplicas].
@Order(5)
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasTest {
    private JsonNode report;

    @BeforeAll
    void run(@TempDir Path temp) throws Exception {
        report = SealedNetwork.runWithProcesses(
                temp,
                Duration.ofMinutes(14),
                ThreeReplicas.class,
                Files.createDirectory(temp.resolve("machines")).toString(),
                Agents.program(ClaudeCode.BINARY).toString(),
                Agents.program(Codex.BINARY).toString());
        assertTrue(report.path("failed").isMissingNode(), report.toPrettyString());
    }

    @Test
    void noTurnIsLostWhenAGatewayIsKilledOrDrainedOrTheDatabaseRestarts() {
        assertAll(
                () -> assertEquals(0, report.at("/claude/exitCode").asInt(), report.toPrettyString()),
                () -> assertEquals("done\n", report.at("/claude/out").asText(), report.toPrettyString()),
                () -> assertEquals(0, report.at("/codex/exitCode").asInt(), report.toPrettyString()),
                () -> assertEquals("done\n", report.at("/codex/out").asText(), report.toPrettyString()));
    }

    /// A process that is killed may lose what is not written yet: a call in flight and the one before, of each session.
    @Test
    void noCallIsCountedTwiceAndOnlyTheLastOnesOfAKilledProcessAreLost() {
        var sent = report.path("callsAtTheUpstream").asLong();
        var counted = report.path("callsCounted").asLong();
        assertTrue(sent > 20 && counted <= sent && counted >= sent - 4, counted + " of " + sent);
    }

    @Test
    void fiftyRefreshesAtOnceGetOneRefreshToken() {
        assertEquals("[200]", report.path("statusesOfFiftyRefreshes").asText());
        assertEquals(1, report.path("refreshTokensOfFiftyRefreshes").asInt());
    }

    /// [ThreeReplicas] waits for each; how long it took is shown, since a slow machine takes longer.
    @Test
    void changesReachAllGateways() {
        for (var change : List.of(
                "millisecondsUntilAllKnowAProvider",
                "millisecondsUntilAllUseASecret",
                "millisecondsUntilAllRefuseARemovedUser")) {
            assertTrue(report.has(change), report.toPrettyString());
            System.out.printf("replicas: %s %d%n", change, report.path(change).asLong());
        }
    }

    @Test
    void withoutTheDatabaseRequestsAreServedAndARefreshFailsForTheMoment() {
        assertEquals("[200,200,200]", report.path("statusesWithoutTheDatabase").toString());
        assertEquals("[200,200,200]", report.path("readyWithoutTheDatabase").toString());
        assertEquals("[503,503,503]", report.path("refreshesWithoutTheDatabase").toString());
    }
}
