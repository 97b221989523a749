package tests.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.demo;
import static tests.gateway.TestGateway.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lib.api.ProviderType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.eventstream.Message;
import tests.gateway.TestGateway;

class BedrockDemoTest {
    private static final String MODEL = "demo/model/us.anthropic.claude-opus-5-5-v1%3A0/";
    private static final String HELLO = "{\"anthropic_version\": \"bedrock-2023-05-31\", \"max_tokens\": 100, "
            + "\"messages\": [{\"role\": \"user\", \"content\": \"say hello\"}]}";
    private static final String TOOLS = "\"toolConfig\": {\"tools\": [{\"toolSpec\": {\"name\": \"Bash\"}}]}";

    /// The type and the content of a frame.
    private record Event(String type, JsonNode payload) {}

    @Test
    void aMessageIsAnthropicsWithTheModelOfThePath() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.BEDROCK))) {
            var message = json(gateway.post(MODEL + "invoke", HELLO).body());

            assertEquals(
                    "us.anthropic.claude-opus-5-5-v1:0", message.path("model").asText());
            assertTrue(message.path("content").get(0).path("text").asText().startsWith("Hello!"), message.toString());
        }
    }

    @Test
    void aStreamIsAnthropicsInFramesWithChecksums() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.BEDROCK))) {
            var events = new ArrayList<JsonNode>();
            for (var event : events(gateway, "invoke-with-response-stream", HELLO)) {
                assertEquals("chunk", event.type());
                events.add(
                        TestGateway.JSON.readTree(event.payload().path("bytes").binaryValue()));
            }

            assertEquals("message_start", events.getFirst().path("type").asText());
            assertEquals("message_stop", events.getLast().path("type").asText());
            assertEquals(
                    "Hello! This is rpkai's demo model speaking.",
                    events.stream()
                            .map(event -> event.path("delta").path("text").asText())
                            .collect(Collectors.joining()));
        }
    }

    @Test
    void aConversationIsAnsweredWholeAndInEvents() throws Exception {
        var hello = "{\"messages\": [{\"role\": \"user\", \"content\": [{\"text\": \"say hello\"}]}]}";
        try (var gateway = TestGateway.serving(demo(ProviderType.BEDROCK))) {
            var whole = json(gateway.post(MODEL + "converse", hello).body());
            var events = events(gateway, "converse-stream", hello);

            assertEquals("end_turn", whole.path("stopReason").asText());
            assertEquals(
                    whole.at("/output/message/content/0/text").asText(),
                    events.stream()
                            .map(event ->
                                    event.payload().path("delta").path("text").asText())
                            .collect(Collectors.joining()));
            assertTrue(
                    events.stream()
                            .map(Event::type)
                            .collect(Collectors.joining(" "))
                            .matches("messageStart( contentBlockDelta)+ contentBlockStop messageStop metadata"),
                    events.toString());
            assertEquals(whole.path("usage"), events.getLast().payload().path("usage"));
        }
    }

    @Test
    void aConversationCallsAToolAndReadsItsResult() throws Exception {
        var asked = "{\"role\": \"user\", \"content\": [{\"text\": \"run: ls\"}]}";
        try (var gateway = TestGateway.serving(demo(ProviderType.BEDROCK))) {
            var events = events(gateway, "converse-stream", "{\"messages\": [" + asked + "], " + TOOLS + "}");
            var input = events.stream()
                    .map(event -> event.payload().at("/delta/toolUse/input").asText())
                    .collect(Collectors.joining());
            var result = json(gateway.post(MODEL + "converse", "{\"messages\": [" + asked + """
                    , {"role": "user", "content": [{"toolResult": {"toolUseId": "t", "content": [{"text": \
                    "a.txt"}]}}]}],
                    """ + TOOLS + "}")
                    .body());

            assertEquals("ls", json(input).path("command").asText());
            assertTrue(events.stream()
                    .anyMatch(
                            event -> event.payload().path("stopReason").asText().equals("tool_use")));
            assertTrue(result.at("/output/message/content/0/text").asText().endsWith("a.txt"), result.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoke", "invoke-with-response-stream", "converse", "converse-stream"})
    void aRequestThatTheRealApiRejectsIsRejected(String operation) throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.BEDROCK))) {
            var answer = gateway.post(MODEL + operation, "{}");

            assertEquals(400, answer.statusCode());
            assertEquals(
                    "ValidationException",
                    answer.headers().firstValue("x-amzn-errortype").orElse(""));
        }
    }

    private static List<Event> events(TestGateway gateway, String operation, String body) throws Exception {
        var answer = gateway.stream(gateway.request(MODEL + operation).POST(BodyPublishers.ofString(body)));
        assertEquals(
                "application/vnd.amazon.eventstream",
                answer.headers().firstValue("content-type").orElse(""));
        var bytes = ByteBuffer.wrap(answer.body().readAllBytes());
        var events = new ArrayList<Event>();
        while (bytes.hasRemaining()) {
            // It checks the sums.
            var message = Message.decode(bytes.slice(bytes.position(), bytes.getInt(bytes.position())));
            bytes.position(bytes.position() + bytes.getInt(bytes.position()));
            assertEquals("event", message.getHeaders().get(":message-type").getString());
            events.add(new Event(
                    message.getHeaders().get(":event-type").getString(),
                    TestGateway.JSON.readTree(message.getPayload())));
        }
        return events;
    }
}
