package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.anthropic;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.support.Eventually;

class RelayTest {
    private static final String MODELS = TestGateway.raw("GET", "/llm/v1/providers/anthropic/v1/models") + "|";

    @Test
    void anEventArrivesWhileTheUpstreamStillHoldsTheNext() throws Exception {
        var firstWasRead = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
                    call.write("7\r\nfirst\n\n\r\n");
                    firstWasRead.await();
                    call.write("8\r\nsecond\n\n\r\n0\r\n\r\n");
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            var answer = gateway.stream(gateway.request("anthropic/v1/messages").POST(BodyPublishers.ofString("{}")));

            assertEquals("first\n\n", new String(answer.body().readNBytes(7), StandardCharsets.UTF_8));
            firstWasRead.countDown();
            assertEquals("second\n\n", new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void theHeadOfAnAnswerOfKnownLengthArrivesBeforeItsBody() throws Exception {
        var headWasRead = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
                    headWasRead.await();
                    call.write("late");
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            var answer = gateway.stream(gateway.request("anthropic/v1/models"));

            assertEquals(200, answer.statusCode());
            headWasRead.countDown();
            assertEquals("late", new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "claude-a"})
    void aRequestBodyArrivesByteForByte(String allowed) throws Exception {
        var body =
                "{ \"model\" : \"claude-a\",\n\t\"x\":\"é\\u00e9\", \"n\":1.0 }  \n".getBytes(StandardCharsets.UTF_8);
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(
                        anthropic(upstream.url(), allowed.isEmpty() ? new String[0] : new String[] {allowed}))) {

            gateway.send(gateway.request("anthropic/v1/messages").POST(BodyPublishers.ofByteArray(body)));

            var call = upstream.received();
            assertArrayEquals(body, call.body());
            assertEquals(List.of(String.valueOf(body.length)), call.header("content-length"));
        }
    }

    @Test
    void aRequestBodyOfUnknownLengthIsStreamedOn() throws Exception {
        var body = new byte[300_000];
        new Random(7).nextBytes(body);
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            gateway.send(gateway.request("anthropic/v1/files")
                    .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

            assertArrayEquals(body, upstream.received().body());
        }
    }

    @Test
    void aCompressedRequestBodyIsLeftCompressed() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            gateway.send(gateway.request("anthropic/v1/messages")
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofString("not really gzip")));

            var call = upstream.received();
            assertEquals("not really gzip", new String(call.body(), StandardCharsets.UTF_8));
            assertEquals(List.of("gzip"), call.header("content-encoding"));
        }
    }

    @Test
    void anAnswerArrivesByteForByteAndIsNotDecoded() throws Exception {
        var compressed = new byte[100_000];
        new Random(42).nextBytes(compressed);
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 529 Overloaded\r\nContent-Encoding: gzip\r\nrequest-id: req_1\r\n"
                            + "retry-after: 3\r\nVary: a\r\nVary: b\r\nContent-Length: 100000\r\n\r\n");
                    call.write(compressed);
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            var answer = gateway.stream(gateway.request("anthropic/v1/messages")
                    .header("Accept-Encoding", "gzip, br")
                    .POST(BodyPublishers.ofString("{}")));

            assertArrayEquals(compressed, answer.body().readAllBytes());
            assertEquals(529, answer.statusCode());
            assertEquals(List.of("gzip"), answer.headers().allValues("content-encoding"));
            assertEquals(List.of("req_1"), answer.headers().allValues("request-id"));
            assertEquals(List.of("3"), answer.headers().allValues("retry-after"));
            assertEquals(List.of("a", "b"), answer.headers().allValues("vary"));
            assertEquals(List.of("gzip, br"), upstream.received().header("accept-encoding"));
        }
    }

    @Test
    void theStoredKeyGoesUpstreamAndTheGatewayTokenNever() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            gateway.send(gateway.request("anthropic/v1/messages")
                    .header("x-api-key", TOKEN)
                    .header("x-goog-api-key", TOKEN)
                    .header("X-Redpanda-Cloud-Token", TOKEN)
                    .header("x-debug", "sent with " + TOKEN)
                    .POST(BodyPublishers.ofString("{}")));

            var call = upstream.received();
            assertEquals(List.of(KEY), call.header("x-api-key"));
            assertFalse(
                    String.join("\n", call.headers()).contains(TOKEN),
                    call.headers().toString());
            assertEquals(List.of(), call.header("authorization"));
        }
    }

    @Test
    void aCredentialThatIsNoGatewayTokenStaysHereToo() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            gateway.send(gateway.anonymous("/llm/v1/providers/anthropic/v1/models")
                    .header("x-api-key", TOKEN)
                    .header("Authorization", "Bearer stale")
                    .header("X-Goog-Api-Key", "stale")
                    .header("x-redpanda-cloud-token", "stale"));

            assertFalse(String.join("\n", upstream.received().headers()).contains("stale"));
        }
    }

    @Test
    void theHeadersThatDescribeAnAgentGoUpstreamUnchanged() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            gateway.send(gateway.request("anthropic/v1/messages?beta=true&q=a%20b")
                    .header("anthropic-version", "2023-06-01")
                    .header("anthropic-beta", "one,two")
                    .header("User-Agent", "claude-cli/2")
                    .header("X-Claude-Code-Session-Id", "s-1")
                    .POST(BodyPublishers.ofString("{}")));

            var call = upstream.received();
            assertEquals("POST /v1/messages?beta=true&q=a%20b HTTP/1.1", call.line());
            assertEquals(List.of("2023-06-01"), call.header("anthropic-version"));
            assertEquals(List.of("one,two"), call.header("anthropic-beta"));
            assertEquals(List.of("claude-cli/2"), call.header("user-agent"));
            assertEquals(List.of("s-1"), call.header("x-claude-code-session-id"));
            assertEquals(List.of(upstream.url().getAuthority()), call.header("host"));
        }
    }

    @Test
    void headersOfOneHopStayOnIt() throws Exception {
        var own = "|Connection: close, X-Mine|X-Mine: 1|TE: trailers|Proxy-Authorization: Basic x|Keep-Alive: 5|"
                + "X-Kept: yes||";
        try (var upstream = new FakeUpstream(call -> call.write("HTTP/1.1 200 OK\r\nConnection: X-Hop, close\r\n"
                        + "X-Hop: 1\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nX-Kept: yes\r\n"
                        + "Content-Length: 2\r\n\r\nok"));
                var gateway = TestGateway.serving(anthropic(upstream.url()));
                var socket = gateway.sent(MODELS.substring(0, MODELS.length() - 2) + own)) {

            var call = upstream.received();
            var answer = new StringBuilder();
            var in = socket.getInputStream();
            while (!answer.toString().endsWith("ok")) answer.append((char) in.read());

            for (var name : List.of("x-mine", "te", "proxy-authorization", "keep-alive", "upgrade", "http2-settings")) {
                assertEquals(List.of(), call.header(name), name);
            }
            assertEquals(List.of("yes"), call.header("x-kept"));
            var head = answer.toString().toLowerCase(Locale.ROOT);
            assertFalse(head.matches("(?s).*(x-hop|keep-alive|upgrade).*"), head);
            assertTrue(head.contains("x-kept: yes"), head);
        }
    }

    @Test
    void theBaseUrlOfAnUpstreamMayHaveAPath() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(URI.create(upstream.url() + "/proxy/anthropic/")))) {

            gateway.post("anthropic/v1/messages", "{}");

            assertEquals(
                    "POST /proxy/anthropic/v1/messages HTTP/1.1",
                    upstream.received().line());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void anAnswerWithoutABodyHasNone(int status) throws Exception {
        try (var upstream =
                        new FakeUpstream(call -> call.write("HTTP/1.1 " + status + " Fine\r\nx-kept: yes\r\n\r\n"));
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            var answer = gateway.send(gateway.request("anthropic/v1/models"));

            assertEquals(status, answer.statusCode());
            assertEquals("yes", answer.headers().firstValue("x-kept").orElse(""));
        }
    }

    @Test
    void aClientThatGoesAwayMidStreamCancelsTheUpstreamCall() throws Exception {
        var hungUp = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
                    call.awaitHangUp();
                    hungUp.countDown();
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            var answer = gateway.stream(gateway.request("anthropic/v1/models"));
            answer.body().readNBytes(5);
            answer.body().close();

            assertTrue(hungUp.await(2, TimeUnit.MINUTES), "the upstream call went on");
        }
    }

    @Test
    void aClientThatGoesAwayBeforeAnyAnswerCancelsTheUpstreamCall() throws Exception {
        var hungUp = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
                    call.awaitHangUp();
                    hungUp.countDown();
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            var socket = gateway.sent(MODELS);
            upstream.received();
            socket.close();

            assertTrue(hungUp.await(2, TimeUnit.MINUTES), "the upstream call went on");
        }
    }

    @Test
    void closingTheGatewayCutsRunningAnswers() throws Exception {
        var hungUp = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
            call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            call.awaitHangUp();
            hungUp.countDown();
        })) {
            var gateway = TestGateway.serving(anthropic(upstream.url()));
            var socket = gateway.sent(MODELS);
            while (socket.getInputStream().read() != 'f') {}

            gateway.close();

            assertTrue(hungUp.await(2, TimeUnit.MINUTES), "the upstream call went on");
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n", "Content-Length: 100\r\n\r\nfirst"})
    void anAnswerThatWasCutIsCutForTheClientToo(String rest) throws Exception {
        try (var upstream = new FakeUpstream(call -> call.write("HTTP/1.1 200 OK\r\n" + rest));
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            var answer = gateway.stream(gateway.request("anthropic/v1/models"));
            assertEquals("first", new String(answer.body().readNBytes(5), StandardCharsets.UTF_8));

            assertThrows(IOException.class, () -> answer.body().readAllBytes());
        }
    }

    @Test
    void aConnectionServesOneRelayedRequestAfterTheOther() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()));
                var socket = gateway.sent(MODELS)) {

            assertEquals("ok", bodyOf(socket));
            TestGateway.sendOn(socket, MODELS);
            // One comes before the other is answered.
            TestGateway.sendOn(socket, MODELS);
            assertEquals("ok", bodyOf(socket));
            assertEquals("ok", bodyOf(socket));
        }
    }

    /// Returns an address without a listener, which no other program can take while the socket is open.
    private static URI nobodyAt(Socket taken) throws IOException {
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return URI.create("http://127.0.0.1:" + taken.getLocalPort());
    }

    @Test
    void aConnectionStaysUsableAfterARequestToAMissingUpstream() throws Exception {
        try (var taken = new Socket();
                var gateway = TestGateway.serving(anthropic(nobodyAt(taken)));
                var socket = gateway.sent(
                        TestGateway.raw("POST", "/llm/v1/providers/anthropic/v1/messages") + "Content-Length: 2||{}")) {

            assertEquals("{\"", bodyOf(socket));
            while (socket.getInputStream().read() != '}') {}
            assertEquals('}', socket.getInputStream().read());
            TestGateway.sendOn(socket, MODELS);
            assertEquals("{\"", bodyOf(socket));
        }
    }

    @Test
    void aMissingUpstreamIsABadGatewayErrorThatNamesTheProvider() throws Exception {
        try (var taken = new Socket();
                var gateway = TestGateway.serving(anthropic(nobodyAt(taken)))) {

            var answer = gateway.post("anthropic/v1/messages", "{}");

            assertEquals(502, answer.statusCode());
            assertEquals("api_error", TestGateway.errorType(answer));
            assertTrue(TestGateway.errorMessage(answer).contains("\"anthropic\""));
            assertFalse(answer.body().contains(KEY));
        }
    }

    @Test
    void anUpstreamThatHangsUpWithoutAnAnswerIsABadGateway() throws Exception {
        try (var upstream = new FakeUpstream(_ -> {});
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {

            assertEquals(502, gateway.post("anthropic/v1/messages", "{}").statusCode());
        }
    }

    @Test
    void anUpstreamThatStaysSilentIsAGatewayTimeout() throws Exception {
        try (var upstream = new FakeUpstream(FakeUpstream.Call::awaitHangUp);
                var gateway = TestGateway.with(
                        config -> config.withUpstreams(_ -> HttpClient.newHttpClient(), Duration.ZERO),
                        anthropic(upstream.url()))) {

            var answer = gateway.post("anthropic/v1/messages", "{}");

            assertEquals(504, answer.statusCode());
            assertEquals("timeout_error", TestGateway.errorType(answer));
        }
    }

    @Test
    void anUpstreamThatStaysSilentIsLeft() throws Exception {
        var hungUp = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
                    call.awaitHangUp();
                    hungUp.countDown();
                });
                var gateway = TestGateway.with(
                        config -> config.withUpstreams(_ -> HttpClient.newHttpClient(), Duration.ofSeconds(1)),
                        anthropic(upstream.url()))) {

            Eventually.holds(() -> isLeft(gateway, hungUp), Duration.ofMinutes(2), () -> "the upstream call went on");
        }
    }

    /// Whether the gateway gave up a call. On a busy machine it may do so before the call has arrived.
    private static boolean isLeft(TestGateway gateway, CountDownLatch hungUp) {
        try {
            gateway.post("anthropic/v1/messages", "{}");
            return hungUp.await(1, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// Returns the body of the next answer on a connection, which has two bytes.
    private static String bodyOf(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = socket.getInputStream().read();
            if (next < 0) throw new IOException("closed after: " + head);
            head.append((char) next);
        }
        return new String(socket.getInputStream().readNBytes(2), StandardCharsets.UTF_8);
    }
}
