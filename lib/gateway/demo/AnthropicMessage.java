package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// A demo reply in the two forms in which Anthropic's API sends one: a message, and a stream of events.
///
/// @param model the name of the model that the message claims to be from
/// @param inputTokens the number of tokens in the request
/// @param reply the text and the tool call of the message
/// @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/streaming">Streaming messages</a>
record AnthropicMessage(String model, int inputTokens, DemoReply reply) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Returns the whole message.
    ObjectNode message() {
        var message = envelope();
        var content = message.putArray("content");
        if (!reply.text().isEmpty() || reply.call().isEmpty()) content.add(textBlock(reply.text()));
        reply.call().ifPresent(call -> content.add(toolBlock(call, call.input())));
        message.put("stop_reason", reply.stopReason()).putNull("stop_sequence");
        message.set("usage", usage(reply.outputTokens()));
        return message;
    }

    /// Returns the same message as a stream of events.
    List<ObjectNode> events() {
        var events = new ArrayList<ObjectNode>();
        var opening = envelope();
        opening.putArray("content");
        opening.putNull("stop_reason").putNull("stop_sequence").set("usage", usage(1));
        events.add(event("message_start").<ObjectNode>set("message", opening));
        events.add(event("ping"));
        var index = 0;
        if (!reply.text().isEmpty() || reply.call().isEmpty()) {
            block(events, index++, textBlock(""), "text_delta", "text", reply.text());
        }
        if (reply.call().isPresent()) {
            var call = reply.call().get();
            block(
                    events,
                    index,
                    toolBlock(call, NODES.objectNode()),
                    "input_json_delta",
                    "partial_json",
                    call.input().toString());
        }
        var end = event("message_delta");
        end.putObject("delta").put("stop_reason", reply.stopReason()).putNull("stop_sequence");
        end.set("usage", usage(reply.outputTokens()));
        events.add(end);
        events.add(event("message_stop"));
        return events;
    }

    private static void block(
            List<ObjectNode> events, int index, JsonNode start, String deltaType, String field, String content) {
        events.add(event("content_block_start").put("index", index).<ObjectNode>set("content_block", start));
        for (var piece : DemoModel.pieces(content)) {
            var delta = event("content_block_delta").put("index", index);
            delta.putObject("delta").put("type", deltaType).put(field, piece);
            events.add(delta);
        }
        events.add(event("content_block_stop").put("index", index));
    }

    private ObjectNode envelope() {
        return NODES.objectNode()
                .put("id", DemoModel.id("msg_"))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
    }

    private ObjectNode usage(int outputTokens) {
        return NODES.objectNode()
                .put("input_tokens", inputTokens)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", outputTokens);
    }

    private static ObjectNode textBlock(String text) {
        return NODES.objectNode().put("type", "text").put("text", text);
    }

    private static ObjectNode toolBlock(DemoReply.Call call, JsonNode input) {
        return NODES.objectNode()
                .put("type", "tool_use")
                .put("id", DemoModel.id("toolu_"))
                .put("name", call.name())
                .set("input", input);
    }

    private static ObjectNode event(String type) {
        return NODES.objectNode().put("type", type);
    }
}
