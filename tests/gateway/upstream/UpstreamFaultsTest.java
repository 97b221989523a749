package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;
import tests.support.OwnCertificate;

/// Upstreams that break off, stall or say something unexpected, over TLS and in cleartext.
class UpstreamFaultsTest {
    private static final String SAID = "{\"said\":\"it\"}";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static OwnCertificate own;

    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
    }

    @AfterEach
    void endUpstreams() {
        over.countDown();
    }

    /// Its body is gone by then, so that the second request would be an empty one.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLargeRequestThatGotNoAnswerIsNotSentAgain(boolean secure) throws Exception {
        var heads = new CopyOnWriteArrayList<String>();
        try (var upstream = upstream(secure, socket -> {
                    for (int i = 0; ; i++) {
                        var head = RawUpstream.head(socket.getInputStream());
                        heads.add(head);
                        socket.getInputStream().skipNBytes(RawUpstream.length(head));
                        if (i > 0) return;
                        RawUpstream.answer(socket, 200, "", SAID);
                    }
                });
                var gateway = gateway(upstream, MINUTE)) {
            var body = "x".repeat(300_000);

            assertEquals(200, gateway.post("anthropic/v1/messages", body).statusCode());
            assertEquals(502, gateway.post("anthropic/v1/messages", body).statusCode());

            assertEquals(
                    List.of(300_000L, 300_000L),
                    heads.stream().map(RawUpstream::length).toList());
        }
    }

    /// The upstream may have worked on it, and charged for it.
    @ParameterizedTest
    @CsvSource({"POST, true, 502, 2", "POST, false, 502, 2", "GET, true, 200, 3", "GET, false, 200, 3"})
    void aRequestThatMayHaveBeenWorkedOnIsSentAgainOnlyIfThatChangesNothing(
            String method, boolean secure, int status, int sent) throws Exception {
        var heads = new CopyOnWriteArrayList<String>();
        try (var upstream = upstream(secure, socket -> {
                    while (true) {
                        var head = RawUpstream.head(socket.getInputStream());
                        heads.add(head);
                        socket.getInputStream().skipNBytes(RawUpstream.length(head));
                        if (heads.size() == 2) {
                            // It works for longer than a closed connection remains unnoticed.
                            Thread.sleep(2100);
                            return;
                        }
                        RawUpstream.answer(socket, 200, "", SAID);
                    }
                });
                var gateway = gateway(upstream, MINUTE)) {
            gateway.post("anthropic/v1/messages", "{}");

            var request = gateway.request("anthropic/v1/models")
                    .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"));

            assertEquals(status, gateway.send(request).statusCode());
            assertEquals(sent, heads.size());
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 20", "false, 20", "true, 300000", "false, 300000"})
    void aConnectionThatTheUpstreamHasClosedIsNotUsed(boolean secure, int size) throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    RawUpstream.request(socket.getInputStream());
                    RawUpstream.answer(socket, 200, "", SAID);
                });
                var gateway = gateway(upstream, MINUTE)) {
            for (int i = 1; i <= 5; i++) {
                assertEquals(
                        200,
                        gateway.post("anthropic/v1/messages", "x".repeat(size)).statusCode());
                upstream.awaitClosed(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesAfterAnAnswerAreNoPartOfTheNext(boolean secure) throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    while (RawUpstream.request(socket.getInputStream())) {
                        write(socket, "HTTP/1.1 204 X\r\nContent-Length: 50\r\n\r\n");
                        write(socket, "HTTP/1.1 200 X\r\nContent-Length: 6\r\n\r\nforged");
                    }
                });
                var gateway = gateway(upstream, MINUTE)) {
            for (int i = 0; i < 20; i++) {
                var answer = gateway.post("anthropic/v1/messages", "{}");

                assertEquals("204 ", answer.statusCode() + " " + answer.body());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void anUpstreamThatClosesItsSideAfterAnEarlyAnswerIsHeard(boolean secure, boolean reads) throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    var head = RawUpstream.head(socket.getInputStream());
                    RawUpstream.answer(socket, 200, "", SAID);
                    socket.shutdownOutput();
                    if (reads) socket.getInputStream().skipNBytes(RawUpstream.length(head));
                    over.await();
                });
                var gateway = gateway(upstream, MINUTE)) {
            for (int i = 0; i < 3; i++)
                assertEquals(
                        SAID,
                        gateway.post("anthropic/v1/messages", "x".repeat(1_000_000))
                                .body());
        }
    }

    @ParameterizedTest
    @CsvSource({"'', true", "'', false", "HTTP/1.1 200 X|Content-, true", "HTTP/1.1 103 X||, false"})
    void anUpstreamThatEndsBeforeItsAnswerIsABadGateway(String beginning, boolean secure) throws Exception {
        for (var reset : new boolean[] {true, false}) {
            try (var upstream = upstream(secure, socket -> {
                        RawUpstream.request(socket.getInputStream());
                        write(socket, beginning.replace("|", "\r\n"));
                        if (reset) socket.setSoLinger(true, 0);
                    });
                    var gateway = gateway(upstream, MINUTE)) {
                assertEquals(502, gateway.post("anthropic/v1/messages", "{}").statusCode());
                assertEquals(1, upstream.connections.get());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void anAnswerThatBreaksOffIsCutForTheClientToo(boolean secure, boolean reset) throws Exception {
        for (var begun : List.of(
                "Content-Length: 100||half",
                "Transfer-Encoding: chunked||5|half",
                "Transfer-Encoding: chunked||4|half",
                "Transfer-Encoding: chunked||4|half|",
                "Transfer-Encoding: chunked||4|half|0|",
                "Transfer-Encoding: chunked||4|half|0|X: 1|")) {
            try (var upstream = upstream(secure, socket -> {
                        RawUpstream.request(socket.getInputStream());
                        write(socket, "HTTP/1.1 200 X\r\n" + begun.replace("|", "\r\n"));
                        if (reset) socket.setSoLinger(true, 0);
                    });
                    var gateway = gateway(upstream, MINUTE)) {
                if (reset) {
                    // The reset may overtake the beginning, which nothing can tell from no answer.
                    try {
                        assertEquals(
                                502, gateway.post("anthropic/v1/messages", "{}").statusCode());
                    } catch (IOException cut) {
                        // As the other beginnings are.
                    }
                } else {
                    assertThrows(IOException.class, () -> gateway.post("anthropic/v1/messages", "{}"), begun);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true, ''", "false, ''", "true, HTTP/1.1 200 X|Con", "false, HTTP/1.1 100 X||"})
    void anUpstreamThatStallsBeforeItsAnswerIsLate(boolean secure, String beginning) throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    RawUpstream.head(socket.getInputStream());
                    write(socket, beginning.replace("|", "\r\n"));
                    over.await();
                });
                var gateway = gateway(upstream, Duration.ofMillis(500))) {
            for (int size : new int[] {2, 12_000_000})
                assertEquals(
                        504,
                        gateway.post("anthropic/v1/messages", "x".repeat(size)).statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void interimAnswersAndTrailersAreNotForwarded(boolean secure) throws Exception {
        try (var upstream = upstream(secure, socket -> {
                    while (RawUpstream.request(socket.getInputStream())) {
                        write(socket, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nLink: x\r\n\r\n");
                        write(socket, "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n");
                        write(socket, "6\r\nanswer\r\n0\r\nX-Trailer: 1\r\n\r\n");
                    }
                });
                var gateway = gateway(upstream, MINUTE)) {
            for (int i = 0; i < 3; i++) {
                var answer = gateway.post("anthropic/v1/messages", "x".repeat(100_000));

                assertEquals("answer", answer.body());
                assertTrue(answer.headers().firstValue("link").isEmpty());
                assertTrue(answer.headers().firstValue("x-trailer").isEmpty());
            }
            assertEquals(1, upstream.connections.get());
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static RawUpstream upstream(boolean secure, RawUpstream.Script script) throws Exception {
        return new RawUpstream(secure ? Optional.of(own) : Optional.empty(), script);
    }

    private static TestGateway gateway(RawUpstream upstream, Duration patience) {
        return TestGateway.with(
                config -> TestGateway.trusting(config, own, patience), TestGateway.anthropic(upstream.url()));
    }
}
