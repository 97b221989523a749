package lib.gateway.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A demo reply in the two forms of OpenAI's chat completions: a completion, and a stream of chunks.
///
/// @see <a href="https://platform.openai.com/docs/api-reference/chat-streaming">Streaming chunks</a>
final class ChatCompletion {
    private static final Map<String, String> FINISH =
            Map.of("end_turn", "stop", "tool_use", "tool_calls", "max_tokens", "length");

    private final DemoRequest request;
    private final DemoReply reply;
    private final String id = DemoModel.id("chatcmpl-");

    ChatCompletion(DemoRequest request, DemoReply reply) {
        this.request = request;
        this.reply = reply;
    }

    /// Returns the whole completion.
    ObjectNode completion() {
        var json = envelope("chat.completion");
        var choice = json.putArray("choices").addObject().put("index", 0);
        var message = choice.putObject("message").put("role", "assistant").put("content", reply.text());
        reply.call()
                .ifPresent(call ->
                        call(message, call).put("arguments", call.input().toString()));
        choice.put("finish_reason", FINISH.get(reply.stopReason()));
        json.set("usage", usage());
        return json;
    }

    /// Returns the same completion as a stream of chunks.
    List<ObjectNode> chunks(boolean withUsage) {
        var chunks = new ArrayList<ObjectNode>();
        delta(chunks).put("role", "assistant").put("content", "");
        for (var piece : DemoModel.pieces(reply.text())) delta(chunks).put("content", piece);
        reply.call().ifPresent(call -> {
            call(delta(chunks), call).put("arguments", "");
            for (var piece : DemoModel.pieces(call.input().toString())) {
                delta(chunks)
                        .putArray("tool_calls")
                        .addObject()
                        .put("index", 0)
                        .putObject("function")
                        .put("arguments", piece);
            }
        });
        delta(chunks);
        ((ObjectNode) chunks.getLast().path("choices").get(0)).put("finish_reason", FINISH.get(reply.stopReason()));
        if (withUsage) {
            var last = envelope("chat.completion.chunk");
            last.putArray("choices");
            chunks.add(last.set("usage", usage()));
        }
        return chunks;
    }

    private ObjectNode delta(List<ObjectNode> chunks) {
        var chunk = envelope("chat.completion.chunk");
        var choice = chunk.putArray("choices").addObject().put("index", 0);
        var delta = choice.putObject("delta");
        choice.putNull("finish_reason");
        chunks.add(chunk);
        return delta;
    }

    private static ObjectNode call(ObjectNode message, DemoReply.Call call) {
        var json = message.putArray("tool_calls")
                .addObject()
                .put("index", 0)
                .put("id", DemoModel.id("call_"))
                .put("type", "function");
        return json.putObject("function").put("name", call.name());
    }

    private ObjectNode envelope(String object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", DemoModel.CREATED)
                .put("model", request.model());
    }

    private ObjectNode usage() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("prompt_tokens", request.inputTokens())
                .put("completion_tokens", reply.outputTokens())
                .put("total_tokens", request.inputTokens() + reply.outputTokens());
    }
}
