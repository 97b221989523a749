package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.base.Secret;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.config.GatewayConfig;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;

/// Runs MCP's own reference server from npm behind the embedded gateway.
@Tag("e2e")
class McpServerTest {
    private static final List<String> PACKAGES = List.of("@modelcontextprotocol/server-everything@2026.8.31");

    @TempDir
    Path temp;

    @Test
    void itsToolsAreListedAndCalledThroughTheGateway() throws Exception {
        var packages = NpmPackages.installed("mcp", PACKAGES);
        var port = freePort();
        var node = new ProcessBuilder(
                        "node",
                        packages.resolve("node_modules/@modelcontextprotocol/server-everything/dist/index.js")
                                .toString(),
                        "streamableHttp")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        node.environment().put("PORT", Integer.toString(port));
        var server = node.start();
        var token = Secret.random();
        Authenticator callers =
                shown -> token.matches(shown) ? Optional.of(new Caller("admin", Caller.Role.ADMIN)) : Optional.empty();
        var machine = new Machine(temp).with("KEY", "k");
        try (var state = GatewayState.open(temp.resolve("state"), machine.host(), new SecretVariables(Set.of("KEY")));
                var gateway = EmbeddedGateway.start(
                        GatewayConfig.local(List.of(), callers).withState(state))) {
            machine.profile("local", "ai_gateway_url: %s\nauth_mode: token\n".formatted(gateway.baseUrl()))
                    .with("RPAI_TOKEN", token.reveal());
            assertEquals(
                    0,
                    run(machine, "mcp create everything --url http://127.0.0.1:%d/mcp --key-ref KEY".formatted(port))
                            .exitCode());
            Eventually.holds(
                    () -> answers(port),
                    Duration.ofMinutes(2),
                    () -> "the server does not listen; it is alive: " + server.isAlive());

            assertTrue(run(machine, "mcp tools list everything").out().contains("echo"), "no tool echo");
            assertEquals(
                    "Echo: hello\n",
                    run(machine, "mcp tools call everything echo -a message=hello")
                            .out());
            assertEquals(
                    "The sum of 2 and 3.5 is 5.5.\n",
                    run(machine, "mcp tools call everything get-sum -a a=2 -a b=3.5")
                            .out());
            var refused = run(machine, "mcp tools call everything get-sum -a a=2");
            assertTrue(refused.exitCode() == 1 && refused.err().contains("b"), refused.toString());
            assertTrue(
                    run(machine, "mcp tools list everything --code-mode").err().contains("has no code mode"),
                    "a code mode");

            machine.with("RPAI_TOKEN", "another");
            assertTrue(
                    run(machine, "mcp tools list everything").err().contains("rpkai auth login"),
                    "no word of the sign-in");
            machine.with("RPAI_TOKEN", token.reveal());
            server.destroyForcibly().waitFor();
            assertTrue(
                    run(machine, "mcp tools list everything")
                            .err()
                            .contains("MCP server \"everything\" cannot be reached: no connection"),
                    "no word of the server");
        } finally {
            server.destroyForcibly();
        }
    }

    private static Machine.Result run(Machine machine, String line) {
        return machine.run(line.split(" "));
    }

    /// The server names its port by a variable, and not where it ended up with port 0.
    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port) {
        try (var _ = new Socket("127.0.0.1", port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
