package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import lib.gateway.config.Operations;
import lib.gateway.exchange.BodyStore;
import lib.gateway.exchange.GatewayError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;
import tests.support.Eventually;
import tests.support.OwnCertificate;

/// Clients that leave in the middle, and upstreams that stall in the middle of requests, which may be checked while
/// they are forwarded.
class LeavingClientsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int CLIENTS = 64;
    private static final int SIZE = 300_000;
    /// More than the buffers of the system hold, and less than there is room for.
    private static final int STALLING = 7_000_000;
    private static final Pattern WORKERS = Pattern.compile("\"name\": *\"(upload|read ahead|linger)\"");

    private static OwnCertificate own;

    @TempDir
    Path temp;

    private final BodyStore store = new BodyStore(64L << 20, Duration.ZERO);
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
    }

    @AfterEach
    void endUpstreams() {
        over.countDown();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void clientsThatLeaveInTheMiddleOfTheirRequestsLeaveNothing(boolean secure, boolean isChecked) throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    while (RawUpstream.request(socket.getInputStream())) RawUpstream.answer(socket, 200, "", "{}");
                });
                var gateway = gateway(upstream, isChecked)) {
            var clients = new ArrayList<Socket>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(gateway.sent(head(SIZE)));
                clients.getLast().getOutputStream().write(body(SIZE, "m"), 0, SIZE / 2);
            }
            Eventually.holds(
                    () -> upstream.connections.get() == CLIENTS, MINUTE, () -> upstream.connections + " requests");

            for (var client : clients) client.close();

            upstream.awaitClosed(CLIENTS);
            assertNothingIsLeft(gateway);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void clientsThatLeaveInTheMiddleOfTheirAnswersLeaveNothing(boolean secure, boolean isChecked) throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    for (String head; (head = RawUpstream.head(socket.getInputStream())) != null; ) {
                        socket.getInputStream().skipNBytes(RawUpstream.length(head));
                        if (RawUpstream.length(head) < SIZE) {
                            RawUpstream.answer(socket, 200, "", "{}");
                            continue;
                        }
                        socket.getOutputStream()
                                .write(("HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: " + SIZE
                                                + "\r\n\r\n" + "x".repeat(SIZE / 2))
                                        .getBytes(StandardCharsets.US_ASCII));
                    }
                });
                var gateway = gateway(upstream, isChecked)) {
            var clients = new ArrayList<Socket>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(gateway.sent(head(SIZE)));
                clients.getLast().getOutputStream().write(body(SIZE, "m"));
            }
            for (var client : clients) {
                assertEquals("200", RawUpstream.head(client.getInputStream()).substring(9, 12));
                client.close();
            }

            upstream.awaitClosed(CLIENTS);
            assertNothingIsLeft(gateway);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aClientThatLeavesWhileTheUpstreamStallsEndsTheRequest(boolean secure, boolean isChecked) throws Exception {
        try (var upstream = stalling(secure);
                var gateway = gateway(upstream, isChecked)) {
            try (var client = gateway.sent(head(STALLING))) {
                client.getOutputStream().write(body(STALLING, "m"), 0, STALLING - 1000);
                assertTrue(workers() > 0);
            }

            Eventually.holds(() -> workers() == 0, MINUTE, () -> "the request goes on");
            assertStoreIsEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRefusalReachesTheClientWhileTheUpstreamStalls(boolean secure) throws Exception {
        try (var upstream = stalling(secure);
                var gateway = gateway(upstream, true);
                var client = gateway.sent(head(STALLING))) {
            client.getOutputStream().write(body(STALLING, "o"));

            var answer = RawUpstream.head(client.getInputStream());

            assertTrue(answer.substring(9, 10).equals("4"), answer);
            client.getInputStream().skipNBytes(RawUpstream.length(answer));
            Eventually.holds(() -> workers() == 0, MINUTE, () -> "the request goes on");
            assertStoreIsEmpty();
        }
    }

    /// What was read meanwhile follows in its order.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestIsForwardedUnchangedAfterTheUpstreamStalled(boolean secure) throws Exception {
        var goOn = new CountDownLatch(1);
        var body = body(STALLING, "m");
        for (int i = 0; i < body.length - 100_000; i++) if (body[i] == 'x') body[i] = (byte) ('a' + i % 23);
        try (var upstream = upstream(secure, socket -> {
                    var head = RawUpstream.head(socket.getInputStream());
                    goOn.await();
                    var received = socket.getInputStream().readNBytes((int) RawUpstream.length(head));
                    RawUpstream.answer(socket, 200, "", Arrays.equals(body, received) ? "same" : "different");
                });
                var gateway = gateway(upstream, true);
                var client = gateway.sent(head(STALLING))) {
            // The gateway has read all but the end of it when this returns.
            client.getOutputStream().write(body, 0, STALLING - 1000);
            goOn.countDown();
            client.getOutputStream().write(body, STALLING - 1000, 1000);

            RawUpstream.head(client.getInputStream());

            assertEquals("same", new String(client.getInputStream().readNBytes(4), StandardCharsets.US_ASCII));
            assertStoreIsEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 413, 413", "false, 413, 413", "true, 0, 502", "false, 0, 502"})
    void anUpstreamThatEndsWhileTheBodyIsStillCheckedIsHeard(boolean secure, int answered, int status)
            throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    RawUpstream.head(socket.getInputStream());
                    if (answered == 0) return;
                    RawUpstream.answer(socket, answered, "Connection: close\r\n", "{}");
                    over.await();
                });
                var gateway = gateway(upstream, true);
                var client = gateway.sent(head(SIZE))) {
            client.getOutputStream().write(body(SIZE, "m"), 0, SIZE / 2);

            assertEquals(status + "", RawUpstream.head(client.getInputStream()).substring(9, 12));
        }
    }

    @Test
    void aLargeBodyThatIsRefusedAtItsEndLeavesNothing() throws Exception {
        try (var upstream = upstream(false, socket -> {
                    while (RawUpstream.request(socket.getInputStream())) RawUpstream.answer(socket, 200, "", "{}");
                });
                var gateway = gateway(upstream, true);
                var client = gateway.sent(head(SIZE))) {
            client.getOutputStream().write(body(SIZE, "o"));

            assertEquals("4", RawUpstream.head(client.getInputStream()).substring(9, 10));
            assertNothingIsLeft(gateway);
        }
    }

    private RawUpstream stalling(boolean secure) throws Exception {
        return upstream(secure, socket -> {
            RawUpstream.head(socket.getInputStream());
            over.await();
        });
    }

    private void assertNothingIsLeft(TestGateway gateway) throws Exception {
        assertEquals(
                200, gateway.post("anthropic/v1/messages", "{\"model\":\"m\"}").statusCode());
        Eventually.holds(() -> workers() == 0, MINUTE, () -> workers() + " threads are left");
        assertStoreIsEmpty();
    }

    private void assertStoreIsEmpty() {
        Eventually.holds(this::isStoreEmpty, MINUTE, () -> "room is still taken");
    }

    private boolean isStoreEmpty() {
        // All that one body may take.
        int all = (48 << 20) - (256 << 10);
        try (var held = store.open()) {
            held.fill(new ByteArrayInputStream(new byte[all]), all);
            return true;
        } catch (GatewayError busy) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns the number of threads that work for requests.
    private int workers() {
        try {
            var file = Files.createTempDirectory(temp, "threads").resolve("threads.json");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            return (int) WORKERS.matcher(Files.readString(file)).results().count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private RawUpstream upstream(boolean secure, RawUpstream.Script script) throws Exception {
        return new RawUpstream(secure ? Optional.of(own) : Optional.empty(), script);
    }

    /// @param isChecked whether only some models are allowed
    private TestGateway gateway(RawUpstream upstream, boolean isChecked) {
        var models = isChecked ? new String[] {"m"} : new String[0];
        return TestGateway.with(
                config -> TestGateway.trusting(config, own, Duration.ofMinutes(10))
                        .withOperations(Operations.quiet().withBodies(store)),
                TestGateway.anthropic(upstream.url(), models));
    }

    private static String head(int size) {
        return TestGateway.raw("POST", "/llm/v1/providers/anthropic/v1/messages")
                + "Content-Type: application/json|Content-Length: %d||".formatted(size);
    }

    private static byte[] body(int size, String last) {
        var end = "\",\"model\":\"%s\"}".formatted(last);
        var begin = "{\"model\":\"m\",\"x\":\"";
        return (begin + "x".repeat(size - begin.length() - end.length()) + end).getBytes(StandardCharsets.US_ASCII);
    }
}
