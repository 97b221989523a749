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

/// The result of a query for a list.
///
///     Listing.read(connect, "SecretService/ListSecrets", request, "secrets", query, fields).items()
///
/// @param items the objects, as the API returns them
/// @param nextPageToken the token of the next page; empty for the last page, or if the whole list was read
/// @param totalSize the number of objects on all pages; empty if it is not known
public record Listing(List<JsonNode> items, String nextPageToken, OptionalLong totalSize) {
    /// Reads a list of the management API.
    ///
    /// A gateway that does not support filters and orders answers without `totalSize`. If the whole list is read,
    /// they are then applied here.
    ///
    /// @param request the message without the query
    /// @param field the field of the response that holds the list
    /// @throws UserError if the call fails, or if one page of a filtered or ordered list is requested from such a
    ///     gateway
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
            // This gateway rejects the newer form of a filter.
            return here(connect.pages(method, request.deepCopy().put("pageSize", 100), field), query, fields);
        }
        var first = connect.message(reply);
        var all = connect.pages(method, asked, field, first);
        return first.has("totalSize")
                ? new Listing(all, "", OptionalLong.of(first.path("totalSize").asLong()))
                : here(all, query, fields);
    }

    /// Applies a query to a list that was read as a whole.
    ///
    /// @throws UserError if the filter or the order names an unknown field
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

    /// Returns a page of the list. The token of a page is the number of objects before it.
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

    /// Returns the items as a JSON list.
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
