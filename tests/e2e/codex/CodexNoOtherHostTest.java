package tests.e2e.codex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import lib.agents.codex.Codex;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.e2e.SealedNetwork;

/// Even with every hostile setting, only the gateway receives the gateway's token: observed from inside a network
/// namespace in which every name leads to a listener of ours.
@Tag("e2e")
class CodexNoOtherHostTest {
    @TempDir
    Path temp;

    @Test
    void onlyTheGatewayIsContacted() throws Exception {
        var report = SealedNetwork.run(
                temp,
                CodexSealedNetwork.class,
                temp.resolve("machine").toString(),
                Agents.program(Codex.BINARY).toString());
        assertEquals("through the gateway\n", report.path("out").asText(), report.toPrettyString());
        assertTrue(
                report.path("requestsToTheGateway").asInt() >= 1
                        && report.path("tokensSeen").asInt() >= 1,
                report.toPrettyString());
        assertEquals(0, report.path("refused").asInt(), report.toPrettyString());
        assertFalse(report.path("leaked").asBoolean(), report.toPrettyString());
        assertTrue(
                report.path("otherHosts").isEmpty() && report.path("namesAsked").isEmpty(), report.toPrettyString());
    }
}
