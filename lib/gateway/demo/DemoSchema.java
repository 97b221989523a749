package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/// Makes small values that follow a JSON schema. It supports what agents ask for besides the conversation: a
/// session's title, a yes or no.
final class DemoSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int TITLE = 40;

    private DemoSchema() {}

    /// Returns a value that follows the schema. Every string in it is the beginning of `text`.
    static JsonNode example(JsonNode schema, String text) {
        if (schema.path("enum").isArray() && !schema.path("enum").isEmpty())
            return schema.path("enum").get(0);
        if (schema.has("const")) return schema.get("const");
        return switch (schema.path("type").asText("object")) {
            case "string" ->
                NODES.textNode(
                        text.lines().findFirst().map(DemoSchema::shortened).orElse("Demo"));
            case "integer", "number" -> NODES.numberNode(0);
            case "boolean" -> NODES.booleanNode(false);
            case "array" -> NODES.arrayNode();
            case "null" -> NODES.nullNode();
            default -> {
                var object = NODES.objectNode();
                schema.path("properties")
                        .properties()
                        .forEach(field -> object.set(field.getKey(), example(field.getValue(), text)));
                yield object;
            }
        };
    }

    private static String shortened(String line) {
        return line.length() <= TITLE ? line : line.substring(0, TITLE).strip() + "…";
    }
}
