package lib.gateway.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import lib.gateway.formats.EventStream;

/// A demo reply in the two forms of Bedrock's Converse API: a message, and a stream of events.
///
/// @param request the request that is answered
/// @param reply the text and the tool call of the answer
/// @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html">
///     ConverseStream</a>
record ConverseReply(DemoRequest request, DemoReply reply) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Returns the whole answer.
    ObjectNode whole() {
        var json = NODES.objectNode();
        var content = json.putObject("output")
                .putObject("message")
                .put("role", "assistant")
                .putArray("content");
        if (hasText()) content.addObject().put("text", reply.text());
        reply.call()
                .ifPresent(call -> content.addObject()
                        .putObject("toolUse")
                        .put("toolUseId", DemoModel.id("tooluse_"))
                        .put("name", call.name())
                        .set("input", call.input()));
        json.put("stopReason", reply.stopReason());
        return accounted(json);
    }

    /// Returns the same answer as a stream of events, each in a frame.
    List<DemoModel.Piece> events() {
        var events = new ArrayList<DemoModel.Piece>();
        add(events, "messageStart", NODES.objectNode().put("role", "assistant"));
        var index = 0;
        if (hasText()) {
            for (var piece : DemoModel.pieces(reply.text()))
                delta(events, index, NODES.objectNode().put("text", piece));
            add(events, "contentBlockStop", NODES.objectNode().put("contentBlockIndex", index++));
        }
        if (reply.call().isPresent()) {
            var call = reply.call().get();
            var start = NODES.objectNode().put("contentBlockIndex", index);
            start.putObject("start")
                    .putObject("toolUse")
                    .put("toolUseId", DemoModel.id("tooluse_"))
                    .put("name", call.name());
            add(events, "contentBlockStart", start);
            for (var piece : DemoModel.pieces(call.input().toString())) {
                var delta = NODES.objectNode();
                delta.putObject("toolUse").put("input", piece);
                delta(events, index, delta);
            }
            add(events, "contentBlockStop", NODES.objectNode().put("contentBlockIndex", index));
        }
        add(events, "messageStop", NODES.objectNode().put("stopReason", reply.stopReason()));
        add(events, "metadata", accounted(NODES.objectNode()));
        return events;
    }

    private boolean hasText() {
        return !reply.text().isEmpty() || reply.call().isEmpty();
    }

    private static void delta(List<DemoModel.Piece> events, int index, ObjectNode delta) {
        add(
                events,
                "contentBlockDelta",
                NODES.objectNode().put("contentBlockIndex", index).set("delta", delta));
    }

    private static void add(List<DemoModel.Piece> events, String type, ObjectNode payload) {
        events.add(new DemoModel.Piece(type, EventStream.frame(type, payload)));
    }

    private ObjectNode accounted(ObjectNode json) {
        json.putObject("usage")
                .put("inputTokens", request.inputTokens())
                .put("outputTokens", reply.outputTokens())
                .put("totalTokens", request.inputTokens() + reply.outputTokens());
        json.putObject("metrics").put("latencyMs", 0);
        return json;
    }
}
