package lib.gateway.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// A demo reply in the two forms of Google's Gemini API: a whole answer, and a stream of parts.
///
/// @param request the request that is answered
/// @param reply the text and the tool call of the answer
/// @see <a
///     href="https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse">GenerateContentResponse</a>
record GoogleReply(DemoRequest request, DemoReply reply) {

    /// Returns the whole answer.
    ObjectNode whole() {
        var parts = new ArrayList<ObjectNode>();
        if (!reply.text().isEmpty() || reply.call().isEmpty()) parts.add(text(reply.text()));
        reply.call().ifPresent(call -> parts.add(call(call)));
        return ended(answer(parts));
    }

    /// Returns the same answer in parts. The last part has the reason why the answer ended, and the usage.
    List<ObjectNode> parts() {
        var answers = new ArrayList<ObjectNode>();
        for (var piece : DemoModel.pieces(reply.text())) answers.add(answer(List.of(text(piece))));
        reply.call().ifPresent(call -> answers.add(answer(List.of(call(call)))));
        answers.add(ended(answer(List.of(text("")))));
        return answers;
    }

    private ObjectNode answer(List<ObjectNode> parts) {
        var json = JsonNodeFactory.instance.objectNode();
        var content = json.putArray("candidates")
                .addObject()
                .put("index", 0)
                .putObject("content")
                .put("role", "model");
        content.putArray("parts").addAll(parts);
        return json.put("modelVersion", request.model());
    }

    private ObjectNode ended(ObjectNode answer) {
        // In this API a tool call has no finish reason of its own.
        ((ObjectNode) answer.path("candidates").get(0))
                .put("finishReason", reply.stopReason().equals("max_tokens") ? "MAX_TOKENS" : "STOP");
        answer.putObject("usageMetadata")
                .put("promptTokenCount", request.inputTokens())
                .put("candidatesTokenCount", reply.outputTokens())
                .put("totalTokenCount", request.inputTokens() + reply.outputTokens());
        return answer;
    }

    private static ObjectNode text(String text) {
        return JsonNodeFactory.instance.objectNode().put("text", text);
    }

    private static ObjectNode call(DemoReply.Call call) {
        var part = JsonNodeFactory.instance.objectNode();
        part.putObject("functionCall").put("name", call.name()).set("args", call.input());
        return part;
    }
}
