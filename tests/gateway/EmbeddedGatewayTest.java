package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.demo;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.MachineProviders;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.CallListener;
import lib.usage.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Gate;

class EmbeddedGatewayTest {
    private static final GatewayConfig CONFIG =
            GatewayConfig.local(MachineProviders.from(Map.of()), Authenticator.bearer(new Secret("a-token")));

    @Test
    void itListensOnLoopbackAndAFreePort() {
        try (var one = EmbeddedGateway.start(CONFIG);
                var other = EmbeddedGateway.start(CONFIG)) {
            assertTrue(one.baseUrl().toString().matches("http://127\\.0\\.0\\.1:[1-9][0-9]*"));
            assertFalse(one.baseUrl().equals(other.baseUrl()));
        }
    }

    @Test
    void aPortInUseIsReportedToTheUser() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var error = assertThrows(
                    UserError.class,
                    () -> EmbeddedGateway.start(CONFIG.withAddress("127.0.0.1", taken.getLocalPort())));

            assertTrue(error.line().contains(String.valueOf(taken.getLocalPort())), error.line());
        }
    }

    @Test
    void aClosedGatewayDoesNotListenOrKeepTheProcessAlive() throws Exception {
        // A thread joins the group of the one that starts it: these are the gateway's, whatever other tests run.
        var group = new ThreadGroup("the gateway's");
        var run = new FutureTask<>(() -> {
            var gateway = EmbeddedGateway.start(CONFIG);
            gateway.close();
            return gateway.baseUrl();
        });
        new Thread(group, run).start();

        var url = run.get();
        assertThrows(ConnectException.class, () -> new Socket(url.getHost(), url.getPort()).close());
        for (var thread : lasting(group)) {
            thread.join(120_000);
            assertFalse(thread.isAlive(), thread.toString());
        }
    }

    @Test
    void aCallThatWasAnsweredIsCountedBeforeTheGatewayHasClosed() throws Exception {
        var answered = new Gate();
        var calls = new CopyOnWriteArrayList<Call>();
        // Counts slowly, as on a busy machine: the client has its answer, and the gateway closes meanwhile.
        Consumer<Call> counting = call -> {
            answered.pass();
            var end = System.nanoTime() + Duration.ofMillis(300).toNanos();
            while (System.nanoTime() < end) Thread.onSpinWait();
            calls.add(call);
        };
        var gateway = TestGateway.with(
                config -> config.withCallListener(new CallListener(counting, InstantSource.system())), demo());
        gateway.post("demo/v1/messages", "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        answered.awaitArrivals(1, Duration.ofMinutes(2));
        answered.open();

        gateway.close();

        assertEquals(1, calls.size());
    }

    @Test
    void closingTwiceIsClosingOnce() {
        var gateway = EmbeddedGateway.start(CONFIG);
        gateway.close();

        assertDoesNotThrow(gateway::close);
        assertThrows(
                ConnectException.class,
                () -> new Socket(gateway.baseUrl().getHost(), gateway.baseUrl().getPort()).close());
    }

    @Test
    void aProcessThatClosesItsGatewayHasPrintedNothingAndEnds() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        UsesAGateway.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            assertEquals("", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    /// A process that starts a gateway, uses and misuses it, and returns from its main method.
    static final class UsesAGateway {
        public static void main(String[] args) throws Exception {
            try (var gateway = TestGateway.serving(demo())) {
                gateway.post("demo/v1/messages", "{");
                gateway.statusOfTarget("/%zz");
            }
        }
    }

    @Test
    void twoProvidersOfOneNameAreRefused() {
        var twice = List.of(demo(), demo());

        assertThrows(IllegalArgumentException.class, () -> GatewayConfig.local(twice, _ -> Optional.empty()));
    }

    private static List<Thread> lasting(ThreadGroup group) {
        var threads = new Thread[1000];
        return Arrays.stream(threads, 0, group.enumerate(threads))
                .filter(thread -> !thread.isDaemon())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /healthz HTTP/1.1|Host: test|Connection: close||",
                "GET /llm/v1/providers/demo/v1/models HTTP/1.1|Host: test|x-api-key: " + TOKEN
                        + "|Connection: keep-alive, close||",
                "POST /llm/v1/providers/demo/v1/messages HTTP/1.1|Host: test|x-api-key: " + TOKEN
                        + "|Connection: close|Content-Length: 60||{\"model\":\"demo\","
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                // Refused before any of its body was read.
                "POST /llm/v1/providers/demo/v1/messages HTTP/1.1|Host: test|Connection: close|Content-Length: 5||hello"
            })
    void aConnectionThatTheClientWillNotReuseEndsAfterTheAnswer(String request) throws Exception {
        try (var gateway = TestGateway.serving(demo());
                var socket = gateway.sent(request)) {
            socket.setSoTimeout(120_000);
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertTrue(answer.startsWith("HTTP/1.1 "), answer);
            assertTrue(answer.contains("Connection: close"), answer);
        }
    }
}
