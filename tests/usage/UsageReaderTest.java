package tests.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import lib.usage.Usage;
import lib.usage.extract.UsageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/// Usage, read from answers as the upstreams document them.
class UsageReaderTest {
    private static final String SSE = "text/event-stream; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String FRAMES = "application/vnd.amazon.eventstream";
    private static final String CLAUDE_START = """
            {"type":"message_start","message":{"id":"msg_1","model":"claude-x","content":[],\
            "usage":{"input_tokens":25,"cache_creation_input_tokens":300,\
            "cache_read_input_tokens":900,"cache_creation":{"ephemeral_5m_input_tokens":100,\
            "ephemeral_1h_input_tokens":200},"output_tokens":1}}}""";
    private static final String CLAUDE_END = """
            {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":42}}""";
    private static final String RESPONSE = """
            {"type":"response.completed","response":{"id":"r","usage":{"input_tokens":1000,\
            "input_tokens_details":{"cached_tokens":700},\
            "output_tokens":50,"output_tokens_details":{"reasoning_tokens":20},"total_tokens":1050}}}""";
    private static final String CHAT = """
            {"id":"c","usage":{"prompt_tokens":80,"completion_tokens":9,"total_tokens":89,\
            "prompt_tokens_details":{"cached_tokens":64},"completion_tokens_details":{"reasoning_tokens":4}}}""";
    private static final String GEMINI = """
            {"candidates":[{"content":{"parts":[{"text":"hi"}]}}],"usageMetadata":{"promptTokenCount":500,\
            "cachedContentTokenCount":400,"candidatesTokenCount":30,"thoughtsTokenCount":12,"totalTokenCount":542}}""";

    enum Case {
        ANTHROPIC(JSON, """
                {"type":"message","content":[{"type":"text","text":"\\"usage\\":{\\"input_tokens\\":9}"}],\
                "usage":{"input_tokens":25,"output_tokens":42,"cache_read_input_tokens":900,\
                "cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":100,\
                "ephemeral_1h_input_tokens":200}}}""", new Usage(25, 42, 900, 100, 200, 0)),
        ANTHROPIC_WITHOUT_SPLIT(JSON, """
                {"usage":{"input_tokens":25,"output_tokens":42,\
                "cache_creation_input_tokens":300}}""", new Usage(25, 42, 0, 300, 0, 0)),
        ANTHROPIC_STREAM(
                SSE,
                events("message_start", CLAUDE_START)
                        + events("ping", "{\"type\":\"ping\"}")
                        + events("message_delta", CLAUDE_END),
                new Usage(25, 42, 900, 100, 200, 0)),
        ANTHROPIC_CUT(
                SSE,
                events("message_start", CLAUDE_START) + "event: content_block_delta\ndata: {\"type\":\"conte",
                new Usage(25, 1, 900, 100, 200, 0)),
        RESPONSES(
                JSON,
                "{\"usage\":{\"input_tokens\":10,\"input_tokens_details\":{\"cached_tokens\":4},\"output_tokens\":5}}",
                new Usage(6, 5, 4, 0, 0, 0)),
        RESPONSES_STREAM(
                SSE,
                events("response.output_text.delta", "{\"delta\":\"a\"}") + events("response.completed", RESPONSE),
                new Usage(300, 50, 700, 0, 0, 20)),
        RESPONSES_THAT_WRITE(
                JSON,
                "{\"usage\":{\"input_tokens\":2600,\"input_tokens_details\":{\"cached_tokens\":2000,"
                        + "\"cache_write_tokens\":400},\"output_tokens\":5}}",
                new Usage(200, 5, 2000, 400, 0, 0)),
        CHAT_THAT_WRITES(
                JSON,
                "{\"usage\":{\"prompt_tokens\":2600,\"prompt_tokens_details\":{\"cached_tokens\":2000,"
                        + "\"cache_write_tokens\":400},\"completion_tokens\":5}}",
                new Usage(200, 5, 2000, 400, 0, 0)),
        CHAT_ANSWER(JSON, CHAT, new Usage(16, 9, 64, 0, 0, 4)),
        CHAT_STREAM(
                SSE,
                "data: {\"choices\":[],\"usage\":null}\r\n\r\ndata: " + CHAT + "\r\n\r\ndata: [DONE]\r\n\r\n",
                new Usage(16, 9, 64, 0, 0, 4)),
        EMBEDDINGS(
                JSON,
                "{\"data\":[{\"embedding\":[-0.25,1.5e-3,7]}],\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}",
                new Usage(8, 0, 0, 0, 0, 0)),
        GOOGLE(JSON, GEMINI, new Usage(100, 42, 400, 0, 0, 12)),
        GOOGLE_STREAM(
                SSE,
                "data: {\"usageMetadata\":{\"promptTokenCount\":500}}\n\ndata: " + GEMINI + "\n\n",
                new Usage(100, 42, 400, 0, 0, 12)),
        GOOGLE_ARRAY(
                JSON,
                "[{\"usageMetadata\":{\"promptTokenCount\":500}},\n" + GEMINI + "]",
                new Usage(100, 42, 400, 0, 0, 12)),
        CONVERSE(
                JSON,
                "{\"output\":{},\"usage\":{\"inputTokens\":30,\"outputTokens\":7,\"totalTokens\":37,"
                        + "\"cacheReadInputTokens\":5,\"cacheWriteInputTokens\":6}}",
                new Usage(30, 7, 5, 6, 0, 0)),
        OF_A_TOOL(
                JSON,
                "{\"content\":[{\"type\":\"tool_use\",\"input\":{\"usage\":{\"input_tokens\":1000000}}}],"
                        + "\"metadata\":{\"usage\":{\"input_tokens\":5}},\"usage\":{\"input_tokens\":3,"
                        + "\"output_tokens\":2}}",
                new Usage(3, 2, 0, 0, 0, 0)),
        COUNTED_ONLY(JSON, "{\"input_tokens\":1000}", Usage.NONE),
        ABSURD(
                JSON,
                "{\"usage\":{\"input_tokens\":-5,\"output_tokens\":99999999999999999999999999}}",
                new Usage(0, 1_000_000_000_000_000L, 0, 0, 0, 0)),
        A_PAGE("text/html", "{\"usage\":{\"input_tokens\":3}}", Usage.NONE);

        private final String type;
        private final byte[] text;
        private final Usage usage;

        Case(String type, String text, Usage usage) {
            this.type = type;
            this.text = text.getBytes(StandardCharsets.UTF_8);
            this.usage = usage;
        }
    }

    private static String events(String event, String data) {
        return "event: " + event + "\ndata: " + data + "\n\n";
    }

    @ParameterizedTest
    @EnumSource
    void everyUpstreamsCountsAreRead(Case it) {
        assertEquals(it.usage, read(it.type, "", it.text, it.text.length));
    }

    @ParameterizedTest
    @EnumSource
    void theUsageIsFoundHoweverTheAnswerIsSplit(Case it) {
        for (int size = 1; size <= 64; size++)
            assertEquals(it.usage, read(it.type, "", it.text, size), "pieces of " + size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096})
    void aPackedAnswerIsUnpacked(int size) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(Case.ANTHROPIC_STREAM.text);
        }

        assertEquals(Case.ANTHROPIC_STREAM.usage, read(SSE, "gzip", packed.toByteArray(), size));
    }

    @Test
    void aPackedAnswerWithEveryHeaderFieldIsUnpacked() throws IOException {
        var plain = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(plain)) {
            gzip.write(Case.CHAT_ANSWER.text);
        }
        var packed = new ByteArrayOutputStream();
        var bytes = plain.toByteArray();
        packed.write(bytes, 0, 3);
        packed.write(2 | 4 | 8 | 16);
        packed.write(bytes, 4, 6);
        packed.writeBytes(new byte[] {3, 0, 9, 9, 9});
        packed.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        packed.writeBytes(new byte[] {1, 2});
        packed.write(bytes, 10, bytes.length - 10);

        assertEquals(Case.CHAT_ANSWER.usage, read(JSON, "gzip", packed.toByteArray(), 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 100, 100_000})
    void anInvocationsFramesCarryAnthropicsEvents(int size) {
        var stream = new ByteArrayOutputStream();
        for (var event : new String[] {
            CLAUDE_START,
            CLAUDE_END,
            "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":25,"
                    + "\"outputTokenCount\":42,\"cacheReadInputTokenCount\":900}}"
        }) {
            frame(
                    stream,
                    "chunk",
                    "{\"bytes\":\"" + Base64.getEncoder().encodeToString(event.getBytes(StandardCharsets.UTF_8))
                            + "\",\"p\":\"abc\"}");
        }

        assertEquals(new Usage(25, 42, 900, 100, 200, 0), read(FRAMES, "", stream.toByteArray(), size));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 100, 100_000})
    void conversesFramesCarryItsOwn(int size) {
        var stream = new ByteArrayOutputStream();
        frame(stream, "contentBlockDelta", "{\"delta\":{\"text\":\"hello\"}}");
        frame(
                stream,
                "metadata",
                "{\"usage\":{\"inputTokens\":30,\"outputTokens\":7,\"totalTokens\":37},\"metrics\":{\"latencyMs\":5}}");

        assertEquals(new Usage(30, 7, 0, 0, 0, 0), read(FRAMES, "", stream.toByteArray(), size));
    }

    @Test
    void theMetricsOfAnotherModelsInvocationAreEnough() {
        var stream = new ByteArrayOutputStream();
        frame(
                stream,
                "chunk",
                "{\"bytes\":\""
                        + Base64.getEncoder()
                                .encodeToString(("{\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":8,"
                                                + "\"outputTokenCount\":3}}")
                                        .getBytes(StandardCharsets.UTF_8))
                        + "\"}");

        assertEquals(new Usage(8, 3, 0, 0, 0, 0), read(FRAMES, "", stream.toByteArray(), 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {SSE, JSON, FRAMES})
    void noiseGivesNoUsageAndNoFailure(String type) {
        var random = new Random(7);
        for (int i = 0; i < 200; i++) {
            var noise = new byte[random.nextInt(2000)];
            random.nextBytes(noise);
            assertEquals(Usage.NONE, read(type, i % 2 == 0 ? "" : "gzip", noise, 1 + random.nextInt(64)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096})
    void aGzipOfSeveralMembersIsUnpacked(int size) throws IOException {
        var packed = new ByteArrayOutputStream();
        for (var part : new String(Case.ANTHROPIC_STREAM.text, StandardCharsets.UTF_8).split("(?<=message_)")) {
            var gzip = new GZIPOutputStream(packed);
            gzip.write(part.getBytes(StandardCharsets.UTF_8));
            gzip.finish();
        }

        assertEquals(Case.ANTHROPIC_STREAM.usage, read(SSE, "gzip", packed.toByteArray(), size));
    }

    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "7, false", "7, true", "4096, false", "4096, true"})
    void deflateIsUnpackedInItsOwnFormatAndBare(int size, boolean bare) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var deflate = new DeflaterOutputStream(packed, new Deflater(Deflater.DEFAULT_COMPRESSION, bare))) {
            deflate.write(Case.CHAT_ANSWER.text);
        }

        assertEquals(Case.CHAT_ANSWER.usage, read(JSON, "deflate", packed.toByteArray(), size));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12.0 | 12", "12.5 | 13", "1e2 | 100", "1.2E+1 | 12", "120e-1 | 12", "0.0 | 0",
                        "1e400 | 1000000000000000", "\"12\" | 12", "12.000000000000000000000000 | 12",
                "-12 | 0", "-1.5e3 | 0", "1.2.3 | 0", "12x | 0", "null | 0", "true | 0", "\"x\" | 0", "[12] | 0",
                        "{\"a\":12} | 0"
            })
    void aCountIsReadAsJsonWritesNumbers(String number, long count) {
        var text = "{\"usage\":{\"prompt_tokens\":%s,\"completion_tokens\":3}}"
                .formatted(number)
                .getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= text.length; size++)
            assertEquals(new Usage(count, 3, 0, 0, 0, 0), read(JSON, "", text, size), "in pieces of " + size);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text/plain; charset=utf-8",
                "application/octet-stream",
                "application/json",
                "text/event-stream"
            })
    void theKindOfAnAnswerIsRecognisedByItsFirstByte(String type) {
        var mark = "\ufeff";
        for (var it : new Case[] {Case.CHAT_ANSWER, Case.CHAT_STREAM, Case.ANTHROPIC_STREAM}) {
            var text = (mark + " \n" + new String(it.text, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            for (var size : new int[] {1, 2, 5, 4096})
                assertEquals(it.usage, read(type, "", text, size), it + " in pieces of " + size);
        }
    }

    @Test
    void headersThatAreNotNumbersAreIgnored() {
        try (var reader = UsageReader.of(name -> name.equals("x-amzn-bedrock-input-token-count")
                ? "12, 13"
                : name.equals("x-amzn-bedrock-output-token-count") ? "9".repeat(40) : "")) {
            assertEquals(Usage.NONE, reader.usage());
        }
    }

    @Test
    void aFrameThatClaimsGigabytesMakesNoRoomForThem() {
        assertEquals(Usage.NONE, read(FRAMES, "", new byte[] {127, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3}, 4));
    }

    private static void frame(ByteArrayOutputStream stream, String type, String payload) {
        var headers = new LinkedHashMap<String, HeaderValue>();
        headers.put(":event-type", HeaderValue.fromString(type));
        new Message(headers, payload.getBytes(StandardCharsets.UTF_8)).encode(stream);
    }

    private static Usage read(String type, String encoding, byte[] text, int size) {
        try (var reader = UsageReader.of(
                name -> name.equals("content-type") ? type : name.equals("content-encoding") ? encoding : "")) {
            for (int i = 0; i < text.length; i += size) {
                // Reusing a buffer must not change the values already read.
                var piece = Arrays.copyOfRange(text, i, Math.min(text.length, i + size));
                reader.accept(piece, 0, piece.length);
                Arrays.fill(piece, (byte) '"');
            }
            return reader.usage();
        }
    }
}
