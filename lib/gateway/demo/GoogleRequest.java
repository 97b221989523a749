package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/// Reads a request of Google's Gemini API for the demo model.
///
/// @see <a href="https://ai.google.dev/api/generate-content">generateContent</a>
final class GoogleRequest {
    private GoogleRequest() {}

    /// @throws lib.gateway.exchange.GatewayError for a request that the real API would refuse too
    static DemoRequest read(JsonNode json, String model) {
        var contents =
                StreamSupport.stream(json.path("contents").spliterator(), false).toList();
        DemoRequest.require(!contents.isEmpty(), "GenerateContentRequest.contents: contents is not specified");
        var texts = contents.stream()
                .filter(content -> content.path("role").asText("user").equals("user"))
                .map(content -> DemoRequest.text(content.path("parts")))
                .toList();
        var config = json.path("generationConfig");
        return new DemoRequest(
                model,
                DemoRequest.latest(texts),
                toolResult(contents),
                tools(json),
                DemoRequest.object(config.path("responseJsonSchema")),
                config.path("maxOutputTokens").asInt(Integer.MAX_VALUE),
                false,
                DemoRequest.inputTokens(json.path("systemInstruction"), json.path("contents"), json.path("tools")));
    }

    private static Optional<String> toolResult(List<JsonNode> contents) {
        var results = new ArrayList<String>();
        for (var part : contents.getLast().path("parts")) {
            var response = part.path("functionResponse").path("response");
            if (response.isObject()) results.add(response.path("output").asText(response.toString()));
        }
        return results.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", results));
    }

    private static Set<String> tools(JsonNode json) {
        var names = new HashSet<String>();
        for (var tool : json.path("tools")) {
            tool.path("functionDeclarations")
                    .forEach(function -> names.add(function.path("name").asText()));
        }
        return names;
    }
}
