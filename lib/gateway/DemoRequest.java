package lib.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/// What the demo model makes of a Messages request.
///
/// @param model the model that was asked for; the answer claims to be it
/// @param prompt what the user said last, without what an agent put around it
/// @param toolResult what a tool reported in the latest message; empty where none did
/// @param tools the names of the tools on offer
/// @param schema the JSON schema that the answer must follow, where one was given
/// @param maxTokens how long the answer may be
/// @param stream whether the answer is to come as events
/// @param inputTokens what reading all of it costs
record DemoRequest(String model, String prompt, Optional<String> toolResult, Set<String> tools,
        Optional<JsonNode> schema, int maxTokens, boolean stream, int inputTokens) {

    /// @throws Refusal for a request that the real API would refuse too
    static DemoRequest of(JsonNode json) {
        require(json.path("model").isTextual(), "model: Field required");
        require(json.path("max_tokens").asInt() > 0, "max_tokens: Field required");
        var messages = userMessages(json);
        return new DemoRequest(json.path("model").asText(), prompt(messages), toolResult(messages),
                tools(json.path("tools")), schema(json), json.path("max_tokens").asInt(),
                json.path("stream").asBoolean(), inputTokens(json));
    }

    /// Four characters a token: not what a tokenizer says, but near it, and the same everywhere.
    static int tokens(int characters) {
        return Math.max(1, Math.ceilDiv(characters, 4));
    }

    /// What reading a request costs, by everything in it that a model reads.
    static int inputTokens(JsonNode json) {
        require(json.path("messages").isArray() && !json.path("messages").isEmpty(), "messages: Field required");
        return tokens(characters(json.path("system")) + characters(json.path("messages"))
                + characters(json.path("tools")));
    }

    private static int characters(JsonNode json) {
        if (json.isValueNode()) return json.asText().length();
        var sum = 0;
        for (var child : json) sum += characters(child);
        return sum;
    }

    /// The user's messages. An agent may add others after the latest one: Claude Code ends with one of role `system`.
    private static List<JsonNode> userMessages(JsonNode json) {
        return StreamSupport.stream(json.path("messages").spliterator(), false)
                .filter(message -> message.path("role").asText().equals("user")).toList();
    }

    private static String prompt(List<JsonNode> messages) {
        return messages.reversed().stream().map(message -> said(text(message.path("content"))))
                .filter(text -> !text.isEmpty()).findFirst().orElse("");
    }

    /// A text without the reminders that Claude Code puts into the user's mouth.
    private static String said(String text) {
        return text.replaceAll("(?s)<system-reminder>.*?</system-reminder>", "").strip();
    }

    private static Optional<String> toolResult(List<JsonNode> messages) {
        if (messages.isEmpty()) return Optional.empty();
        var results = new ArrayList<String>();
        for (var block : messages.getLast().path("content")) {
            if (block.path("type").asText().equals("tool_result")) results.add(said(text(block.path("content"))));
        }
        return results.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", results));
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) return content.asText();
        var texts = new ArrayList<String>();
        for (var block : content) {
            if (block.path("type").asText().equals("text")) texts.add(block.path("text").asText());
        }
        return String.join("\n", texts);
    }

    private static Set<String> tools(JsonNode json) {
        var names = new HashSet<String>();
        json.forEach(tool -> names.add(tool.path("name").asText()));
        return names;
    }

    private static Optional<JsonNode> schema(JsonNode json) {
        var schema = json.path("output_config").path("format").path("schema");
        return schema.isObject() ? Optional.of(schema) : Optional.empty();
    }

    private static void require(boolean holds, String message) {
        if (!holds) throw Refusal.invalid(message);
    }
}
