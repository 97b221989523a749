package lib.base;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// Reads and prints JSON trees as Jackson's `ObjectMapper` does, without one: an `ObjectMapper` loads the JDK's
/// calendars and locales, which takes longer than most commands. The nodes' own `toString` needs one, too.
///
///     Json.text(Json.read("{\"a\": 1}"))   // {"a":1}
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
public final class Json {
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /// Reads the first value of a text; a missing node where there is none. Text after it is not read.
    ///
    /// @throws JsonProcessingException when it is not JSON; its message quotes the text
    public static JsonNode read(String text) throws JsonProcessingException {
        return read(text, false);
    }

    /// Reads the first value of a text in UTF-8.
    public static JsonNode read(byte[] text) throws IOException {
        try (var parser = JSON.createParser(text)) {
            return first(parser);
        }
    }

    /// Reads the only value of a text. As with `JSON.parse`, text after it is an error.
    public static JsonNode readWhole(String text) throws JsonProcessingException {
        return read(text, true);
    }

    /// Reads one member of the object in a text and skips the others. Of two members with the same name the last one
    /// counts, as in `JSON.parse`.
    ///
    /// @return a missing node where the text has no such member or is not an object
    /// @throws JsonProcessingException when it is not JSON; its message quotes the text
    public static JsonNode member(String text, String name) throws JsonProcessingException {
        try (var parser = JSON.createParser(text)) {
            JsonNode found = MissingNode.getInstance();
            if (parser.nextToken() != JsonToken.START_OBJECT) return found;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var wanted = parser.currentName().equals(name);
                parser.nextToken();
                if (wanted) found = value(parser);
                else parser.skipChildren();
            }
            return found;
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Prints a tree on one line.
    public static String text(JsonNode node) {
        return written(node, null);
    }

    /// Prints a tree with one member per line.
    public static String pretty(JsonNode node) {
        return written(node, new DefaultPrettyPrinter());
    }

    private static JsonNode read(String text, boolean whole) throws JsonProcessingException {
        try (var parser = JSON.createParser(text)) {
            var node = first(parser);
            if (whole && parser.nextToken() != null)
                throw new JsonParseException(parser, "there is text after the value");
            return node;
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode first(JsonParser parser) throws IOException {
        return parser.nextToken() == null ? MissingNode.getInstance() : value(parser);
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var object = NODES.objectNode();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    var name = parser.currentName();
                    parser.nextToken();
                    object.set(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                var array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) array.add(value(parser));
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private static JsonNode integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private static String written(JsonNode node, DefaultPrettyPrinter printer) {
        var text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            if (printer != null) generator.setPrettyPrinter(printer);
            write(node, generator);
        } catch (IOException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
        return text.toString();
    }

    private static void write(JsonNode node, JsonGenerator generator) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                generator.writeStartObject();
                for (var member : node.properties()) {
                    generator.writeFieldName(member.getKey());
                    write(member.getValue(), generator);
                }
                generator.writeEndObject();
            }
            case ARRAY -> {
                generator.writeStartArray();
                for (var element : node) write(element, generator);
                generator.writeEndArray();
            }
            case STRING -> generator.writeString(node.textValue());
            case BOOLEAN -> generator.writeBoolean(node.booleanValue());
            case NUMBER -> {
                switch (node.numberType()) {
                    case INT -> generator.writeNumber(node.intValue());
                    case LONG -> generator.writeNumber(node.longValue());
                    case BIG_INTEGER -> generator.writeNumber(node.bigIntegerValue());
                    case BIG_DECIMAL -> generator.writeNumber(node.decimalValue());
                    case FLOAT, DOUBLE -> generator.writeNumber(node.doubleValue());
                }
            }
            default -> generator.writeNull();
        }
    }
}
