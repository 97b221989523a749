package tests.support.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import tests.support.TestJson;
import tests.support.gateway.FakeUsage;

/// One message of the Anthropic API, as a JSON body or as the events that stream it.
///
/// @see <a href="https://docs.claude.com/en/docs/build-with-claude/streaming">Streaming messages</a>
record AnthropicReply(String model, List<ObjectNode> content, String stopReason, FakeUsage usage) {

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final Pattern WORDS = Pattern.compile("(?<=\\s)(?=\\S)");
    private static final Pattern SLICES = Pattern.compile("(?s)(?<=\\G.{8})");

    static ObjectNode textBlock(String text) {
        return TestJson.object().put("type", "text").put("text", text);
    }

    static ObjectNode toolBlock(String name, JsonNode input) {
        var block = TestJson.object()
                .put("type", "tool_use")
                .put("id", "toolu_" + COUNTER.incrementAndGet())
                .put("name", name);
        return block.set("input", input);
    }

    Reply reply(boolean stream) {
        return (stream ? Reply.events(events()) : Reply.json(200, body())).header("request-id", id("req_"));
    }

    private ObjectNode body() {
        var body = envelope();
        body.putArray("content").addAll(content);
        return body.put("stop_reason", stopReason).putNull("stop_sequence").set("usage", usage(usage.output()));
    }

    private List<String> events() {
        var events = new ArrayList<String>();
        var message = envelope();
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence").set("usage", usage(1));
        events.add(event(TestJson.object().put("type", "message_start").set("message", message)));
        for (var index = 0; index < content.size(); index++) {
            addBlock(events, index);
        }
        var end = TestJson.object().put("type", "message_delta");
        end.putObject("delta").put("stop_reason", stopReason).putNull("stop_sequence");
        events.add(event(end.set("usage", usage(usage.output()))));
        events.add(event(TestJson.object().put("type", "message_stop")));
        return events;
    }

    private void addBlock(List<String> events, int index) {
        var block = content.get(index);
        var tool = block.path("type").asText().equals("tool_use");
        var empty = block.deepCopy();
        if (tool) {
            empty.putObject("input");
        } else {
            empty.put("text", "");
        }
        var start = TestJson.object().put("type", "content_block_start").put("index", index);
        events.add(event(start.set("content_block", empty)));
        if (index == 0) {
            events.add(event(TestJson.object().put("type", "ping")));
        }
        var pieces = tool
                ? SLICES.split(TestJson.write(block.path("input")))
                : WORDS.split(block.path("text").asText());
        for (var piece : pieces) {
            var delta = TestJson.object().put("type", "content_block_delta").put("index", index);
            delta.putObject("delta")
                    .put("type", tool ? "input_json_delta" : "text_delta")
                    .put(tool ? "partial_json" : "text", piece);
            events.add(event(delta));
        }
        events.add(event(TestJson.object().put("type", "content_block_stop").put("index", index)));
    }

    private ObjectNode envelope() {
        return TestJson.object()
                .put("id", id("msg_"))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
    }

    private ObjectNode usage(int output) {
        var shown = TestJson.object()
                .put("input_tokens", usage.input())
                .put("cache_creation_input_tokens", usage.cacheWrite5m() + usage.cacheWrite1h())
                .put("cache_read_input_tokens", usage.cacheRead());
        shown.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", usage.cacheWrite5m())
                .put("ephemeral_1h_input_tokens", usage.cacheWrite1h());
        return shown.put("output_tokens", output).put("service_tier", "standard");
    }

    static String event(ObjectNode data) {
        return "event: " + data.path("type").asText() + "\ndata: " + TestJson.write(data) + "\n\n";
    }

    private static String id(String prefix) {
        return prefix + COUNTER.incrementAndGet();
    }
}
