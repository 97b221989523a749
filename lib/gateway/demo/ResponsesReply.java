package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// A demo reply in the two forms of OpenAI's Responses API: a response, and a stream of events.
///
/// @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">Streaming events</a>
final class ResponsesReply {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ResponsesRequest request;
    private final DemoReply reply;
    private final ObjectNode envelope;
    private final List<ObjectNode> items = new ArrayList<>();
    private final List<ObjectNode> events = new ArrayList<>();

    ResponsesReply(ResponsesRequest request, DemoReply reply) {
        this.request = request;
        this.reply = reply;
        this.envelope = NODES.objectNode()
                .put("id", DemoModel.id("resp_"))
                .put("object", "response")
                .put("created_at", DemoModel.CREATED)
                .put("model", request.demo().model())
                .putNull("error")
                .putNull("incomplete_details")
                .putNull("instructions")
                .put("parallel_tool_calls", false)
                .put("store", false)
                .put("tool_choice", "auto");
        envelope.putArray("tools");
        if (!reply.text().isEmpty() || reply.call().isEmpty()) items.add(message(reply.text()));
        reply.call().map(request::translated).map(ResponsesReply::call).ifPresent(items::add);
    }

    /// Returns the whole response.
    ObjectNode response() {
        var cut = reply.stopReason().equals("max_tokens");
        var response = envelope.deepCopy().put("status", cut ? "incomplete" : "completed");
        if (cut) response.putObject("incomplete_details").put("reason", "max_output_tokens");
        response.putArray("output").addAll(items);
        var input = request.demo().inputTokens();
        var usage = response.putObject("usage")
                .put("input_tokens", input)
                .put("output_tokens", reply.outputTokens())
                .put("total_tokens", input + reply.outputTokens());
        usage.putObject("input_tokens_details").put("cached_tokens", 0);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        return response;
    }

    /// Returns the same response as a stream of events.
    List<ObjectNode> events() {
        var begun = envelope.deepCopy().put("status", "in_progress").putNull("usage");
        begun.putArray("output");
        event("response.created").set("response", begun);
        event("response.in_progress").set("response", begun);
        for (int i = 0; i < items.size(); i++) item(i, items.get(i));
        var response = response();
        event("response." + response.path("status").asText()).set("response", response);
        return events;
    }

    private void item(int index, ObjectNode item) {
        var begun = item.deepCopy().put("status", "in_progress");
        switch (item.path("type").asText()) {
            case "message" -> {
                begun.putArray("content");
                event("response.output_item.added").put("output_index", index).set("item", begun);
                text(index, item);
            }
            case "function_call" -> {
                event("response.output_item.added").put("output_index", index).set("item", begun.put("arguments", ""));
                deltas(
                        "response.function_call_arguments",
                        "arguments",
                        index,
                        item,
                        item.path("arguments").asText());
            }
            default -> {
                event("response.output_item.added").put("output_index", index).set("item", begun.put("input", ""));
                deltas(
                        "response.custom_tool_call_input",
                        "input",
                        index,
                        item,
                        item.path("input").asText());
            }
        }
        event("response.output_item.done").put("output_index", index).set("item", item);
    }

    private void text(int index, ObjectNode item) {
        var part = (ObjectNode) item.path("content").get(0);
        of(item, "response.content_part.added", index)
                .put("content_index", 0)
                .set("part", part.deepCopy().put("text", ""));
        deltas("response.output_text", "text", index, item, part.path("text").asText());
        of(item, "response.content_part.done", index).put("content_index", 0).set("part", part);
    }

    private void deltas(String type, String field, int index, ObjectNode item, String content) {
        for (var piece : DemoModel.pieces(content))
            placed(field, of(item, type + ".delta", index)).put("delta", piece);
        placed(field, of(item, type + ".done", index)).put(field, content);
    }

    private static ObjectNode placed(String field, ObjectNode event) {
        return field.equals("text") ? event.put("content_index", 0) : event;
    }

    private ObjectNode of(JsonNode item, String type, int index) {
        return event(type).put("item_id", item.path("id").asText()).put("output_index", index);
    }

    private ObjectNode event(String type) {
        var event = NODES.objectNode().put("type", type).put("sequence_number", events.size());
        events.add(event);
        return event;
    }

    private static ObjectNode message(String text) {
        var item = NODES.objectNode()
                .put("type", "message")
                .put("id", DemoModel.id("msg_"))
                .put("role", "assistant")
                .put("status", "completed");
        item.putArray("content")
                .addObject()
                .put("type", "output_text")
                .put("text", text)
                .putArray("annotations");
        return item;
    }

    private static ObjectNode call(DemoReply.Call call) {
        var freeform = call.input().isTextual();
        return NODES.objectNode()
                .put("type", freeform ? "custom_tool_call" : "function_call")
                .put("id", DemoModel.id(freeform ? "ctc_" : "fc_"))
                .put("call_id", DemoModel.id("call_"))
                .put("name", call.name())
                .put(
                        freeform ? "input" : "arguments",
                        freeform ? call.input().asText() : call.input().toString())
                .put("status", "completed");
    }
}
