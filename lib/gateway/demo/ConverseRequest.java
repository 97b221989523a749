package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/// Reads a request to Bedrock's Converse API for the demo model.
///
/// @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">Converse</a>
final class ConverseRequest {
    private ConverseRequest() {}

    /// @throws lib.gateway.exchange.GatewayError for a request that the real API would refuse too
    static DemoRequest read(JsonNode json, String model) {
        var messages =
                StreamSupport.stream(json.path("messages").spliterator(), false).toList();
        DemoRequest.require(!messages.isEmpty(), "messages: at least one is required");
        var texts = messages.stream()
                .filter(message -> message.path("role").asText().equals("user"))
                .map(message -> DemoRequest.text(message.path("content")))
                .toList();
        return new DemoRequest(
                model,
                DemoRequest.latest(texts),
                toolResult(messages.getLast()),
                tools(json),
                Optional.empty(),
                json.path("inferenceConfig").path("maxTokens").asInt(Integer.MAX_VALUE),
                false,
                DemoRequest.inputTokens(json.path("system"), json.path("messages"), json.path("toolConfig")));
    }

    private static Optional<String> toolResult(JsonNode message) {
        List<String> results = new ArrayList<>();
        for (var block : message.path("content")) {
            if (block.has("toolResult"))
                results.add(DemoRequest.text(block.path("toolResult").path("content")));
        }
        return results.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", results));
    }

    private static Set<String> tools(JsonNode json) {
        var names = new HashSet<String>();
        json.path("toolConfig")
                .path("tools")
                .forEach(tool -> names.add(tool.path("toolSpec").path("name").asText()));
        return names;
    }
}
