package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads a request for a chat completion for the demo model.
///
/// @see <a href="https://platform.openai.com/docs/api-reference/chat/create">Chat completions</a>
final class ChatRequest {
    private ChatRequest() {}

    /// @throws lib.gateway.exchange.GatewayError for a request that the real API would refuse too
    static DemoRequest read(JsonNode json) {
        DemoRequest.require(json.path("model").isTextual(), "you must provide a model parameter");
        var messages = json.path("messages");
        DemoRequest.require(messages.isArray() && !messages.isEmpty(), "Missing required parameter: 'messages'.");
        return new DemoRequest(
                json.path("model").asText(),
                DemoRequest.latest(texts(messages, "user")),
                toolResult(messages),
                tools(json.path("tools")),
                DemoRequest.object(
                        json.path("response_format").path("json_schema").path("schema")),
                json.path("max_completion_tokens").asInt(json.path("max_tokens").asInt(Integer.MAX_VALUE)),
                json.path("stream").asBoolean(),
                DemoRequest.inputTokens(messages, json.path("tools")));
    }

    private static List<String> texts(JsonNode messages, String role) {
        var texts = new ArrayList<String>();
        for (var message : messages) {
            if (message.path("role").asText().equals(role)) texts.add(DemoRequest.text(message.path("content")));
        }
        return texts;
    }

    /// Returns the results of tools at the end of the messages; empty if the last message is not such a result.
    private static Optional<String> toolResult(JsonNode messages) {
        var results = new ArrayList<String>();
        for (int i = messages.size() - 1;
                i >= 0 && messages.get(i).path("role").asText().equals("tool");
                i--) {
            results.addFirst(DemoRequest.text(messages.get(i).path("content")));
        }
        return results.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", results));
    }

    private static Set<String> tools(JsonNode tools) {
        var names = new HashSet<String>();
        tools.forEach(tool -> names.add(tool.path("function").path("name").asText()));
        return names;
    }
}
