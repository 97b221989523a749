package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import lib.gateway.exchange.GatewayError;

/// What the demo model makes of a request, whatever wire it came on.
///
/// @param model the model that was asked for; the answer claims to be it
/// @param prompt what the user said last, without what an agent put around it
/// @param toolResult what a tool reported in the latest message; empty where none did
/// @param tools the names of the tools on offer
/// @param schema the JSON schema that the answer must follow, where one was given
/// @param maxTokens how long the answer may be, in tokens
/// @param stream whether the answer is to come as events
/// @param inputTokens what reading all of it costs
record DemoRequest(
        String model,
        String prompt,
        Optional<String> toolResult,
        Set<String> tools,
        Optional<JsonNode> schema,
        int maxTokens,
        boolean stream,
        int inputTokens) {

    /// Four characters a token: not what a tokenizer says, but near it, and the same everywhere.
    static int tokens(int characters) {
        return Math.max(1, Math.ceilDiv(characters, 4));
    }

    /// What reading these costs, by everything in them that a model reads.
    static int inputTokens(JsonNode... parts) {
        return tokens(Arrays.stream(parts).mapToInt(DemoRequest::characters).sum());
    }

    private static int characters(JsonNode json) {
        if (json.isValueNode()) return json.asText().length();
        var sum = 0;
        for (var child : json) sum += characters(child);
        return sum;
    }

    /// What the user said themselves: a text without what agents put into their mouth.
    static String said(String text) {
        return text.replaceAll("(?s)<(system-reminder|environment_context|user_instructions)>.*?</\\1>", "")
                .strip();
    }

    /// The texts of a content: a string, or a list of blocks that have a `text`.
    static String text(JsonNode content) {
        if (content.isTextual()) return content.asText();
        return StreamSupport.stream(content.spliterator(), false)
                .map(block -> block.path("text"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .collect(Collectors.joining("\n"));
    }

    /// The latest of these in which the user said something.
    static String latest(List<String> texts) {
        return texts.reversed().stream()
                .map(DemoRequest::said)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    static Optional<JsonNode> object(JsonNode json) {
        return json.isObject() ? Optional.of(json) : Optional.empty();
    }

    static void require(boolean holds, String message) {
        if (!holds) throw GatewayError.invalid(message);
    }
}
