package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.anthropic;
import static tests.gateway.TestGateway.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import lib.base.Secret;
import lib.gateway.config.MetricsAccess;
import lib.gateway.config.Operations;
import lib.gateway.exchange.CallListener;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.exchange.TrustedProxies;
import lib.gateway.server.TlsCertificate;
import lib.gateway.telemetry.AccessLog;
import lib.gateway.telemetry.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Eventually;
import tests.support.OwnCertificate;

class OperationsTest {
    private static final String CALL =
            "{\"model\": \"claude-x\", \"max_tokens\": 16, \"messages\": [{\"role\": \"user\", "
                    + "\"content\": \"whisper\"}]}";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    @Test
    void healthAndReadinessNeedNoToken() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            assertEquals("ok\n", gateway.send(gateway.anonymous("/healthz")).body());
            assertEquals(200, gateway.send(gateway.anonymous("/readyz")).statusCode());
        }
    }

    @Test
    void metricsCountCallsByOpenTelemetrysNames() throws Exception {
        var metrics = new Metrics();
        try (var gateway = TestGateway.with(
                config -> config.withCallListener(new CallListener(metrics::call, InstantSource.system()))
                        .withOperations(Operations.quiet().withMetrics(metrics)),
                demo())) {
            gateway.post("demo/v1/messages", CALL);
            gateway.post("demo/v1/nothing", CALL);

            var labels = "{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"demo\","
                    + "gen_ai_request_model=\"claude-x\",provider=\"demo\"";
            Eventually.holds(
                    () -> text(gateway)
                            .contains(
                                    "gen_ai_server_request_duration_seconds_count" + labels + ",error_type=\"\"} 1\n"),
                    LIMIT,
                    () -> "no metrics");
            var text = text(gateway);
            assertTrue(
                    text.contains("gen_ai_client_token_usage_count" + labels + ",gen_ai_token_type=\"output\"} 1\n"),
                    text);
            assertTrue(
                    text.contains("gen_ai_server_time_to_first_token_seconds_bucket" + labels + ",le=\"+Inf\"} 1\n"),
                    text);
            assertTrue(
                    text.contains("http_server_request_duration_seconds_count{http_request_method=\"POST\","
                            + "http_route=\"/llm/v1/providers/{provider}\","
                            + "http_response_status_code=\"200\"} 1\n"),
                    text);
            assertTrue(text.contains("http_server_active_requests 0\n"), text);
            // What was not observed is not there.
            assertFalse(text.contains("error_type=\"cut\""), text);
        }
    }

    @Test
    void metricsAreForThisMachineButNotForClientsOfAProxyOnIt() throws Exception {
        try (var gateway = TestGateway.with(
                config -> config.withOperations(Operations.quiet().withMetrics(new Metrics())), demo())) {
            assertEquals(200, gateway.send(gateway.anonymous("/metrics")).statusCode());
            assertEquals(
                    401,
                    gateway.send(gateway.anonymous("/metrics").header("X-Forwarded-For", "192.0.2.1"))
                            .statusCode());
            // A user is no administrator.
            assertEquals(
                    401,
                    gateway.send(gateway.anonymous("/metrics")
                                    .header("X-Forwarded-For", "192.0.2.1")
                                    .header("Authorization", "Bearer " + TOKEN))
                            .statusCode());
        }
    }

    @ParameterizedTest
    @CsvSource({"LOCAL, 200, 200", "TOKEN, 401, 200", "PUBLIC, 200, 200"})
    void theSettingDecidesWhoMayReadTheMetrics(MetricsAccess.Mode mode, int anyone, int withToken) throws Exception {
        var access = new MetricsAccess(mode, () -> Optional.of(new Secret("the-token-of-the-scraper")));
        try (var gateway = TestGateway.with(
                config -> config.withOperations(
                        Operations.quiet().withMetrics(new Metrics()).withMetricsAccess(access)),
                demo())) {
            assertEquals(anyone, gateway.send(gateway.anonymous("/metrics")).statusCode());
            for (var token : List.of("the-token-of-the-scraper", TestGateway.ADMIN_TOKEN)) {
                assertEquals(
                        withToken,
                        gateway.send(gateway.anonymous("/metrics")
                                        .header("X-Forwarded-For", "192.0.2.1")
                                        .header("Authorization", "Bearer " + token))
                                .statusCode());
            }
            for (var token : List.of(TOKEN, "the-token-of-the-scrape", "x")) {
                var status = gateway.send(gateway.anonymous("/metrics")
                                .header("X-Forwarded-For", "192.0.2.1")
                                .header("Authorization", "Bearer " + token))
                        .statusCode();
                assertEquals(mode == MetricsAccess.Mode.PUBLIC ? 200 : 401, status, token);
            }
        }
    }

    @Test
    void manyModelsDoNotMakeAScrapeLarge() throws Exception {
        var metrics = new Metrics();
        try (var gateway = TestGateway.with(
                config -> config.withCallListener(new CallListener(metrics::call, InstantSource.system()))
                        .withOperations(Operations.quiet().withMetrics(metrics)),
                demo())) {
            for (int i = 0; i < 130; i++) gateway.post("demo/v1/messages", CALL.replace("claude-x", "claude-" + i));
            gateway.post("demo/v1/messages", CALL.replace("claude-x", "x".repeat(50_000)));

            var others = "gen_ai_server_request_duration_seconds_count{gen_ai_operation_name=\"chat\","
                    + "gen_ai_provider_name=\"demo\",gen_ai_request_model=\"other\",provider=\"demo\","
                    + "error_type=\"\"} 31\n";
            Eventually.holds(
                    () -> text(gateway).contains(others),
                    LIMIT,
                    () -> "the rest are not one: "
                            + text(gateway)
                                    .lines()
                                    .filter(line -> line.contains("other"))
                                    .toList());
            assertTrue(text(gateway).contains("gen_ai_request_model=\"claude-7\""), "the first are told apart");
            assertTrue(text(gateway).length() < 2_000_000, text(gateway).length() + " bytes");
        }
    }

    @Test
    void silentConnectionsGiveWayToAClientThatAsks() throws Exception {
        var silent = new ArrayList<Socket>();
        try (var gateway = TestGateway.with(
                config -> config.withOperations(Operations.quiet().withConnections(16)), demo())) {
            // Every other sender's: this one rests between two requests, and keeps its place.
            try (var resting = from("127.0.0.3", gateway)) {
                ask(resting);
                for (int i = 0; i < 64; i++) silent.add(from("127.0.0.2", gateway));

                try (var asking = from("127.0.0.4", gateway)) {
                    ask(asking);
                }
                ask(resting);
            }
        } finally {
            for (var socket : silent) socket.close();
        }
    }

    @Test
    void aSilentTlsClientDoesNotKeepItsPlace() throws Exception {
        var own = OwnCertificate.in(temp);
        try (var gateway = TestGateway.with(
                config -> config.withPublicEndpoint(
                                PublicEndpoint.plain().over(TlsCertificate.read(own.chain(), own.key())))
                        .withOperations(Operations.quiet().withSending(Duration.ofMillis(300))),
                demo())) {
            for (var beginning : List.of("", "\u0016\u0003\u0001")) {
                try (var client =
                        new Socket(gateway.url().getHost(), gateway.url().getPort())) {
                    client.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
                    assertDisconnected(client);
                }
            }
        }
    }

    @Test
    void aTlsClientIsLeftAloneOnceItsHandshakeIsOver() throws Exception {
        var own = OwnCertificate.in(temp);
        try (var upstream = new FakeUpstream(call -> {
                    // Longer than the handshake may take; nothing shows that the gateway has looked.
                    Thread.sleep(900);
                    call.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                var gateway = TestGateway.with(
                        config -> config.withPublicEndpoint(
                                        PublicEndpoint.plain().over(TlsCertificate.read(own.chain(), own.key())))
                                .withOperations(Operations.quiet().withSending(Duration.ofMillis(300))),
                        anthropic(upstream.url()));
                var client = HttpClient.newBuilder().sslContext(own.trusting()).build()) {
            var request = HttpRequest.newBuilder(URI.create(
                            "https://localhost:" + gateway.url().getPort() + "/llm/v1/providers/anthropic/v1/models"))
                    .header("Authorization", "Bearer " + TOKEN)
                    .build();
            // On a busy machine a handshake may take too long, and is ended; the answer takes too long for one
            // each time.
            Eventually.holds(
                    () -> isAnswered(client, request), LIMIT, () -> "it is hung up on while it waits for its answer");
        }
    }

    private static boolean isAnswered(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .equals("ok");
        } catch (IOException hungUp) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Socket from(String address, TestGateway gateway) throws IOException {
        var socket = new Socket();
        socket.setSoTimeout(120_000);
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", gateway.url().getPort()));
        return socket;
    }

    private static void ask(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var answer = new StringBuilder();
        while (!answer.toString().endsWith("ok\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) throw new AssertionError("it was hung up on after: " + answer);
            answer.append((char) next);
        }
    }

    @Test
    void modelsThatWereRefusedNameNoSeries() throws Exception {
        var metrics = new Metrics();
        try (var gateway = TestGateway.with(
                config -> config.withCallListener(new CallListener(metrics::call, InstantSource.system()))
                        .withOperations(Operations.quiet().withMetrics(metrics)),
                demo("claude-a"))) {
            gateway.post("demo/v1/messages", CALL);

            Eventually.holds(
                    () -> text(gateway).contains("http_response_status_code=\"403\""), LIMIT, () -> text(gateway));
            assertFalse(text(gateway).contains("claude-x"));
        }
    }

    @Test
    void theAccessLogNamesCallersAndRequestsButNoContent() throws Exception {
        var out = new ByteArrayOutputStream();
        try (var log = AccessLog.to(out);
                var upstream = FakeUpstream.saying("the answer");
                var gateway = TestGateway.with(
                        config -> config.withOperations(Operations.quiet().withLog(log)), anthropic(upstream.url()))) {
            gateway.send(gateway.request("anthropic/v1/messages?key=AIza-in-query")
                    .header("User-Agent", "a \"quoted\" agent")
                    .POST(BodyPublishers.ofString(CALL)));
            gateway.send(gateway.request("anthropic/" + TOKEN).header("x-api-key", TOKEN));
            awaitLines(out, 2);
        }
        var lines = out.toString(StandardCharsets.UTF_8).lines().toList();

        assertEquals(2, lines.size(), lines.toString());
        var call = TestGateway.json(lines.getFirst());
        assertEquals(
                "/llm/v1/providers/anthropic/v1/messages", call.path("path").asText());
        assertEquals("user", call.path("caller").asText());
        assertEquals("anthropic", call.path("provider").asText());
        assertEquals("a \"quoted\" agent", call.path("agent").asText());
        assertEquals("127.0.0.1", call.path("peer").asText());
        assertEquals(200, call.path("status").asInt());
        assertTrue(call.path("bytes").asInt() > "the answer".length());
        assertFalse(call.has("cut"));
        for (var secret : List.of(TOKEN, KEY, "AIza", "whisper", "the answer"))
            assertFalse(lines.toString().contains(secret), lines.toString());
    }

    @Test
    void theAccessLogNamesTheClientThatATrustedProxyPassesOn() throws Exception {
        for (var trusted : List.of("127.0.0.0/8", "10.0.0.0/8")) {
            var out = new ByteArrayOutputStream();
            try (var log = AccessLog.to(out);
                    var gateway = TestGateway.with(
                            config -> config.withPublicEndpoint(
                                            PublicEndpoint.plain().trusting(TrustedProxies.of(List.of(trusted))))
                                    .withOperations(Operations.quiet().withLog(log)),
                            demo())) {
                gateway.send(gateway.anonymous("/nothing").header("X-Forwarded-For", "198.51.100.1, 203.0.113.9"));
                awaitLines(out, 1);
            }
            assertEquals(
                    trusted.startsWith("127") ? "203.0.113.9" : "127.0.0.1",
                    TestGateway.json(out.toString(StandardCharsets.UTF_8))
                            .path("peer")
                            .asText());
        }
    }

    @Test
    void anAnswerThatWasCutIsNotedAsCut() throws Exception {
        var out = new ByteArrayOutputStream();
        try (var log = AccessLog.to(out);
                var upstream =
                        new FakeUpstream(call -> call.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst"));
                var gateway = TestGateway.with(
                        config -> config.withOperations(Operations.quiet().withLog(log)), anthropic(upstream.url()))) {
            assertThrows(IOException.class, () -> gateway.send(gateway.request("anthropic/v1/models")));
            Eventually.holds(() -> out.size() > 0, LIMIT, () -> "nothing was logged");
        }
        assertTrue(TestGateway.json(out.toString(StandardCharsets.UTF_8))
                .path("cut")
                .asBoolean());
    }

    @Test
    void runningCallsFinishWhileNewOnesAreRejected() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
            call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            goOn.await();
            call.write("6\r\nsecond\r\n0\r\n\r\n");
        })) {
            var gateway = TestGateway.with(
                    config -> config.withOperations(Operations.quiet().withDrain(LIMIT)), anthropic(upstream.url()));
            var resting = gateway.sent("GET /readyz HTTP/1.1|Host: test||");
            resting.getInputStream().read();
            var answer = gateway.sent(TestGateway.raw("GET", "/llm/v1/providers/anthropic/v1/models") + "|");
            while (answer.getInputStream().read() != 'f') {}

            var closing = Thread.ofVirtual().start(gateway::close);
            Eventually.holds(() -> isRefused(gateway), LIMIT, () -> "it still listens");
            // It ends with what it had sent: the rest of "ok", and nothing more.
            while (resting.getInputStream().read() >= 0) {}
            assertTrue(closing.isAlive());
            goOn.countDown();

            var rest = new String(answer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(rest.endsWith("second\r\n0\r\n\r\n"), rest);
            closing.join();
        }
    }

    @Test
    void callsThatDoNotEndInTimeAreCut() throws Exception {
        try (var upstream = new FakeUpstream(call -> {
            call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            call.awaitHangUp();
        })) {
            var gateway = TestGateway.with(
                    config -> config.withOperations(Operations.quiet().withDrain(Duration.ofMillis(100))),
                    anthropic(upstream.url()));
            var answer = gateway.stream(gateway.request("anthropic/v1/models"));
            answer.body().readNBytes(5);

            gateway.close();

            assertThrows(IOException.class, () -> answer.body().readAllBytes());
        }
    }

    @Test
    void aClientThatSendsAHeadOrABodyTooSlowlyIsDisconnected() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.with(
                        config -> config.withOperations(Operations.quiet().withSending(Duration.ofMillis(300))),
                        anthropic(upstream.url()))) {
            for (var half : List.of(
                    "",
                    "GET /healthz HTTP/1.1|Host: te",
                    TestGateway.raw("POST", "/llm/v1/providers/anthropic/v1/messages") + "Content-Length: 10||{")) {
                try (var client = gateway.sent(half)) {
                    assertDisconnected(client);
                }
            }
            assertTrue(upstream.receivedNothing());
        }
    }

    /// Checks that the connection ends without an answer, long before the gateway's usual limit would end it.
    private static void assertDisconnected(Socket client) throws IOException {
        client.setSoTimeout((int) Operations.SENDING.dividedBy(2).toMillis());
        try {
            assertEquals("", new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (SocketTimeoutException stillThere) {
            throw new AssertionError("the connection is kept", stillThere);
        } catch (SocketException reset) {
            // A reset also ends the connection.
        }
    }

    @Test
    void aModelMayThinkForLongerThanAClientMaySend() throws Exception {
        try (var upstream = new FakeUpstream(call -> {
                    Thread.sleep(900);
                    call.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                var gateway = TestGateway.with(
                        config -> config.withOperations(Operations.quiet().withSending(Duration.ofMillis(200))),
                        anthropic(upstream.url()));
                var client = HttpClient.newHttpClient()) {
            var request = gateway.request("anthropic/v1/messages")
                    .POST(HttpRequest.BodyPublishers.ofString(CALL))
                    .build();
            // On a busy machine the client may send too slowly, and is hung up on.
            Eventually.holds(
                    () -> isAnswered(client, request), LIMIT, () -> "it is hung up on while it waits for its answer");
        }
    }

    @Test
    void aBugIsReportedWithItsRequest() throws Exception {
        var told = new CopyOnWriteArrayList<String>();
        try (var gateway = TestGateway.with(
                config -> config.withOperations(
                                Operations.quiet().withBugs((what, bug) -> told.add(what + " " + bug.getMessage())))
                        .withCallListener(new CallListener(
                                _ -> {
                                    throw new IllegalStateException("broken");
                                },
                                InstantSource.system())),
                demo())) {
            gateway.post("demo/v1/messages", CALL);

            Eventually.holds(
                    () -> told.equals(List.of("POST /llm/v1/providers/demo/v1/messages broken")),
                    LIMIT,
                    told::toString);
        }
    }

    @Test
    @SuppressWarnings("try") // the first client leaves in the middle
    void moreClientsThanTheLimitWait() throws Exception {
        try (var gateway = TestGateway.with(
                        config -> config.withOperations(Operations.quiet().withConnections(1)), demo());
                var first = gateway.sent("GET /healthz HTTP/1.1|Host: test||")) {
            first.getInputStream().read();
            try (var second = gateway.sent("GET /healthz HTTP/1.1|Host: test||")) {
                first.close();

                assertEquals('H', second.getInputStream().read());
            }
        }
    }

    /// A request is noted once it was answered: its client may be quicker.
    private static void awaitLines(ByteArrayOutputStream log, int count) {
        Eventually.holds(
                () -> log.toString(StandardCharsets.UTF_8).lines().count() == count,
                LIMIT,
                () -> "the log: " + log.toString(StandardCharsets.UTF_8));
    }

    private static String text(TestGateway gateway) {
        try {
            return gateway.send(gateway.anonymous("/metrics")).body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isRefused(TestGateway gateway) {
        try (var _ = new Socket(gateway.url().getHost(), gateway.url().getPort())) {
            return false;
        } catch (IOException refused) {
            return true;
        }
    }
}
