package tests.e2e.codex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.agents.codex.Codex;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.e2e.SealedNetwork;
import tests.support.Machine;

/// Even with every hostile setting, only the gateway receives the gateway's token: observed from inside a network
/// namespace in which every name leads to a listener of ours.
@Tag("e2e")
class CodexNoOtherHostTest {
    @TempDir
    Path temp;

    @Test
    void onlyTheGatewayIsContacted() throws Exception {
        assumeNamespaces();
        Files.writeString(temp.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
        var inside = new ArrayList<>(List.of(
                "unshare",
                "--net",
                "--mount",
                "/bin/sh",
                "-c",
                "ip link set lo up && mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
                temp.resolve("resolv.conf").toString()));
        var java = Machine.command();
        inside.addAll(java.subList(0, java.size() - 1));
        inside.addAll(List.of(
                "tests.e2e.codex.CodexSealedNetwork",
                temp.resolve("machine").toString(),
                Agents.program(Codex.BINARY).toString()));

        var ended = Agents.run(new ProcessBuilder(inside));

        var report = SealedNetwork.parse(ended.out() + ended.err());
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

    private static void assumeNamespaces() throws Exception {
        try {
            var can = new ProcessBuilder("unshare", "--net", "--mount", "ip", "link", "set", "lo", "up")
                    .redirectErrorStream(true)
                    .start();
            Assumptions.assumeTrue(
                    can.waitFor() == 0, "this machine forbids network namespaces, or lacks unshare or ip");
        } catch (IOException e) {
            Assumptions.abort("this machine lacks unshare (util-linux)");
        }
    }
}
