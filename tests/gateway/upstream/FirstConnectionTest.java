package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.gateway.TestGateway;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.OwnCertificate;

/// The connection that a gateway makes to the likely upstream before it gets a request.
class FirstConnectionTest {
    private static OwnCertificate own;

    @TempDir
    Path temp;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
    }

    @Test
    void theFirstRequestUsesTheConnectionThatWasMadeAheadOfIt() throws Exception {
        try (var upstream = upstream(0);
                var gateway = gateway(upstream)) {
            Eventually.holds(
                    () -> upstream.connections.get() == 1, Duration.ofSeconds(30), () -> "it does not connect");

            assertEquals(200, ask(gateway));

            assertEquals(1, upstream.connections.get());
        }
    }

    @Test
    void aFirstConnectionThatFailsIsNotNoticed() throws Exception {
        try (var upstream = upstream(1);
                var gateway = gateway(upstream)) {
            Eventually.holds(
                    () -> upstream.connections.get() == 1, Duration.ofSeconds(30), () -> "it does not connect");

            assertEquals(200, ask(gateway));
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLaunchConnectsWhileItsAgentStartsAndAnExplanationDoesNot() throws Exception {
        var connected = temp.resolve("connected");
        try (var upstream = new RawUpstream(Optional.of(own), socket -> Files.createFile(connected))) {
            var machine = new Machine(temp)
                    .with("PATH", "/usr/bin:/bin")
                    .with("SSL_CERT_FILE", own.chain().toString())
                    .with("ANTHROPIC_API_KEY", "sk-test")
                    .with("ANTHROPIC_BASE_URL", upstream.url().toString());

            assertEquals(
                    0,
                    machine.run("explain", "exec", "-L", "anthropic", "--", "sh")
                            .exitCode());
            assertEquals(0, upstream.connections.get());

            var waiting = "i=0; until [ -e '%s' ]; do sleep 0.1; i=$((i+1)); [ $i -lt 600 ] || exit 9; done"
                    .formatted(connected);
            var ended = Agents.run(machine.start("run", "exec", "-L", "anthropic", "--", "sh", "-c", waiting));

            assertEquals(0, ended.exitCode(), ended.err());
        }
    }

    /// @param refused the number of connections that are closed before the handshake
    private static RawUpstream upstream(int refused) throws Exception {
        var left = new AtomicInteger(refused);
        return new RawUpstream(Optional.of(own), socket -> {
            if (left.getAndDecrement() > 0) return;
            while (RawUpstream.request(socket.getInputStream())) RawUpstream.answer(socket, 200, "", "{}");
        });
    }

    private static TestGateway gateway(RawUpstream upstream) {
        return TestGateway.with(
                config -> TestGateway.trusting(config, own, Duration.ofMinutes(1))
                        .withFirstProvider(Optional.of("anthropic")),
                TestGateway.anthropic(upstream.url()));
    }

    private static int ask(TestGateway gateway) throws Exception {
        return gateway.post("anthropic/v1/messages", "{\"model\":\"m\"}").statusCode();
    }
}
