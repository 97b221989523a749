package lib.gateway.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The answer of the demo model to a request: a text, a tool call, or a text followed by a call.
///
/// @param text the text; empty if there is only a call
/// @param call the tool call
/// @param stopReason `end_turn`, `tool_use` or `max_tokens`
/// @param outputTokens the number of tokens of the answer
record DemoReply(String text, Optional<Call> call, String stopReason, int outputTokens) {

    /// @param name the tool
    /// @param input its input, a JSON object
    record Call(String name, JsonNode input) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(prompt|tool_result|model|[0-9])}");

    /// Returns the answer of the first rule of `script` that applies to the request.
    static DemoReply to(DemoRequest request, DemoScript script) {
        // Agents also ask for a title or a verdict, as JSON. A script, which has prose, cannot answer that.
        if (request.schema().isPresent()) {
            return text(
                    DemoSchema.example(request.schema().get(), request.prompt()).toString(), request);
        }
        for (var rule : script.rules()) {
            var groups = groups(rule.when(), request);
            if (groups.isPresent()
                    && rule.tool().stream().allMatch(tool -> request.tools().contains(tool.name()))) {
                return filledIn(rule, request, groups.get());
            }
        }
        return text("The demo script has no rule for this.", request);
    }

    /// Returns the groups that the rule's expression has found; empty if the rule does not apply.
    private static Optional<List<String>> groups(DemoScript.When when, DemoRequest request) {
        return switch (when) {
            case DemoScript.When.Always() -> Optional.of(List.of());
            case DemoScript.When.ToolResult() -> request.toolResult().map(_ -> List.of());
            case DemoScript.When.Prompt(var pattern)
            when request.toolResult().isEmpty() ->
                pattern.matcher(request.prompt()).results().findFirst().map(DemoReply::groups);
            case DemoScript.When.Prompt _ -> Optional.empty();
        };
    }

    private static List<String> groups(MatchResult found) {
        var groups = new ArrayList<String>();
        for (var i = 0; i <= found.groupCount(); i++)
            groups.add(Optional.ofNullable(found.group(i)).orElse(""));
        return groups;
    }

    private static DemoReply filledIn(DemoScript.Rule rule, DemoRequest request, List<String> groups) {
        UnaryOperator<String> fill = template -> PLACEHOLDER
                .matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), request, groups)));
        var said = text(fill.apply(rule.say()), request);
        if (rule.tool().isEmpty() || said.stopReason.equals("max_tokens")) return said;
        var call = new Call(
                rule.tool().get().name(), filledIn(parse(rule.tool().get().input()), fill));
        var tokens =
                DemoRequest.tokens(said.text.length() + call.input().toString().length());
        return new DemoReply(said.text, Optional.of(call), "tool_use", tokens);
    }

    private static String value(String placeholder, DemoRequest request, List<String> groups) {
        return switch (placeholder) {
            case "prompt" -> request.prompt();
            case "tool_result" -> request.toolResult().orElse("");
            case "model" -> request.model();
            default -> {
                var group = Integer.parseInt(placeholder);
                yield group < groups.size() ? groups.get(group) : "";
            }
        };
    }

    /// Fills in each value separately, so that no text can break out of its JSON string.
    private static JsonNode filledIn(JsonNode input, UnaryOperator<String> fill) {
        var nodes = JsonNodeFactory.instance;
        if (input.isTextual()) return nodes.textNode(fill.apply(input.asText()));
        if (input.isArray()) {
            var array = nodes.arrayNode();
            input.forEach(item -> array.add(filledIn(item, fill)));
            return array;
        }
        if (!input.isObject()) return input;
        var object = nodes.objectNode();
        input.properties().forEach(field -> object.set(field.getKey(), filledIn(field.getValue(), fill)));
        return object;
    }

    private static DemoReply text(String text, DemoRequest request) {
        var tokens = DemoRequest.tokens(text.length());
        if (tokens <= request.maxTokens()) return new DemoReply(text, Optional.empty(), "end_turn", tokens);
        var cut = text.substring(0, Math.min(text.length(), request.maxTokens() * 4));
        return new DemoReply(cut, Optional.empty(), "max_tokens", request.maxTokens());
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }
}
