package lib.gateway.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import lib.api.resource.ListFields;
import lib.api.resource.ListFilter;
import lib.api.resource.ListOrder;
import lib.api.resource.ListSyntaxError;
import lib.base.Json;
import lib.gateway.management.ConnectError.Code;

/// Answers with one page of a list. A request may have `filter`, either `{nameContains}` or a text in AIP-160's
/// syntax, `orderBy`, `pageSize` and `pageToken`. `totalSize` in the answer is the number of objects on all
/// pages.
///
/// The token of the next page contains the place of the last object of this page, so that pages stay correct if
/// objects are added or deleted in between. A token is valid only for the filter and order that it was issued
/// for.
final class Pager {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;
    private static final String KEY = "k";
    private static final String PLACE = "p";
    private static final String QUESTION = "q";

    private final ManagementCall call;
    private final ListFields fields;

    private Pager(ManagementCall call, ListFields fields) {
        this.call = call;
        this.fields = fields;
    }

    /// An object of the list as it is shown, with its unique key.
    private record Item(String key, JsonNode json) {}

    /// @param field the field that holds the list in the answer
    /// @param key the unique key of an object; without `orderBy` the list is sorted by it
    /// @param fields the fields that the filter and the order may name
    /// @throws ConnectError for an invalid filter, order or token
    static <T> ObjectNode page(
            ManagementCall call,
            String field,
            List<T> all,
            Function<T, String> key,
            Function<T, JsonNode> shown,
            ListFields fields) {
        return new Pager(call, fields)
                .page(
                        field,
                        all.stream()
                                .map(each -> new Item(key.apply(each), shown.apply(each)))
                                .toList());
    }

    private ObjectNode page(String field, List<Item> all) {
        var order = order();
        var filter = filter();
        var contained = ManagementCall.text(call.message().path("filter"), "nameContains");
        var inOrder = Comparator.<Item, JsonNode>comparing(Item::json, order.comparator())
                .thenComparing(Item::key);
        var wanted = all.stream()
                .filter(item -> item.json.path("name").asText().contains(contained) && filter.holds(item.json))
                .sorted(inOrder)
                .toList();
        var question = Integer.toHexString(List.of(call.message().path("filter").toString(), call.text("orderBy"))
                .hashCode());
        var rest = after(wanted, inOrder, question);
        var size = pageSize(call.message());
        var json = JsonNodeFactory.instance.objectNode();
        if (!rest.isEmpty()) {
            var page = json.putArray(field);
            rest.stream().limit(size).map(Item::json).forEach(page::add);
        }
        if (rest.size() > size) json.put("nextPageToken", token(rest.get(size - 1), order, question));
        if (!wanted.isEmpty()) json.put("totalSize", wanted.size());
        return json;
    }

    private ListFilter filter() {
        var text = call.message().path("filter");
        try {
            return ListFilter.of(text.isTextual() ? text.asText() : "", fields);
        } catch (ListSyntaxError e) {
            throw new ConnectError(Code.INVALID_ARGUMENT, "filter: " + e.getMessage());
        }
    }

    private ListOrder order() {
        try {
            return ListOrder.of(call.text("orderBy"), fields);
        } catch (ListSyntaxError e) {
            throw new ConnectError(Code.INVALID_ARGUMENT, "orderBy: " + e.getMessage());
        }
    }

    private List<Item> after(List<Item> wanted, Comparator<Item> inOrder, String question) {
        var token = call.text("pageToken");
        if (token.isEmpty()) return wanted;
        var last = read(token);
        if (!last.path(QUESTION).asText().equals(question))
            throw new ConnectError(Code.INVALID_ARGUMENT, "pageToken belongs to another filter or orderBy");
        var place = new Item(last.path(KEY).asText(), last.path(PLACE));
        return wanted.stream().filter(item -> inOrder.compare(item, place) > 0).toList();
    }

    private static String token(Item last, ListOrder order, String question) {
        var json = JsonNodeFactory.instance.objectNode().put(KEY, last.key).put(QUESTION, question);
        json.set(PLACE, order.place(last.json));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode read(String token) {
        try {
            var json = Json.read(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
            if (json.path(KEY).isTextual() && json.path(PLACE).isObject()) return json;
        } catch (IllegalArgumentException | JsonProcessingException e) {
            // Reported below.
        }
        throw new ConnectError(Code.INVALID_ARGUMENT, "pageToken is not valid at this gateway");
    }

    private static int pageSize(JsonNode message) {
        var size = message.path("pageSize").asInt(0);
        if (size < 0) throw new ConnectError(Code.INVALID_ARGUMENT, "pageSize is negative");
        return size == 0 ? PAGE : Math.min(size, LARGEST_PAGE);
    }
}
