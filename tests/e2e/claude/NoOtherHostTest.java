package tests.e2e.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.e2e.Agents;
import tests.e2e.SealedNetwork;

/// Even with every hostile setting, only the gateway receives the gateway's token: observed from inside a network
/// namespace in which every name leads to a listener of ours.
@Tag("e2e")
class NoOtherHostTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"managed", "passthrough", "bedrock"})
    void onlyTheGatewayIsContactedAndGetsItsToken(String mode) throws Exception {
        var report = SealedNetwork.run(
                temp,
                SealedNetwork.class,
                mode,
                temp.resolve("machine").toString(),
                Agents.program(ClaudeCode.BINARY).toString());
        assertEquals(0, report.path("exitCode").asInt(), report.toPrettyString());
        assertEquals("through the gateway\n", report.path("out").asText(), report.toPrettyString());
        assertTrue(
                report.path("requestsToTheGateway").asInt() >= 1
                        && report.path("tokensSeen").asInt() >= 1,
                report.toPrettyString());
        assertFalse(report.path("leaked").asBoolean(), report.toPrettyString());
        // A subscription login asks Anthropic for its own profile; nothing else talks to anyone.
        for (var request : report.path("otherHosts")) {
            assertTrue(
                    mode.equals("passthrough") && request.asText().startsWith("api.anthropic.com "),
                    report.toPrettyString());
        }
    }
}
