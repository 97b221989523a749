package tests.gateway.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import lib.api.ProviderType;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.exchange.CallListener;
import lib.usage.Call;
import lib.usage.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.gateway.proxy.AllowlistTest;

/// Tests what the gateway reports about the calls it passes on.
class CallMeterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String START = "event: message_start\ndata: {\"type\":\"message_start\","
            + "\"message\":{\"usage\":{\"input_tokens\":7,\"cache_read_input_tokens\":90,"
            + "\"output_tokens\":1}}}\n\n";
    private static final String END =
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":42}}\n\n";

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    @Test
    void aStreamedAnswerIsRecordedWithEverythingThatIsKnownOfIt() throws Exception {
        try (var upstream = streaming(START + END);
                var gateway = metered(TestGateway.anthropic(upstream.url()))) {
            gateway.send(gateway.request("anthropic/v1/messages")
                    .header("User-Agent", "claude-cli/2.1.330 (external, cli)")
                    .header("X-Claude-Code-Session-Id", "s-1")
                    .POST(BodyPublishers.ofString("{\"messages\":[{\"model\":\"not this\"}],\"model\":\"claude-x\"}")));

            var call = next();
            assertEquals(NOW, call.time());
            assertEquals("anthropic", call.provider());
            assertEquals("anthropic", call.type());
            assertEquals("claude-x", call.model());
            assertEquals("user", call.caller());
            assertEquals("claude-code", call.agent());
            assertEquals("s-1", call.session());
            assertEquals(new Usage(7, 42, 90, 0, 0, 0), call.usage());
            assertEquals(200, call.status());
            assertTrue(call.complete());
            assertTrue(call.firstByte().orElseThrow().compareTo(call.latency()) <= 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, gzip, claude-x",
        "x-gzip, gzip, claude-x",
        "deflate, zlib, claude-x",
        "gzip, plain, ''",
        "br, gzip, ''"
    })
    void theModelOfAPackedRequestIsRead(String coding, String format, String model) throws Exception {
        try (var upstream = streaming(START + END);
                var gateway = metered(TestGateway.anthropic(upstream.url()))) {
            gateway.send(gateway.request("anthropic/v1/messages")
                    .header("Content-Encoding", coding)
                    .POST(BodyPublishers.ofByteArray(
                            AllowlistTest.packed(format, "{\"model\":\"claude-x\",\"max_tokens\":1}"))));

            assertEquals(model, next().model());
        }
    }

    @Test
    void aCutAnswerIsRecordedWithTheUsageSoFar() throws Exception {
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100000\r\n\r\n"
                            + START);
                    call.socket().close();
                });
                var gateway = metered(TestGateway.anthropic(upstream.url()))) {
            try {
                gateway.post("anthropic/v1/messages", "{}");
            } catch (java.io.IOException cut) {
                // As it should be.
            }

            var call = next();
            assertEquals(new Usage(7, 1, 90, 0, 0, 0), call.usage());
            assertFalse(call.complete());
        }
    }

    @Test
    void aCallWhoseClientLeavesIsRecordedWithTheUsageSoFar() throws Exception {
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100000\r\n\r\n"
                            + START);
                    call.awaitHangUp();
                });
                var gateway = metered(TestGateway.anthropic(upstream.url()))) {
            try (var answer = gateway.stream(
                            gateway.request("anthropic/v1/messages").POST(BodyPublishers.ofString("{}")))
                    .body()) {
                answer.read();
            }

            var call = next();
            assertEquals(new Usage(7, 1, 90, 0, 0, 0), call.usage());
            assertFalse(call.complete());
        }
    }

    @Test
    void aCompressedAnswerIsReadAndPassedOnUnchanged() throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}".getBytes(StandardCharsets.UTF_8));
        }
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n"
                            + "Content-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n");
                    call.write(packed.toByteArray());
                });
                var gateway = metered(TestGateway.anthropic(upstream.url()))) {
            gateway.send(gateway.request("anthropic/v1/messages")
                    .header("Accept-Encoding", "br, gzip, zstd")
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(new Usage(3, 4, 0, 0, 0, 0), next().usage());
            assertEquals("[gzip]", upstream.received().header("accept-encoding").toString());
        }
    }

    @Test
    void aCallToAMissingUpstreamIsRecordedAsFailed() throws Exception {
        var gone = FakeUpstream.saying("");
        gone.close();
        try (var gateway = metered(TestGateway.anthropic(gone.url()))) {
            gateway.post("anthropic/v1/messages", "{\"model\":\"m\"}");

            var call = next();
            assertEquals(502, call.status());
            assertEquals(Usage.NONE, call.usage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, v1/messages, '{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\","
                + "\"content\":\"hi\"}]}'",
        "ANTHROPIC, v1/messages, '{\"model\":\"m\",\"stream\":true,\"max_tokens\":9,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}'",
        "OPENAI, v1/responses, '{\"model\":\"m\",\"input\":\"hi\"}'",
        "OPENAI, v1/responses, '{\"model\":\"m\",\"input\":\"hi\",\"stream\":true}'",
        "OPENAI, v1/chat/completions, '{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}'",
        "GOOGLE, v1beta/models/m:generateContent, '{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}'",
        "GOOGLE, v1beta/models/m:streamGenerateContent?alt=sse, '{\"contents\":[{\"role\":\"user\","
                + "\"parts\":[{\"text\":\"hi\"}]}]}'",
        "BEDROCK, model/m/converse, '{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}'",
        "BEDROCK, model/m/converse-stream, '{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}'",
        "BEDROCK, model/m/invoke, '{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}'",
        "BEDROCK, model/m/invoke-with-response-stream, '{\"max_tokens\":9,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}'"
    })
    void everyWireIsMetered(String type, String path, String body) throws Exception {
        var provider = TestGateway.demo(ProviderType.of("LLM_PROVIDER_TYPE_" + type));
        try (var gateway = metered(provider)) {
            var answer = gateway.send(gateway.request("demo/" + path)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body)));

            assertEquals(200, answer.statusCode(), answer.body());
            var call = next();
            assertEquals("m", call.model());
            assertTrue(call.isDemo(), call.toString());
            assertTrue(call.usage().input() > 0 && call.usage().output() > 0, call.toString());
        }
    }

    @Test
    void listingModelsIsNotRecordedAsACall() throws Exception {
        try (var gateway = metered(TestGateway.demo())) {
            gateway.send(gateway.request("demo/v1/models").GET());
            gateway.post(
                    "demo/v1/messages",
                    "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

            assertEquals("m", next().model());
            assertTrue(calls.isEmpty());
        }
    }

    private TestGateway metered(HostedProvider provider) {
        return TestGateway.with(config -> config.withCallListener(new CallListener(calls::add, () -> NOW)), provider);
    }

    private Call next() throws InterruptedException {
        var call = calls.poll(2, TimeUnit.MINUTES);
        assertTrue(call != null, "no call was told");
        return call;
    }

    private static FakeUpstream streaming(String events) throws Exception {
        return new FakeUpstream(call ->
                call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\nContent-Length: "
                        + events.length() + "\r\n\r\n" + events));
    }
}
