package tests.support.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tests.support.TestJson;

/// Answers of an upstream that speaks OpenAI's Responses API, streamed as that API streams them.
///
///     gateway.handle(ResponsesReplies.upstream(ResponsesReplies.shell("ls"), ResponsesReplies.text("Two files.")));
///
/// @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">Streaming events</a>
public final class ResponsesReplies {

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final Pattern WORDS = Pattern.compile("(?<=\\s)(?=\\S)");

    private ResponsesReplies() {}

    /// A whole upstream: an empty list of models, and these answers in turn, the last one for ever.
    @SafeVarargs
    public static Function<Recorded, Reply> upstream(Function<Recorded, Reply>... answers) {
        var next = new AtomicInteger();
        return answering(call -> answers[Math.min(next.getAndIncrement(), answers.length - 1)].apply(call));
    }

    /// A whole upstream whose every response is this function's.
    public static Function<Recorded, Reply> answering(Function<Recorded, Reply> responses) {
        return call -> switch (call.method() + " " + call.path()) {
            case "POST /v1/responses" -> responses.apply(call);
            case "GET /v1/models" -> Reply.json(200, TestJson.object(Map.of("models", List.of())));
            default -> error(404, "not_found", "no such path: " + call.path());
        };
    }

    /// A text, streamed word by word.
    public static Function<Recorded, Reply> text(String text) {
        return call -> {
            var item = TestJson.object()
                    .put("type", "message")
                    .put("id", id("msg_"))
                    .put("role", "assistant")
                    .put("status", "completed");
            item.putArray("content")
                    .addObject()
                    .put("type", "output_text")
                    .put("text", text)
                    .putArray("annotations");
            return response(
                    call,
                    item,
                    WORDS.splitAsStream(text)
                            .map(word -> TestJson.object()
                                    .put("type", "response.output_text.delta")
                                    .put("item_id", item.path("id").asText())
                                    .put("output_index", 0)
                                    .put("content_index", 0)
                                    .put("delta", word))
                            .toList());
        };
    }

    /// A call of a function.
    public static Function<Recorded, Reply> functionCall(String name, Map<String, ?> arguments) {
        return call -> response(
                call,
                TestJson.object()
                        .put("type", "function_call")
                        .put("id", id("fc_"))
                        .put("call_id", id("call_"))
                        .put("name", name)
                        .put("arguments", TestJson.write(arguments))
                        .put("status", "completed"),
                List.of());
    }

    /// A shell command, by whichever of Codex's tools the request offers: a function, or a script that calls it
    /// (the newer models get one tool of JavaScript, which comes in the input instead of in `tools`).
    public static Function<Recorded, Reply> shell(String command) {
        return call -> {
            if (tools(call).contains("exec_command"))
                return functionCall("exec_command", Map.of("cmd", command)).apply(call);
            var script = "text((await tools.exec_command(" + TestJson.write(Map.of("cmd", command)) + ")).output)";
            return response(
                    call,
                    TestJson.object()
                            .put("type", "custom_tool_call")
                            .put("id", id("ctc_"))
                            .put("call_id", id("call_"))
                            .put("name", "exec")
                            .put("input", script)
                            .put("status", "completed"),
                    List.of());
        };
    }

    /// An error in OpenAI's format.
    public static Reply error(int status, String code, String message) {
        var body = TestJson.object();
        body.putObject("error")
                .put("message", message)
                .put("type", "invalid_request_error")
                .putNull("param")
                .put("code", code);
        return Reply.json(status, body);
    }

    private static List<String> tools(Recorded call) {
        return StreamSupport.stream(call.json().path("tools").spliterator(), false)
                .map(tool -> tool.path("name").asText())
                .toList();
    }

    private static Reply response(Recorded call, ObjectNode item, List<ObjectNode> deltas) {
        var response = TestJson.object()
                .put("id", id("resp_"))
                .put("object", "response")
                .put("created_at", 1_790_000_000)
                .put("model", call.json().path("model").asText());
        var events = new ArrayList<ObjectNode>();
        events.add(TestJson.object()
                .put("type", "response.created")
                .set("response", response.deepCopy().put("status", "in_progress")));
        events.add(TestJson.object()
                .put("type", "response.output_item.added")
                .put("output_index", 0)
                .set("item", item.deepCopy().put("status", "in_progress")));
        events.addAll(deltas);
        events.add(TestJson.object()
                .put("type", "response.output_item.done")
                .put("output_index", 0)
                .set("item", item));
        var completed = response.deepCopy().put("status", "completed");
        completed.putArray("output").add(item);
        var usage = completed
                .putObject("usage")
                .put("input_tokens", 25)
                .put("output_tokens", 12)
                .put("total_tokens", 37);
        usage.putObject("input_tokens_details").put("cached_tokens", 0);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        events.add(TestJson.object().put("type", "response.completed").set("response", completed));
        for (int i = 0; i < events.size(); i++) events.get(i).put("sequence_number", i);
        return Reply.events(events.stream()
                .map(event -> "event: " + event.path("type").asText() + "\ndata: " + TestJson.write(event) + "\n\n")
                .toList());
    }

    private static String id(String prefix) {
        return prefix + COUNTER.incrementAndGet();
    }
}
