package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/// Reads a Messages request for the demo model.
///
/// @see <a href="https://docs.anthropic.com/en/api/messages">Messages</a>
final class AnthropicRequest {
    private AnthropicRequest() {}

    /// @throws lib.gateway.exchange.GatewayError for a request that the real API would refuse too
    static DemoRequest read(JsonNode json) {
        DemoRequest.require(json.path("model").isTextual(), "model: Field required");
        return read(json, json.path("model").asText(), json.path("stream").asBoolean());
    }

    /// Reads a request whose body names neither the model nor the form of the answer, as on Bedrock.
    static DemoRequest read(JsonNode json, String model, boolean stream) {
        DemoRequest.require(json.path("max_tokens").asInt() > 0, "max_tokens: Field required");
        var inputTokens = inputTokens(json);
        var messages = userMessages(json);
        var texts = messages.stream()
                .map(message -> DemoRequest.text(message.path("content")))
                .toList();
        return new DemoRequest(
                model,
                DemoRequest.latest(texts),
                toolResult(messages),
                tools(json.path("tools")),
                DemoRequest.object(json.path("output_config").path("format").path("schema")),
                json.path("max_tokens").asInt(),
                stream,
                inputTokens);
    }

    static int inputTokens(JsonNode json) {
        DemoRequest.require(
                json.path("messages").isArray() && !json.path("messages").isEmpty(), "messages: Field required");
        return DemoRequest.inputTokens(json.path("system"), json.path("messages"), json.path("tools"));
    }

    /// Returns the messages of the user. An agent may add others after the latest one: Claude Code ends with one
    /// of role `system`.
    private static List<JsonNode> userMessages(JsonNode json) {
        return StreamSupport.stream(json.path("messages").spliterator(), false)
                .filter(message -> message.path("role").asText().equals("user"))
                .toList();
    }

    private static Optional<String> toolResult(List<JsonNode> messages) {
        if (messages.isEmpty()) return Optional.empty();
        var results = new ArrayList<String>();
        for (var block : messages.getLast().path("content")) {
            if (!block.path("type").asText().equals("tool_result")) continue;
            results.add(DemoRequest.said(DemoRequest.text(block.path("content"))));
        }
        return results.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", results));
    }

    private static Set<String> tools(JsonNode json) {
        var names = new HashSet<String>();
        json.forEach(tool -> names.add(tool.path("name").asText()));
        return names;
    }
}
