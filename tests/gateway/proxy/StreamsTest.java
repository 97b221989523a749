package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.anthropic;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.support.Eventually;

/// Many at a time, and slow ones; 1,000 for ten minutes are in tests/bench/Gateway.java.
class StreamsTest {
    private static final String CALL = TestGateway.raw("GET", "/llm/v1/providers/anthropic/v1/models") + "|";
    private static final int STREAMS = 200;

    @Test
    void twoHundredStreamsAtATimeAreAllReadToTheirEnd() throws Exception {
        var all = new CountDownLatch(STREAMS);
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    call.write("7\r\nevent\n\n\r\n");
                    // No stream continues before all have begun.
                    all.countDown();
                    if (!all.await(2, TimeUnit.MINUTES)) return;
                    for (int i = 0; i < 9; i++) call.write("7\r\nevent\n\n\r\n");
                    call.write("0\r\n\r\n");
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()));
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<String>>();
            for (int i = 0; i < STREAMS; i++)
                answers.add(clients.submit(() -> {
                    try (var socket = gateway.sent(CALL.replace("||", "|Connection: close||"))) {
                        socket.setSoTimeout(120_000);
                        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                    }
                }));
            for (var answer : answers) {
                var text = answer.get();
                assertEquals(10, text.split("event\n\n", -1).length - 1, text);
                assertTrue(text.endsWith("0\r\n\r\n"), text);
            }
        }
    }

    @Test
    void anUpstreamIsReadNoFasterThanItsClientReads() throws Exception {
        var written = new AtomicLong();
        try (var upstream = new FakeUpstream(call -> {
                    var chunk = new byte[64 * 1024];
                    call.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n");
                    while (true) {
                        call.write(chunk);
                        written.addAndGet(chunk.length);
                    }
                });
                var gateway = TestGateway.serving(anthropic(upstream.url()));
                var client = gateway.sent(CALL)) {
            client.getInputStream().readNBytes(1000);

            // What the two connections hold is the machine's; more than that would be the gateway's.
            var latest = new AtomicLong(-1);
            Eventually.holds(
                    () -> latest.getAndSet(written.get()) == written.get(),
                    Duration.ofMinutes(2),
                    () -> "it goes on: " + written);
            assertEquals(latest.get(), written.get());
            assertTrue(written.get() < 32 << 20, written + " bytes");
        }
    }
}
