package lib.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The order of a list: `display_name desc, created_at`.
///
///     providers.sort(ListOrder.of("type, name desc", fields).comparator());
///
/// @param by the fields, the most significant first
/// @see <a href="https://google.aip.dev/132#ordering">AIP-132, on ordering</a>
public record ListOrder(List<Key> by) {
    private static final int MOST = 10;

    /// A field of the order.
    ///
    /// @param path the path of lowerCamelCase names
    record Key(List<String> path, boolean descending) {}

    /// Parses an order. The empty order leaves the list unchanged.
    ///
    /// @throws ListSyntaxError if the order is invalid or names an unknown field
    public static ListOrder of(String text, ListFields fields) {
        var by = new ArrayList<Key>();
        int from = 0;
        if (text.isBlank()) return new ListOrder(by);
        for (var part : text.split(",", -1)) {
            var words = part.strip().split("\\s+");
            int position = from + 1 + (part.length() - part.stripLeading().length());
            if (words[0].isEmpty()) throw new ListSyntaxError(position, "a field is missing");
            if (words.length > 2 || words.length == 2 && !words[1].matches("asc|desc"))
                throw new ListSyntaxError(position, "only asc or desc may follow a field");
            var path = ListFilter.path(List.of(words[0].split("\\.")));
            if (path.isEmpty() || !fields.isKnown(String.join(".", path)))
                throw ListFilterParser.unknown(position, words[0], path.isEmpty() ? "" : path.getFirst(), fields);
            by.add(new Key(path, words.length == 2 && words[1].equals("desc")));
            from += part.length() + 1;
        }
        if (by.size() > MOST) throw new ListSyntaxError(1, "it has more than %d fields".formatted(MOST));
        return new ListOrder(List.copyOf(by));
    }

    /// Checks only the syntax of an order, because the gateway knows the fields.
    ///
    /// @throws ListSyntaxError if the order is invalid
    public static void check(String text) {
        of(text, new ListFields("object", List.of(), _ -> true));
    }

    /// Returns a comparator for the objects of the list.
    public Comparator<JsonNode> comparator() {
        return (one, other) -> {
            for (var key : by) {
                int order = ListValues.compare(value(one, key), value(other, key));
                if (order != 0) return key.descending ? -order : order;
            }
            return 0;
        };
    }

    /// Returns a copy of an object with only the fields that determine its position.
    public ObjectNode place(JsonNode object) {
        var place = JsonNodeFactory.instance.objectNode();
        for (var key : by) {
            var value = value(object, key);
            if (value.isMissingNode()) continue;
            var parent = place;
            for (var name : key.path.subList(0, key.path.size() - 1)) parent = parent.withObjectProperty(name);
            parent.set(key.path.getLast(), value);
        }
        return place;
    }

    private static JsonNode value(JsonNode object, Key key) {
        return ListFilter.values(object, key.path).getFirst();
    }
}
