package tests.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.demo;
import static tests.gateway.TestGateway.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import lib.api.ProviderType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;

class OpenAiDemoTest {
    /// Requests of Codex 0.169 without its instructions: to a model that it does not know, and to one of its own.
    private static final String CODEX_CONTEXT = """
            {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "run: something"}]},
            {"type": "message", "role": "user", "content": [
                {"type": "input_text", "text": "<environment_context>\\n  <cwd>/work</cwd>\\n</environment_context>"}]},
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "%s"}]}""";
    private static final String EXEC_COMMAND = """
            , "tools": [{"type": "function", "name": "exec_command", "parameters": {}},
                {"type": "namespace", "name": "multi_agent_v1", "tools": []}, {"type": "web_search"}]""";
    private static final String EXEC_INPUT = """
            {"type": "additional_tools", "role": "developer", "tools": [{"type": "namespace", "name": "functions",
                "tools": [{"type": "custom", "name": "exec"}]}]},""";

    @Test
    void aStreamFollowsTheGrammarOfTheRealOne() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var answer =
                    gateway.post("demo/v1/responses", streamed(CODEX_CONTEXT.formatted("Say hello"), EXEC_COMMAND));
            var events = events(answer.body());

            assertEquals(
                    "text/event-stream; charset=utf-8",
                    answer.headers().firstValue("content-type").orElse(""));
            assertTrue(
                    String.join(" ", types(events))
                            .matches("response.created response.in_progress "
                                    + "response.output_item.added response.content_part.added( "
                                    + "response.output_text.delta){2,} "
                                    + "response.output_text.done response.content_part.done "
                                    + "response.output_item.done response.completed"),
                    types(events).toString());
            for (int i = 0; i < events.size(); i++)
                assertEquals(i, events.get(i).path("sequence_number").asInt());
        }
    }

    @Test
    void theDeltasOfAStreamAddUpToTheResponse() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var whole = json(gateway.post("demo/v1/responses", whole(CODEX_CONTEXT.formatted("Say hello"), ""))
                    .body());
            var events = events(gateway.post("demo/v1/responses", streamed(CODEX_CONTEXT.formatted("Say hello"), ""))
                    .body());

            var text = whole.path("output")
                    .get(0)
                    .path("content")
                    .get(0)
                    .path("text")
                    .asText();
            assertEquals("Hello! This is rpkai's demo model speaking.", text);
            assertEquals(text, joined(events, "response.output_text.delta"));
            assertEquals(whole.path("usage"), events.getLast().path("response").path("usage"));
            assertEquals("gpt-x", whole.path("model").asText());
            assertEquals("completed", whole.path("status").asText());
        }
    }

    @Test
    void codexIsDrivenThroughACallOfItsFunction() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var asked = CODEX_CONTEXT.formatted("run: echo \\\"hi\\\"");
            var events = events(gateway.post("demo/v1/responses", streamed(asked, EXEC_COMMAND))
                    .body());
            var call = item(events, "function_call");

            assertEquals("exec_command", call.path("name").asText());
            assertEquals(
                    json("{\"cmd\": \"echo \\\"hi\\\"\"}"),
                    json(call.path("arguments").asText()));
            assertEquals(call.path("arguments").asText(), joined(events, "response.function_call_arguments.delta"));

            var result = json(gateway.post("demo/v1/responses", whole(asked + """
                    , {"type": "function_call", "name": "exec_command", "arguments": "{}", "call_id": "c1"},
                    {"type": "function_call_output", "call_id": "c1", "output":
                        "Chunk ID: a1b2\\nWall time: 0.05 seconds\\nProcess exited with code \
                    0\\nOutput:\\nhi\\n"}""", EXEC_COMMAND))
                    .body());

            assertEquals("The command printed:\n\nhi", text(result));
        }
    }

    @Test
    void codexIsDrivenThroughItsJavaScript() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var asked = EXEC_INPUT + CODEX_CONTEXT.formatted("run: echo hi");
            var events = events(
                    gateway.post("demo/v1/responses", streamed(asked, "")).body());
            var call = item(events, "custom_tool_call");

            assertEquals("exec", call.path("name").asText());
            assertEquals(
                    "text((await tools.exec_command({\"cmd\":\"echo hi\"})).output)",
                    call.path("input").asText());
            assertEquals(call.path("input").asText(), joined(events, "response.custom_tool_call_input.delta"));

            var result = json(
                    gateway.post("demo/v1/responses", whole(asked + """
                    , {"type": "custom_tool_call", "name": "exec", "input": "", "call_id": "c1"},
                    {"type": "custom_tool_call_output", "call_id": "c1", "output": [
                        {"type": "input_text", "text": "Script completed\\nWall time 0.1 seconds\\nOutput:\\n"},
                        {"type": "input_text", "text": "hi\\n"}]}""", "")).body());

            assertEquals("The command printed:\n\nhi", text(result));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shell_command | {\"command\":\"echo hi\"}",
                "shell         | {\"command\":[\"bash\",\"-lc\",\"echo hi\"]}",
                "Bash          | {\"command\":\"echo hi\",\"description\":\"What you asked the demo model to run\"}"
            })
    void theShellToolIsCalledByTheNameTheClientGaveIt(String tool, String arguments) throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var answer =
                    json(gateway.post("demo/v1/responses", """
                    {"model": "gpt-x", "input": "run: echo hi", "tools": [{"type": "function", "name": \
                    "%s"}]}""".formatted(tool)).body());

            assertEquals(tool, answer.path("output").get(1).path("name").asText());
            assertEquals(
                    arguments, answer.path("output").get(1).path("arguments").asText());
        }
    }

    @Test
    void aRequestForJsonIsAnsweredInItsSchema() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var answer = json(gateway.post("demo/v1/responses", whole(CODEX_CONTEXT.formatted("Fix it"), """
                    , "text": {"format": {"type": "json_schema", "name": "x", "schema": {"type": "object",
                        "properties": {"title": {"type": "string"}}}}}"""))
                    .body());

            assertEquals(json("{\"title\": \"Fix it\"}"), json(text(answer)));
        }
    }

    @Test
    void anAnswerThatWasCutIsIncomplete() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var answer = json(gateway.post(
                            "demo/v1/responses",
                            whole(CODEX_CONTEXT.formatted("Say hello"), ", \"max_output_tokens\": 2"))
                    .body());

            assertEquals("incomplete", answer.path("status").asText());
            assertEquals(
                    "max_output_tokens",
                    answer.path("incomplete_details").path("reason").asText());
        }
    }

    @Test
    void aChatIsCompletedWholeAndInChunks() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var whole = json(gateway.post("demo/v1/chat/completions", chat("Say hello", ""))
                    .body());
            var lines = gateway.post(
                            "demo/v1/chat/completions",
                            chat("Say hello", ", \"stream\": true, \"stream_options\": {\"include_usage\": true}"))
                    .body()
                    .split("\n\n");
            var chunks = new ArrayList<JsonNode>();
            for (var line : lines)
                if (!line.equals("data: [DONE]")) chunks.add(json(line.substring("data: ".length())));

            var choice = whole.path("choices").get(0);
            assertEquals("stop", choice.path("finish_reason").asText());
            assertEquals(
                    choice.path("message").path("content").asText(),
                    chunks.stream()
                            .map(chunk -> chunk.at("/choices/0/delta/content").asText())
                            .collect(Collectors.joining()));
            assertEquals(
                    "stop",
                    chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText());
            assertEquals(whole.path("usage"), chunks.getLast().path("usage"));
            assertEquals("data: [DONE]", lines[lines.length - 1]);
        }
    }

    @Test
    void aChatCallsAToolAndReadsItsResult() throws Exception {
        var bash = ", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"Bash\"}}]";
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var call = json(gateway.post("demo/v1/chat/completions", chat("run: ls", bash))
                            .body())
                    .path("choices")
                    .get(0);
            var result = json(gateway.post("demo/v1/chat/completions", """
                    {"model": "gpt-x", "messages": [{"role": "user", "content": "run: ls"},
                     {"role": "assistant", "tool_calls": []}, {"role": "tool", "content": "a.txt"}]}""").body());

            assertEquals("tool_calls", call.path("finish_reason").asText());
            assertEquals(
                    "ls",
                    json(call.at("/message/tool_calls/0/function/arguments").asText())
                            .path("command")
                            .asText());
            assertTrue(result.at("/choices/0/message/content").asText().endsWith("a.txt"), result.toString());
        }
    }

    @Test
    void modelsAreListedForOpenAisClientsAndForCodex() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI, "gpt-a", "gpt-b"))) {
            var models = json(gateway.send(gateway.request("demo/v1/models?client_version=0.169.0"))
                    .body());

            assertEquals(List.of("gpt-a", "gpt-b"), models.path("data").findValuesAsText("id"));
            assertTrue(models.path("models").isArray());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"model\": \"x\"}", "{\"input\": \"x\"}", "{\"model\": \"x\", \"input\": []}"})
    void aRequestThatTheRealApiRejectsIsRejected(String body) throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.OPENAI))) {
            var answer = gateway.post("demo/v1/responses", body);

            assertEquals(400, answer.statusCode());
            assertEquals(
                    "invalid_request_error",
                    json(answer.body()).path("error").path("code").asText());
        }
    }

    private static String whole(String input, String more) {
        return "{\"model\": \"gpt-x\", \"input\": [" + input + "]" + more + "}";
    }

    private static String streamed(String input, String more) {
        return whole(input, more + ", \"stream\": true");
    }

    private static String chat(String said, String more) {
        return "{\"model\": \"gpt-x\", \"messages\": [{\"role\": \"user\", \"content\": \"" + said + "\"}]" + more
                + "}";
    }

    private static List<JsonNode> events(String stream) throws Exception {
        var events = new ArrayList<JsonNode>();
        for (var event : stream.split("\n\n")) {
            var lines = event.split("\n");
            var data = json(lines[1].substring("data: ".length()));
            assertEquals(
                    List.of("event: " + data.path("type").asText()),
                    Arrays.asList(lines).subList(0, 1));
            events.add(data);
        }
        return events;
    }

    private static JsonNode item(List<JsonNode> events, String type) {
        return events.stream()
                .filter(event -> event.path("type").asText().equals("response.output_item.done"))
                .map(event -> event.path("item"))
                .filter(item -> item.path("type").asText().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    private static String joined(List<JsonNode> events, String type) {
        return events.stream()
                .filter(event -> event.path("type").asText().equals(type))
                .map(event -> event.path("delta").asText())
                .collect(Collectors.joining());
    }

    private static String text(JsonNode response) {
        return response.path("output")
                .get(0)
                .path("content")
                .get(0)
                .path("text")
                .asText();
    }
}
