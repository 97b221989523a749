package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.anthropic;
import static tests.gateway.TestGateway.raw;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

/// Requests in chunks. A client chooses the size of a chunk, up to 2 GB, and need not send it.
class ChunkedRequestTest {
    private static final String PATH = "/llm/v1/providers/anthropic/v1/messages";
    private static final String HEAD = raw("POST", PATH) + "Transfer-Encoding: chunked||";
    private static final String LARGEST_CHUNK = "7fffffff|";

    @Test
    void aChunkIsPassedOnAsItArrives() throws Exception {
        var arrived = new CountDownLatch(1);
        try (var upstream = new RawUpstream(Optional.empty(), socket -> {
                    awaitText(socket.getInputStream(), "the first part");
                    arrived.countDown();
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()));
                var client = gateway.sent(HEAD + LARGEST_CHUNK)) {
            TestGateway.sendOn(client, "x".repeat(100_000) + "the first part");

            assertTrue(arrived.await(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItsChunkEnds() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-x"));
                var client = gateway.sent(HEAD + LARGEST_CHUNK + "{\"messages\": \"")) {
            var piece = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 33; i++) client.getOutputStream().write(piece);

            assertEquals("413", status(client));
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void theSizeOfAChunkMayNotBeEndless() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-x"));
                var client = gateway.sent(HEAD + "0".repeat(8 * 1024))) {
            assertEquals("400", status(client));
        }
    }

    @Test
    void largeChunksArriveUnchanged() throws Exception {
        var random = new Random(1);
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()));
                var client = gateway.sent("")) {
            for (int size : new int[] {65_535, 65_536, 65_537, 300_000, 65_538}) {
                var chunk = new byte[size];
                random.nextBytes(chunk);
                TestGateway.sendOn(client, HEAD + Integer.toHexString(size) + "|");
                // Parts of it arrive before the rest, and the gateway reads them in other parts.
                for (int at = 0; at < size; ) {
                    int count = Math.min(size - at, 1 + random.nextInt(40_000));
                    client.getOutputStream().write(chunk, at, count);
                    at += count;
                }
                TestGateway.sendOn(client, "|3|end|0||");

                var received = new String(upstream.received().body(), StandardCharsets.ISO_8859_1);
                assertEquals(new String(chunk, StandardCharsets.ISO_8859_1) + "end", received);
                awaitText(client.getInputStream(), "ok");
            }
        }
    }

    private static String status(Socket client) throws IOException {
        return new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).substring(9);
    }

    /// Reads up to the end of a text.
    private static void awaitText(InputStream in, String text) throws IOException {
        var seen = new StringBuilder();
        while (!seen.toString().endsWith(text)) {
            int next = in.read();
            if (next < 0) throw new IOException("it ends after " + seen);
            seen.append((char) next);
            if (seen.length() > 2 * text.length()) seen.delete(0, seen.length() - text.length());
        }
    }
}
