package lib.gateway.management.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The type of a field of a message. Reading a value follows proto3 JSON: null and zero values count as absent,
/// 64-bit numbers may be numbers or strings and become strings, and a name may be spelt as in the `.proto` file.
///
/// @see <a href="https://protobuf.dev/programming-guides/json/">The JSON format of Protocol Buffers</a>
sealed interface Field {
    JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Returns the value in its stored form; empty if it is a zero value or invalid.
    ///
    /// @param path the path of the field
    /// @param problems collects the errors
    Optional<JsonNode> read(JsonNode value, String path, Problems problems);

    /// A text of limited length.
    record Text(int longest) implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            if (!value.isTextual())
                problems.add(
                        path,
                        "is not a string" + (value.isNumber() || value.isBoolean() ? ": write it in quotes" : ""));
            else if (value.asText().length() > longest)
                problems.add(path, "is longer than %d characters".formatted(longest));
            else if (value.asText().chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'))
                problems.add(path, "has control characters");
            else if (!value.asText().isEmpty()) return Optional.of(value);
            return Optional.empty();
        }
    }

    /// A boolean.
    record Flag() implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            if (!value.isBoolean()) problems.add(path, "is neither true nor false");
            return Optional.of(value).filter(read -> read.isBoolean() && read.asBoolean());
        }
    }

    /// An optional, non-negative 64-bit number. Zero is a value, not absence.
    record Count() implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            try {
                // The length is limited because a number with a huge exponent would take all memory.
                if ((value.isNumber() || value.isTextual()) && value.asText().length() <= 24) {
                    var number = new BigDecimal(value.asText());
                    if (number.signum() >= 0 && number.precision() - number.scale() <= 19)
                        return Optional.of(NODES.textNode(Long.toString(number.longValueExact())));
                }
            } catch (ArithmeticException | NumberFormatException e) {
                // Falls through.
            }
            problems.add(path, "is not a whole number from 0 to 9223372036854775807");
            return Optional.empty();
        }
    }

    /// A value of an enum. Unknown values are rejected, because the gateway could not use them. A value may also
    /// be given as people write it: `streamable-http` for `MCP_TRANSPORT_STREAMABLE_HTTP`.
    ///
    /// @param names the names in the order of their numbers, beginning with the name of zero, such as
    ///     `MCP_TRANSPORT_UNSPECIFIED`
    record Choice(List<String> names) implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            var number = value.isInt()
                    ? value.asInt()
                    : names.contains(value.asText()) ? names.indexOf(value.asText()) : labelled(value.asText());
            if (number == 0) return Optional.empty();
            if (number > 0 && number < names.size()) return Optional.of(NODES.textNode(names.get(number)));
            problems.add(path, "is not one of " + String.join(", ", names.subList(1, names.size())));
            return Optional.empty();
        }

        private int labelled(String text) {
            var prefix = names.getFirst().substring(0, names.getFirst().lastIndexOf('_') + 1);
            return text.isEmpty()
                    ? -1
                    : names.indexOf(prefix + text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /// A list of limited size.
    record Many(Field item, int most) implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            var list = NODES.arrayNode();
            if (!value.isArray()) problems.add(path, "is not a list");
            else if (value.size() > most) problems.add(path, "has more than %d entries".formatted(most));
            else
                for (int i = 0; i < value.size(); i++)
                    item.read(value.get(i), "%s[%d]".formatted(path, i), problems)
                            .ifPresent(list::add);
            return Optional.<JsonNode>of(list).filter(read -> !read.isEmpty());
        }
    }

    /// A map of texts of limited size.
    record Texts(int most, int longest) implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            var map = NODES.objectNode();
            if (!value.isObject()) problems.add(path, "is not a mapping");
            else if (value.size() > most) problems.add(path, "has more than %d entries".formatted(most));
            else
                for (var entry : value.properties()) {
                    var at = Violation.below(path, entry.getKey());
                    if (!entry.getKey().matches("[^\\p{Cc}]{1,%d}".formatted(longest)))
                        problems.add(
                                path,
                                "has a key that is empty, longer than %d characters or has control characters"
                                        .formatted(longest));
                    // An empty value is allowed: a tag need not have one.
                    map.set(
                            entry.getKey(),
                            new Text(longest)
                                    .read(entry.getValue(), at, problems)
                                    .orElse(NODES.textNode("")));
                }
            return Optional.<JsonNode>of(map).filter(read -> !read.isEmpty());
        }
    }

    /// A nested message. It is present even if it is empty.
    ///
    /// @param fields the fields by their names in JSON
    record Message(Map<String, Field> fields) implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            if (!(value instanceof ObjectNode object)) {
                problems.add(path, "is not a mapping");
                return Optional.empty();
            }
            var message = NODES.objectNode();
            for (var entry : object.properties()) {
                var name = camelCase(entry.getKey());
                var field = fields.get(name);
                if (field == null) problems.unknown(Violation.below(path, entry.getKey()), fields.keySet());
                else if (!entry.getValue().isNull())
                    field.read(entry.getValue(), Violation.below(path, name), problems)
                            .ifPresent(read -> message.set(name, read));
            }
            return Optional.of(message);
        }
    }

    /// A field that only the gateway sets. Values from others are ignored.
    record Ours() implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            return Optional.empty();
        }
    }

    /// A field of the API that this gateway does not support. Storing it silently would promise that it has an
    /// effect.
    record Absent(String why) implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            if (!value.isEmpty() || value.isValueNode() && !value.asText().isEmpty()) problems.add(path, why);
            return Optional.empty();
        }
    }

    /// A flag that this gateway does not support. It may be off, but not on.
    record Never(String why) implements Field {
        @Override
        public Optional<JsonNode> read(JsonNode value, String path, Problems problems) {
            if (new Flag().read(value, path, problems).isPresent()) problems.add(path, why);
            return Optional.empty();
        }
    }

    /// Converts a name such as `display_name` to `displayName`.
    static String camelCase(String name) {
        if (name.indexOf('_') < 0) return name;
        return Pattern.compile("_([a-z0-9])")
                .matcher(name)
                .replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
    }
}
