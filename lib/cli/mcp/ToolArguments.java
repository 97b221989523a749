package lib.cli.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.base.Host;
import lib.base.UserError;

/// The arguments for a tool, as the user typed them.
///
///     ToolArguments.read("{\"a\": 1}", List.of("b=2"), host).fitted(schema)   // {a=1, b="2"}
///
/// @param input the JSON object
/// @param given the values of `--arg`, which override the object
record ToolArguments(ObjectNode input, Map<String, String> given) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> TYPED = Set.of("integer", "number", "boolean", "object", "array", "null");

    /// @param input a JSON object, `-` for stdin, or `@FILE`; null for none
    static ToolArguments read(String input, List<String> given, Host host) {
        var map = new LinkedHashMap<String, String>();
        for (var argument : given) {
            int equals = argument.indexOf('=');
            if (equals < 1)
                throw UserError.usage(
                        "--arg must be KEY=VALUE, not \"%s\"".formatted(argument),
                        "use, for example, --arg message=hello");
            map.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        if (input == null) return new ToolArguments(JsonNodeFactory.instance.objectNode(), map);
        if (json(text(input, host)) instanceof ObjectNode object) return new ToolArguments(object, map);
        throw UserError.usage("--input is not a JSON object", "use, for example, --input '{\"message\": \"hello\"}'");
    }

    /// The arguments as the tool's schema requires them: values that the schema declares as text stay text, all
    /// others are read as JSON.
    Map<String, Object> fitted(JsonNode schema) {
        var all = input.deepCopy();
        given.forEach((key, value) -> {
            var type = schema.path("properties").path(key).path("type");
            var typed = type.isArray()
                    ? type.valueStream().allMatch(each -> TYPED.contains(each.asText()))
                    : TYPED.contains(type.asText());
            var read = typed ? json(value) : JsonNodeFactory.instance.textNode(value);
            if (read.isMissingNode())
                throw UserError.usage(
                        "--arg %s must be %s, not \"%s\"".formatted(key, type.asText("JSON"), value),
                        "run rpkai mcp tools list -o json to see the tool's schema");
            all.set(key, read);
        });
        return JSON.convertValue(
                all, JSON.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, Object.class));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    private static String text(String input, Host host) {
        try {
            if (input.equals("-")) return new String(host.in().readAllBytes(), StandardCharsets.UTF_8);
            return input.startsWith("@") ? Files.readString(host.cwd().resolve(input.substring(1))) : input;
        } catch (IOException e) {
            throw new UserError(
                    "cannot read %s (%s)".formatted(input, e.getMessage()), "check its name, owner and mode", e);
        }
    }
}
