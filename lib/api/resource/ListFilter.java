package lib.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import lib.api.ResourceKind;

/// A filter for the objects of a list, in the language of AIP-160: `=`, `!=`, `<`, `>`, `<=`, `>=`, `:` (has),
/// AND, OR, NOT and `-`, parentheses, quoted strings, and `*` at either end of a value. As AIP-160 specifies, OR
/// binds tighter than AND.
///
///     ListFilter.of("type = anthropic AND tags.team:*", fields).holds(provider)
///
/// A missing field has its zero value, as in proto3 JSON. The value of an enum may be given by its label.
///
/// @see <a href="https://google.aip.dev/160">AIP-160, on filtering</a>
public final class ListFilter {
    private final Expression expression;

    private ListFilter(Expression expression) {
        this.expression = expression;
    }

    /// A condition on an object.
    sealed interface Expression {
        boolean holds(JsonNode object);

        record All(List<Expression> parts) implements Expression {
            @Override
            public boolean holds(JsonNode object) {
                return parts.stream().allMatch(part -> part.holds(object));
            }
        }

        record Any(List<Expression> parts) implements Expression {
            @Override
            public boolean holds(JsonNode object) {
                return parts.stream().anyMatch(part -> part.holds(object));
            }
        }

        record Not(Expression part) implements Expression {
            @Override
            public boolean holds(JsonNode object) {
                return !part.holds(object);
            }
        }

        /// A value without a field. Any text of the object may contain it.
        record Text(String text) implements Expression {
            @Override
            public boolean holds(JsonNode object) {
                return object.valueStream()
                        .anyMatch(value -> value.isTextual() && ListValues.contains(value.asText(), text));
            }
        }

        record Restriction(List<String> path, String operator, String value) implements Expression {
            @Override
            public boolean holds(JsonNode object) {
                var found = values(object, path);
                if (operator.equals(":")) return found.stream().anyMatch(each -> ListValues.has(each, value));
                if (operator.equals("!=")) return found.stream().noneMatch(each -> ListValues.isEqual(each, value));
                return found.stream()
                        .anyMatch(each -> operator.equals("=")
                                ? ListValues.isEqual(each, value)
                                : ListValues.compares(each, operator, value));
            }
        }
    }

    /// Parses a filter. The empty filter selects everything.
    ///
    /// @throws ListSyntaxError if the filter is invalid or names an unknown field
    public static ListFilter of(String text, ListFields fields) {
        return new ListFilter(new ListFilterParser(text, fields).parsed());
    }

    /// Checks only the syntax of a filter, because the gateway knows the fields.
    ///
    /// @throws ListSyntaxError if the filter is invalid
    public static void check(String text) {
        of(text, new ListFields("object", List.of(), _ -> true));
    }

    /// Returns whether an object matches the filter.
    public boolean holds(JsonNode object) {
        return expression.holds(object);
    }

    /// Returns the values at a path. Below a list these are the values of all members. Without any value, it
    /// returns a missing node.
    static List<JsonNode> values(JsonNode object, List<String> path) {
        var here = List.of(object);
        for (var name : path) {
            var below = new ArrayList<JsonNode>();
            for (var node : here) {
                if (node.isArray())
                    StreamSupport.stream(node.spliterator(), false)
                            .map(each -> field(each, name))
                            .forEach(below::add);
                else below.add(field(node, name));
            }
            here = below;
        }
        return here.isEmpty() ? List.of(JsonNodeFactory.instance.missingNode()) : here;
    }

    /// Some lists of rpkai spell names as in the `.proto` file.
    private static JsonNode field(JsonNode object, String name) {
        return object.has(name) ? object.path(name) : object.path(ResourceKind.snake(name));
    }

    /// Converts a typed path to the names of proto3 JSON. The keys of tags stay unchanged.
    static List<String> path(List<String> typed) {
        var path = new ArrayList<String>();
        for (var name : typed)
            path.add(
                    !path.isEmpty() && path.getFirst().equals("tags")
                            ? name
                            : ResourceKind.camel(
                                    name.equals(name.toUpperCase(Locale.ROOT)) ? name.toLowerCase(Locale.ROOT) : name));
        return path;
    }
}
