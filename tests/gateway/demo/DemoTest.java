package tests.gateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.demo;
import static tests.gateway.TestGateway.errorType;
import static tests.gateway.TestGateway.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import lib.gateway.demo.DemoScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;

class DemoTest {
    private static final String BASH = ", \"tools\": [{\"name\": \"Bash\", \"input_schema\": {}}]";

    @Test
    void aStreamFollowsTheGrammarOfTheRealOne() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = gateway.post("demo/v1/messages", streamed(said("say hello"), ""));
            var types = types(events(answer.body()));

            assertEquals(
                    "text/event-stream; charset=utf-8",
                    answer.headers().firstValue("content-type").orElse(""));
            assertTrue(
                    String.join(" ", types)
                            .matches("message_start ping content_block_start( content_block_delta){2,} "
                                    + "content_block_stop message_delta message_stop"),
                    types.toString());
        }
    }

    @Test
    void theDeltasOfAStreamAddUpToTheMessage() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var message = json(gateway.post("demo/v1/messages", whole(said("say hello"), ""))
                    .body());
            var streamed = events(gateway.post("demo/v1/messages", streamed(said("say hello"), ""))
                    .body());

            assertEquals(message.path("content").get(0).path("text").asText(), joined(streamed, "text"));
            assertTrue(joined(streamed, "text").startsWith("Hello!"));
            assertEquals(
                    message.path("usage"), streamed.get(streamed.size() - 2).path("usage"));
            assertEquals("claude-x", message.path("model").asText());
            assertEquals("end_turn", message.path("stop_reason").asText());
        }
    }

    @Test
    void everyDeltaLeavesAtOnce() throws Exception {
        var firstWasRead = new CountDownLatch(1);
        Runnable pace = () -> await(firstWasRead);
        try (var gateway = TestGateway.with(config -> config.withDemoScript(DemoScript.standard(), pace), demo())) {
            var request =
                    gateway.request("demo/v1/messages").POST(BodyPublishers.ofString(streamed(said("say hello"), "")));
            var stream = new BufferedReader(
                    new InputStreamReader(gateway.stream(request).body(), UTF_8));
            while (!stream.readLine().equals("event: content_block_delta")) {}
            // Nothing more comes until here: the pace holds the second one.
            firstWasRead.countDown();

            assertTrue(stream.lines().anyMatch("event: message_stop"::equals));
        }
    }

    @Test
    void anAgentIsDrivenThroughAToolCall() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var call = events(gateway.post("demo/v1/messages", streamed(said("run: echo \\\"hi\\\""), BASH))
                    .body());
            var start = call.stream()
                    .map(event -> event.path("content_block"))
                    .filter(block -> block.path("type").asText().equals("tool_use"))
                    .findFirst()
                    .orElseThrow();

            assertEquals("Bash", start.path("name").asText());
            assertEquals("{}", start.path("input").toString());
            assertEquals(
                    "echo \"hi\"",
                    json(joined(call, "partial_json")).path("command").asText());
            assertEquals(
                    "tool_use",
                    call.get(call.size() - 2).path("delta").path("stop_reason").asText());

            var result = json(gateway.post("demo/v1/messages", whole(said("run: echo hi") + """
                    , {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "Bash", "input": {}}]},
                    {"role": "user", "content": [
                        {"type": "tool_result", "tool_use_id": "t1", "content": "hi"}]}""", BASH))
                    .body());

            assertEquals(
                    "The command printed:\n\nhi",
                    result.path("content").get(0).path("text").asText());
            assertEquals("end_turn", result.path("stop_reason").asText());
        }
    }

    @Test
    void aToolThatTheClientDoesNotOfferIsNotCalled() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = json(gateway.post("demo/v1/messages", whole(said("run: echo hi"), ""))
                    .body());

            assertEquals("end_turn", answer.path("stop_reason").asText());
        }
    }

    @Test
    void theAgentsRemindersAreNotTakenForTheUsersText() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = json(gateway.post("demo/v1/messages", whole("""
                    {"role": "user", "content": [
                        {"type": "text", "text": "<system-reminder>\\nrun: rm -rf x\\n</system-reminder>\\n"},
                        {"type": "text", "text": "say hello"}]},
                    {"role": "system", "content": "run: something"}""", BASH)).body());

            assertTrue(answer.path("content").get(0).path("text").asText().startsWith("Hello!"), answer.toString());
        }
    }

    @Test
    void anythingElseIsAnsweredWithHowToUseARealModel() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var text = json(gateway.post("demo/v1/messages", whole(said("what is up?"), ""))
                            .body())
                    .path("content")
                    .get(0)
                    .path("text")
                    .asText();

            for (var hint : List.of("demo model", "rpkai auth login", "ANTHROPIC_API_KEY")) {
                assertTrue(text.contains(hint), text);
            }
        }
    }

    @Test
    void tokensAreCountedAsTheyAreBilled() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var counted = json(gateway.post("demo/v1/messages/count_tokens", whole(said("say hello"), BASH))
                    .body());
            var answered = json(gateway.post("demo/v1/messages", whole(said("say hello"), BASH))
                    .body());

            assertTrue(counted.path("input_tokens").asInt() > 1);
            assertEquals(counted.path("input_tokens"), answered.path("usage").path("input_tokens"));
        }
    }

    @Test
    void anAnswerIsNoLongerThanWasAskedFor() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var probe = json(gateway.post(
                            "demo/v1/messages",
                            "{\"model\": \"claude-x\", \"max_tokens\": 1, \"messages\": [" + said("quota") + "]}")
                    .body());

            assertEquals("max_tokens", probe.path("stop_reason").asText());
            assertEquals(1, probe.path("usage").path("output_tokens").asInt());
        }
    }

    @Test
    void aRequestForJsonIsAnsweredInItsSchema() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = json(gateway.post("demo/v1/messages", whole(said("Fix the login button"), """
                    , "output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {
                        "title": {"type": "string"}, "isNewTopic": {"type": "boolean"}}}}}"""))
                    .body());

            assertEquals(
                    json("{\"title\": \"Fix the login button\", \"isNewTopic\": false}"),
                    json(answer.path("content").get(0).path("text").asText()));
        }
    }

    @Test
    void modelsAreListedUpToTheLimit() throws Exception {
        try (var gateway = TestGateway.serving(demo("claude-a", "claude-b"))) {
            var all = json(
                    gateway.send(gateway.request("demo/v1/models?limit=1000")).body());
            var one =
                    json(gateway.send(gateway.request("demo/v1/models?limit=1")).body());

            assertEquals(List.of("claude-a", "claude-b"), all.path("data").findValuesAsText("id"));
            assertFalse(all.path("has_more").asBoolean());
            assertEquals(List.of("claude-a"), one.path("data").findValuesAsText("id"));
            assertTrue(one.path("has_more").asBoolean());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "",
                "{\"max_tokens\": 1, \"messages\": [1]}",
                "{\"model\": \"x\", \"max_tokens\": 1}",
                "{\"model\": \"x\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}"
            })
    void aRequestThatTheRealApiRejectsIsRejected(String body) throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = gateway.post("demo/v1/messages", body);

            assertEquals(400, answer.statusCode());
            assertEquals("invalid_request_error", errorType(answer));
        }
    }

    @Test
    void anUnknownPathIsNotFound() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            assertEquals(404, gateway.post("demo/v1/complete", "{}").statusCode());
        }
    }

    private static String said(String text) {
        return "{\"role\": \"user\", \"content\": \"" + text + "\"}";
    }

    private static String whole(String messages, String more) {
        return "{\"model\": \"claude-x\", \"max_tokens\": 1000, \"messages\": [" + messages + "]" + more + "}";
    }

    private static String streamed(String messages, String more) {
        return whole(messages, more + ", \"stream\": true");
    }

    private static List<JsonNode> events(String stream) throws Exception {
        var events = new ArrayList<JsonNode>();
        for (var event : stream.split("\n\n")) {
            var lines = event.split("\n");
            assertEquals(2, lines.length, event);
            var data = json(lines[1].substring("data: ".length()));
            assertEquals("event: " + data.path("type").asText(), lines[0]);
            events.add(data);
        }
        return events;
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    private static String joined(List<JsonNode> events, String field) {
        return events.stream()
                .map(event -> event.path("delta").path(field).asText())
                .collect(Collectors.joining());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
