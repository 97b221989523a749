package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import lib.gateway.exchange.GatewayError;

/// A request as the demo model sees it, the same for every API format.
///
/// @param model the requested model; the answer claims to come from it
/// @param prompt the latest text of the user, without text that an agent added
/// @param toolResult the result of a tool in the latest message; empty if it has none
/// @param tools the names of the tools that the client offers
/// @param schema the JSON schema that the answer must follow, if the request has one
/// @param maxTokens the maximum length of the answer in tokens
/// @param stream whether the answer is sent as events
/// @param inputTokens the number of tokens in the request
record DemoRequest(
        String model,
        String prompt,
        Optional<String> toolResult,
        Set<String> tools,
        Optional<JsonNode> schema,
        int maxTokens,
        boolean stream,
        int inputTokens) {

    /// Estimates the number of tokens in a text: one for every four characters. A tokenizer gives similar
    /// numbers; these are the same everywhere.
    static int tokens(int characters) {
        return Math.max(1, Math.ceilDiv(characters, 4));
    }

    /// Estimates the number of tokens in these parts of a request, from all texts and numbers in them.
    static int inputTokens(JsonNode... parts) {
        return tokens(Arrays.stream(parts).mapToInt(DemoRequest::characters).sum());
    }

    private static int characters(JsonNode json) {
        if (json.isValueNode()) return json.asText().length();
        var sum = 0;
        for (var child : json) sum += characters(child);
        return sum;
    }

    /// Returns what the user wrote: the text without the elements that agents add to it.
    static String said(String text) {
        return text.replaceAll("(?s)<(system-reminder|environment_context|user_instructions)>.*?</\\1>", "")
                .strip();
    }

    /// Returns the text of a message's content, which is a string or a list of blocks with a `text`.
    static String text(JsonNode content) {
        if (content.isTextual()) return content.asText();
        return StreamSupport.stream(content.spliterator(), false)
                .map(block -> block.path("text"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .collect(Collectors.joining("\n"));
    }

    /// Returns the latest of the texts that is not empty without the additions of agents.
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
