package tests.gateway.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.exchange.CallListener;
import lib.gateway.telemetry.Metrics;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import lib.usage.BillingHints;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.usage.Spelling;

/// Tests how a call's usage was obtained: a good answer that reports no usage differs from one that used nothing.
class MeasuredTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String USAGE = "\"usage\":{\"input_tokens\":3,\"output_tokens\":4}";

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPENAI | v1/chat/completions | {\"model\":\"m\"} | 200 | {\"choices\":[]} | UNMEASURED",
                "OPENAI | v1/chat/completions | {} | 200 | {\"choices\":[]} | UNMEASURED",
                "OPENAI | v1/a/new/thing | {\"model\":\"m\"} | 200 | {} | UNMEASURED",
                "OPENAI | v1/a/new/thing | {} | 200 | {} | MEASURED",
                "OPENAI | v1/images/generations | {\"model\":\"m\"} | 200 | {\"data\":[]} | UNMEASURED",
                "OPENAI | v1/audio/transcriptions | {} | 200 | {\"text\":\"hi\","
                        + "\"usage\":{\"type\":\"duration\",\"seconds\":12}} | UNMEASURED",
                "OPENAI | v1/embeddings | {\"model\":\"m\"} | 200 | {\"usage\":{\"total_tokens\":8}} | MEASURED",
                "OPENAI | v1/moderations | {\"model\":\"m\"} | 200 | {} | MEASURED",
                "OPENAI | v1/files | {} | 200 | {} | MEASURED",
                "OPENAI | v1/batches | {\"model\":\"m\"} | 200 | {} | MEASURED",
                "OPENAI | v1/responses/input_tokens | {\"model\":\"m\"} | 200 | {\"input_tokens\":9} | MEASURED",
                "OPENAI | v1/chat/completions | {\"model\":\"m\"} | 400 | {} | MEASURED",
                "OPENAI | v1/chat/completions | {\"model\":\"m\"} | 529 | {} | MEASURED",
                "OPENAI | v1/chat/completions | {\"model\":\"m\"} | 200 | "
                        + "{\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}} | MEASURED",
                "ANTHROPIC | v1/messages | {\"model\":\"m\"} | 200 | {} | UNMEASURED",
                "ANTHROPIC | v1/messages/count_tokens | {\"model\":\"m\"} | 200 | {\"input_tokens\":9} | MEASURED",
                "ANTHROPIC | v1/messages/batches | {} | 200 | {} | MEASURED",
                "GOOGLE | v1beta/models/m:generateContent | {} | 200 | {} | UNMEASURED",
                "GOOGLE | v1beta/models/m:countTokens | {} | 200 | {\"totalTokens\":9} | MEASURED",
                "BEDROCK | model/m/converse | {} | 200 | {} | UNMEASURED",
                "BEDROCK | model/m/count-tokens | {} | 200 | {\"inputTokens\":9} | MEASURED"
            })
    void anAnswerWithoutUsageIsUnmeasuredUnlessItIsKnownToBeFree(
            String type, String path, String request, int status, String answer, Measured measured) throws Exception {
        try (var upstream = saying(status, "application/json", _ -> answer);
                var gateway = metered(type, upstream.url())) {
            gateway.send(gateway.request("it/" + path)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(request)));

            assertEquals(measured, next().measured());
        }
    }

    @Test
    void aStreamWithoutItsLastEventIsEstimatedFromItsText() throws Exception {
        var cut = "event: message_start\ndata: {\"type\":\"message_start\","
                + "\"message\":{\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n"
                + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\","
                + "\"delta\":{\"type\":\"text_delta\",\"text\":\""
                + "word ".repeat(40) + "\"}}\n\n";
        try (var upstream = saying(200, "text/event-stream", _ -> cut);
                var gateway = metered("ANTHROPIC", upstream.url())) {
            gateway.send(gateway.request("it/v1/messages").POST(BodyPublishers.ofString("{\"model\":\"m\"}")));

            var call = next();
            assertEquals(Measured.ESTIMATED, call.measured());
            assertEquals(new Usage(7, 50, 0, 0, 0, 0), call.usage());
        }
    }

    @Test
    void aClientThatLeavesAfterTheLastEventIsMeasuredInFull() throws Exception {
        var all = "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":7,"
                + "\"output_tokens\":1}}}\n\n"
                + "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"" + "word ".repeat(100)
                + "\"}}\n\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":9}}\n\n";
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100000\r\n\r\n"
                            + all);
                    call.awaitHangUp();
                });
                var gateway = metered("ANTHROPIC", upstream.url())) {
            try (var answer = gateway.stream(gateway.request("it/v1/messages").POST(BodyPublishers.ofString("{}")))
                    .body()) {
                answer.readNBytes(all.length());
            }

            var call = next();
            assertEquals(Measured.MEASURED, call.measured());
            assertEquals(new Usage(7, 9, 0, 0, 0, 0), call.usage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"model\":\"answered\",\"service_tier\":\"flex\"," + USAGE + "} | answered | flex | - | - | 0",
                "{\"model\":\"a\\/b\",\"usage\":{\"input_tokens\":3,\"output_tokens\":4,"
                        + "\"service_tier\":\"priority\",\"speed\":\"fast\",\"inference_geo\":\"us\"}} | a/b | "
                        + "priority | fast | us | 0",
                "{\"serviceTier\":{\"type\":\"flex\"},\"performanceConfig\":{\"latency\":\"optimized\"},"
                        + "\"usage\":{\"inputTokens\":3,\"outputTokens\":4}} | - | flex | optimized | - | 0",
                "{\"usage\":{\"input_tokens\":3,\"output_tokens\":4,"
                        + "\"input_tokens_details\":{\"image_tokens\":2}}} | - | - | - | - | 2",
                "{\"modelVersion\":\"g\",\"usageMetadata\":{\"promptTokenCount\":3,"
                        + "\"candidatesTokenCount\":4,\"promptTokensDetails\":[{\"modality\":\"TEXT\","
                        + "\"tokenCount\":1},{\"tokenCount\":2,\"modality\":\"AUDIO\"}]}} | g | - | - | - | 2",
                "{\"model\":\"e\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1,"
                        + "\"iterations\":[{\"type\":\"message\",\"model\":\"e\",\"input_tokens\":1,"
                        + "\"output_tokens\":1},{\"type\":\"advisor_message\",\"model\":\"a\",\"input_tokens\":2,"
                        + "\"output_tokens\":3}]}} | e | - | - | - | 1",
                "{\"model\":\"e\",\"usage\":{\"input_tokens\":3,\"output_tokens\":4,"
                        + "\"iterations\":[{\"type\":\"message\",\"model\":\"e\",\"input_tokens\":3,"
                        + "\"output_tokens\":4}]}} | e | - | - | - | 0",
                "{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,"
                        + "\"completion_tokens_details\":{\"audio_tokens\":4}}} | - | - | - | - | 4"
            })
    void theBillingHintsOfAnAnswerAreReported(
            String answer, String model, String tier, String speed, String region, long media) throws Exception {
        try (var upstream = saying(200, "application/json", _ -> answer);
                var gateway = metered("OPENAI", upstream.url())) {
            gateway.post("it/v1/responses", "{\"model\":\"asked\"}");

            var call = next();
            assertEquals("asked", call.model());
            assertEquals(new Usage(3, 4, 0, 0, 0, 0), call.usage());
            assertEquals(
                    new BillingHints(orEmpty(model), orEmpty(tier), orEmpty(speed), orEmpty(region), false, media),
                    call.terms());
        }
    }

    @Test
    void aBackgroundResponseIsCountedWhenItsResultIsFetchedAndOnlyOnce() throws Exception {
        try (var upstream = saying(
                        200,
                        "application/json",
                        call -> call.line().startsWith("POST")
                                ? "{\"id\":\"resp_1\",\"background\":true,\"status\":\"queued\","
                                        + "\"model\":\"m-1\",\"usage\":null}"
                                : "{\"id\":\"resp_1\",\"background\":true,\"status\":\"completed\",\"model\":\"m-1\","
                                        + USAGE + "}");
                var gateway = metered("OPENAI", upstream.url())) {
            gateway.post("it/v1/responses", "{\"model\":\"m\",\"background\":true}");
            assertEquals(Measured.MEASURED, next().measured());
            for (int i = 0; i < 3; i++)
                gateway.send(gateway.request("it/v1/responses/resp_1").GET());

            var fetched = next();
            assertEquals(new Usage(3, 4, 0, 0, 0, 0), fetched.usage());
            assertEquals("m-1", fetched.model());
            assertNothingMore(gateway);
        }
    }

    @Test
    void aResponseThatWasCountedAtOnceIsNotCountedWhenItIsFetched() throws Exception {
        try (var upstream = saying(
                        200,
                        "application/json",
                        _ -> "{\"id\":\"resp_1\",\"background\":false,\"status\":\"completed\"," + USAGE + "}");
                var gateway = metered("OPENAI", upstream.url())) {
            gateway.post("it/v1/responses", "{\"model\":\"m\"}");
            assertEquals(7, next().usage().total());
            gateway.send(gateway.request("it/v1/responses/resp_1").GET());

            assertNothingMore(gateway);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ANTHROPIC | v1/messages/batches/b_1/results | {\"custom_id\":\"%d\","
                        + "\"result\":{\"type\":\"succeeded\",\"message\":{\"model\":\"m-%d\","
                        + "\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}}}",
                "OPENAI | v1/files/f_1/content | {\"custom_id\":\"%d\",\"response\":{\"status_code\":200,"
                        + "\"body\":{\"model\":\"m-%d\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,"
                        + "\"total_tokens\":7}}}}"
            })
    void eachResultOfABatchIsCountedAndOnlyOnce(String type, String path, String line) throws Exception {
        var lines = line.formatted(1, 1) + "\n{\"custom_id\":\"2\",\"result\":{\"type\":\"errored\"}}\n"
                + line.formatted(3, 3) + "\n";
        try (var upstream = saying(200, "application/octet-stream", _ -> lines);
                var gateway = metered(type, upstream.url())) {
            for (int i = 0; i < 2; i++)
                gateway.send(gateway.request("it/" + path).GET());

            for (var model : new String[] {"m-1", "m-3"}) {
                var call = next();
                assertEquals(model, call.model());
                assertEquals(new Usage(3, 4, 0, 0, 0, 0), call.usage());
                assertTrue(call.terms().batch());
            }
            assertNothingMore(gateway);
        }
    }

    @Test
    void eachAnswerWithinABatchOfGooglesIsCountedAndOnlyOnce() throws Exception {
        var one = "{\"metadata\":{\"key\":\"k\"},\"response\":{\"modelVersion\":\"g-%d\","
                + "\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"}\"}]}}],"
                + "\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":4,\"totalTokenCount\":7}}}";
        var batch = "{\"name\":\"batches/b\",\"done\":true,\"response\":{\"inlinedResponses\":{\"inlinedResponses\":["
                + one.formatted(1) + "," + one.formatted(2) + "]}}}";
        try (var upstream = saying(200, "application/json", _ -> batch);
                var gateway = metered("GOOGLE", upstream.url())) {
            for (int i = 0; i < 2; i++)
                gateway.send(gateway.request("it/v1beta/batches/b").GET());

            for (var model : new String[] {"g-1", "g-2"}) {
                var call = next();
                assertEquals(model, call.model());
                assertEquals(new Usage(3, 4, 0, 0, 0, 0), call.usage());
            }
            assertNothingMore(gateway);
        }
    }

    /// The provider's type is no matter: a gateway in front of another may have any upstream.
    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, v1/messages",
        "BEDROCK, model/m/converse",
        "GOOGLE, v1beta/models/m:generateContent",
        "OPENAI, v1/chat/completions",
        "OPENAI_COMPATIBLE, v1/chat/completions"
    })
    void everySpellingIsReadFromEveryType(String type, String path) throws Exception {
        for (var spelling : Spelling.values()) {
            try (var upstream = saying(
                            200,
                            "application/json",
                            _ -> Spelling.answer(Spelling.USED, spelling)
                                    .orElseThrow()
                                    .toString());
                    var gateway = metered(type, upstream.url())) {
                gateway.post("it/" + path, "{\"model\":\"m\"}");

                assertEquals(spelling.meant(Spelling.USED), next().usage(), spelling.name());
            }
        }
    }

    @Test
    void theMetricsCountUnmeasuredCalls() throws Exception {
        var metrics = new Metrics();
        try (var upstream = saying(200, "application/json", _ -> "{}");
                var gateway = TestGateway.with(
                        config -> config.withCallListener(new CallListener(metrics::call, () -> NOW))
                                .withCallListener(new CallListener(calls::add, () -> NOW)),
                        provider("OPENAI", upstream.url()))) {
            gateway.post("it/v1/chat/completions", "{\"model\":\"m\"}");
            next();

            assertTrue(
                    metrics.text(() -> 0).contains("\nrpkai_unmeasured_calls_total{provider=\"it\"} 1\n"),
                    () -> metrics.text(() -> 0));
        }
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /// Another call would have been told before this one.
    private void assertNothingMore(TestGateway gateway) throws Exception {
        gateway.post("it/v1/last", "{\"model\":\"the last\"}");
        assertEquals("the last", next().model());
    }

    private Call next() throws InterruptedException {
        var call = calls.poll(2, TimeUnit.MINUTES);
        assertTrue(call != null, "no call was told");
        return call;
    }

    private TestGateway metered(String type, URI upstream) {
        return TestGateway.with(
                config -> config.withCallListener(new CallListener(calls::add, () -> NOW)), provider(type, upstream));
    }

    private static HostedProvider provider(String type, URI upstream) {
        return new HostedProvider(
                TestGateway.provider("it", ProviderType.of("LLM_PROVIDER_TYPE_" + type)),
                new Upstream.Remote(upstream, new UpstreamAuth.Key("Authorization", "Bearer ", new Secret("k"))));
    }

    private static FakeUpstream saying(int status, String contentType, Function<FakeUpstream.Call, String> answer)
            throws IOException {
        return new FakeUpstream(call -> {
            var body = answer.apply(call);
            call.write("HTTP/1.1 " + status + " X\r\nConnection: close\r\nContent-Type: " + contentType
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        });
    }
}
