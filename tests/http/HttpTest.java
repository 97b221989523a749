package tests.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import lib.base.UserError;
import lib.http.Http;
import lib.http.Http.Retry;
import lib.http.Unreachable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Reply;

class HttpTest {
    @TempDir
    Path temp;

    private final RecordingUpstream server = RecordingUpstream.start();
    private Http http;

    @BeforeEach
    void aClient() {
        http = Http.of(new Machine(temp).host());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anAnswerHasItsStatusItsTypeAndItsText() {
        server.handle(_ -> Reply.of(418, "Application/JSON; charset=utf-8", "{\"ü\": 1}"));

        var answer = send(Retry.SAFE);

        assertEquals(new Http.Answer(418, "application/json", "{\"ü\": 1}"), answer);
        assertTrue(answer.isJson());
        assertFalse(answer.isPassing());
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void aSafeCallIsTriedThreeTimesWhenTheServerIsBusy(int status) {
        server.handle(_ -> Reply.of(status, "text/plain", "busy"));

        var answer = send(Retry.SAFE);

        assertEquals(status, answer.status());
        assertTrue(answer.isPassing());
        assertEquals(3, server.requests().size());
        assertEquals(
                List.of("body", "body", "body"),
                server.requests().stream().map(r -> r.text()).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 501})
    void aRefusalIsNotTriedAgain(int status) {
        server.handle(_ -> Reply.of(status, "text/plain", "no"));

        assertEquals(status, send(Retry.SAFE).status());
        assertEquals(1, server.requests().size());
    }

    @Test
    void aCallThatCouldDoHarmIsSentOnce() {
        server.handle(_ -> Reply.of(503, "text/plain", "busy"));
        assertEquals(503, send(Retry.NEVER).status());

        server.handle(_ -> Reply.dropped());
        assertThrows(Unreachable.class, () -> send(Retry.NEVER));

        assertEquals(2, server.requests().size());
    }

    @ParameterizedTest
    @CsvSource({"429,,3", "429,0,3", "503,0,3", "503,,1", "502,0,1", "500,0,1", "504,,1"})
    void aCallThatMayNotBeDoneTwiceIsSentAgainWhereItWasNotBegun(int status, String retryAfter, int sent) {
        server.handle(_ -> retryAfter == null
                ? Reply.of(status, "text/plain", "busy")
                : Reply.of(status, "text/plain", "busy").header("Retry-After", retryAfter));

        assertEquals(status, send(Retry.UNBEGUN).status());
        assertEquals(sent, server.requests().size());
    }

    @Test
    void aCallThatMayNotBeDoneTwiceIsNotSentAgainWhenItsAnswerWasLost() {
        server.handle(_ -> Reply.dropped());

        assertThrows(Unreachable.class, () -> send(Retry.UNBEGUN));
        assertEquals(1, server.requests().size());
    }

    @Test
    void aSafeCallThatWasDroppedIsTriedAgain() {
        server.handle(_ -> server.requests().size() < 3 ? Reply.dropped() : Reply.of(200, "text/plain", "well"));

        assertEquals("well", send(Retry.SAFE).body());
    }

    @Test
    void aSmallRetryAfterIsWaitedFor() {
        server.handle(_ -> server.requests().size() < 2
                ? Fault.tooManyRequests(Duration.ofSeconds(1)).answer(() -> null)
                : Reply.of(200, "text/plain", "well"));
        var begin = System.nanoTime();

        assertEquals(200, send(Retry.SAFE).status());

        assertTrue(System.nanoTime() - begin >= 1_000_000_000L, "it came back before the server wanted it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "3600", "99999999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
    void aLongRetryAfterIsGivenUpAtOnce(String retryAfter) {
        server.handle(_ -> Reply.of(429, "text/plain", "much later").header("Retry-After", retryAfter));

        assertEquals(429, send(Retry.SAFE).status());
        assertEquals(1, server.requests().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "soon", ""})
    void aRetryAfterThatMakesNoSenseIsIgnored(String retryAfter) {
        server.handle(_ -> Reply.of(429, "text/plain", "whenever").header("Retry-After", retryAfter));

        assertEquals(429, send(Retry.SAFE).status());
        assertEquals(3, server.requests().size());
    }

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() {
        server.handle(_ -> Reply.of(302, "text/html", "").header("Location", server.url() + "/elsewhere"));

        assertEquals(302, send(Retry.SAFE).status());
        assertEquals(1, server.requests().size());
    }

    @Test
    void aLongBodyIsCut() {
        server.handle(_ -> Reply.of(200, "text/plain", "x".repeat(5 << 20)));

        assertEquals(4 << 20, send(Retry.SAFE).body().length());
    }

    @Test
    void aBodyWithoutEndIsGivenUp() {
        server.handle(_ -> new Reply(
                200,
                Map.of("Content-Type", List.of("text/plain")),
                List.of(new Reply.Part.UntilGone(new byte[4 << 20])),
                true));

        assertTrue(
                assertThrows(Unreachable.class, () -> send(Retry.NEVER)).line().contains("an answer without end"));
    }

    @Test
    void anIncompleteBodyIsAFailure() {
        server.handle(_ -> Reply.of(200, "application/json", "{\"a\": 1}").cutAfter(1));

        var e = assertThrows(Unreachable.class, () -> send(Retry.SAFE));

        assertTrue(e.line().startsWith("the connection to the test at " + server.url() + " was lost ("), e.line());
    }

    @Test
    void aPortWithoutAServerIsRefusedAndNamed() {
        var url = server.url();
        server.close();

        var e = assertThrows(Unreachable.class, () -> send(Retry.SAFE));

        assertEquals(
                "cannot reach the test at %s: connection refused: check the URL (rpkai env show) and that it is up"
                        .formatted(url),
                e.line());
    }

    @Test
    void aMissingHostIsNamed() {
        var e = assertThrows(
                Unreachable.class,
                () -> http.send(
                        HttpRequest.newBuilder(URI.create("http://nowhere.invalid/x?token=hunter2"))
                                .build(),
                        Retry.NEVER,
                        "the test"));

        assertTrue(e.line().startsWith("cannot find the host of the test at http://nowhere.invalid"), e.line());
        assertFalse(e.line().contains("hunter2"));
    }

    @Test
    void aServerOfAnotherProtocolIsAFailure() throws Exception {
        try (var ssh = new ServerSocket()) {
            ssh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread.ofVirtual().start(() -> greet(ssh));

            var e = assertThrows(
                    UserError.class,
                    () -> http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ssh.getLocalPort()))
                                    .build(),
                            Retry.NEVER,
                            "the test"));

            assertTrue(e.line().startsWith("the connection to the test at http://127.0.0.1:"), e.line());
        }
    }

    @Test
    void tlsToAServerWithoutTlsIsReported() throws Exception {
        try (var ssh = new ServerSocket()) {
            ssh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread.ofVirtual().start(() -> greet(ssh));

            var e = assertThrows(
                    Unreachable.class,
                    () -> http.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + ssh.getLocalPort()))
                                    .build(),
                            Retry.NEVER,
                            "the test"));

            // Now and then the JDK's client loses what the handshake failed of, and waits for it until the
            // connection is late.
            assertTrue(e.line().matches("(TLS with|cannot reach) the test at https://127\\.0\\.0\\.1:.*"), e.line());
        }
    }

    private static void greet(ServerSocket ssh) {
        try (var client = ssh.accept()) {
            client.getOutputStream().write("SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.US_ASCII));
            // Closing with something unread would reset the connection before the greeting is read.
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The client has left, as it should.
        }
    }

    private Http.Answer send(Retry retry) {
        return http.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/path"))
                        .POST(HttpRequest.BodyPublishers.ofString("body"))
                        .build(),
                retry,
                "the test");
    }
}
