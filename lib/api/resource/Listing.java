package lib.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import lib.api.ConnectClient;
import lib.api.ConnectClient.Reply;
import lib.base.UserError;
import lib.http.Http.Retry;

/// What a list holds, as far as it was asked for.
///
///     Listing.read(connect, "SecretService/ListSecrets", request, "secrets", query, fields).items()
///
/// @param items the objects, as the API has them
/// @param nextPageToken where the next page begins; empty where this is the last one, or all was read
/// @param totalSize how many there are on all pages; empty where that is not known
public record Listing(List<JsonNode> items, String nextPageToken, OptionalLong totalSize) {
    /// Reads a list of the management API.
    ///
    /// A gateway that does not know filters and orders answers without `totalSize`. Where all of the list is
    /// read, they are applied here then.
    ///
    /// @param request the message, without what the query adds
    /// @param field the response's field that holds the list
    /// @throws UserError when the call is refused, or such a gateway is asked for one page of a filtered or
    ///     ordered list
    public static Listing read(
            ConnectClient connect,
            String method,
            ObjectNode request,
            String field,
            ListQuery query,
            ListFields fields) {
        var asked = request.deepCopy();
        query.addTo(asked);
        if (query.isPaged()) return page(connect, method, asked, field, query);
        asked.put("pageSize", 100);
        if (query.isPlain()) return new Listing(connect.pages(method, asked, field), "", OptionalLong.empty());
        var reply = connect.call(method, asked, Retry.SAFE);
        if (reply instanceof Reply.Failure(var code, var _) && code.equals("invalid_argument") && query.isNewer()) {
            // One that takes the newer form for a mistake.
            return here(connect.pages(method, request.deepCopy().put("pageSize", 100), field), query, fields);
        }
        var first = connect.message(reply);
        var all = connect.pages(method, asked, field, first);
        return first.has("totalSize")
                ? new Listing(all, "", OptionalLong.of(first.path("totalSize").asLong()))
                : here(all, query, fields);
    }

    /// The same of a list that was read whole.
    ///
    /// @throws UserError for a filter or an order that names a field which there is not
    public static Listing here(List<JsonNode> all, ListQuery query, ListFields fields) {
        var present = new HashSet<String>();
        all.forEach(object -> object.fieldNames().forEachRemaining(present::add));
        var wanted = new ArrayList<>(all);
        try {
            var filter = ListFilter.of(query.filter(), fields.and(present));
            wanted.removeIf(
                    object -> !object.path("name").asText("").contains(query.nameContains()) || !filter.holds(object));
        } catch (ListSyntaxError e) {
            throw ListQuery.badFilter(e);
        }
        try {
            wanted.sort(ListOrder.of(query.orderBy(), fields.and(present)).comparator());
        } catch (ListSyntaxError e) {
            throw ListQuery.badOrder(e);
        }
        return query.isPaged()
                ? pageOf(wanted, query)
                : new Listing(List.copyOf(wanted), "", OptionalLong.of(wanted.size()));
    }

    /// The token of a page is the number of what stands before it.
    private static Listing pageOf(List<JsonNode> wanted, ListQuery query) {
        if (!query.pageToken().matches("\\d{0,6}"))
            throw UserError.usage(
                    "--page-token does not belong to this list", "use the token that the previous page printed");
        int from = query.pageToken().isEmpty() ? 0 : Math.min(Integer.parseInt(query.pageToken()), wanted.size());
        int to = query.pageSize() == 0 ? wanted.size() : Math.min(from + query.pageSize(), wanted.size());
        return new Listing(
                List.copyOf(wanted.subList(from, to)),
                to < wanted.size() ? Integer.toString(to) : "",
                OptionalLong.of(wanted.size()));
    }

    /// The items as one JSON list.
    public ArrayNode json() {
        return JsonNodeFactory.instance.arrayNode().addAll(items);
    }

    private static Listing page(ConnectClient connect, String method, ObjectNode asked, String field, ListQuery query) {
        if (query.pageSize() > 0) asked.put("pageSize", query.pageSize());
        var reply = connect.call(method, asked, Retry.SAFE);
        if (reply instanceof Reply.Failure(var code, var why) && code.equals("invalid_argument")) {
            throw UserError.usage(
                    "the AI Gateway refused to list this page (%s)".formatted(why),
                    "check --page-token, --filter and --order-by; a token is valid only with the "
                            + "filter and order that it was printed for");
        }
        var json = connect.message(reply);
        var items = new ArrayList<JsonNode>();
        json.path(field).forEach(items::add);
        if (query.isNewer() && !json.has("totalSize") && !items.isEmpty()) {
            throw new UserError(
                    "the AI Gateway at %s does not support --filter and --order-by".formatted(connect.gateway()),
                    "omit --page-size and --page-token, so that rpkai reads the whole list and " + "filters it");
        }
        return new Listing(
                List.copyOf(items),
                json.path("nextPageToken").asText(""),
                json.has("totalSize") ? OptionalLong.of(json.path("totalSize").asLong()) : OptionalLong.empty());
    }
}
