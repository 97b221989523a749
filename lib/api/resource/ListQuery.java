package lib.api.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.base.UserError;

/// A query for a list: the filter, the order and the page.
///
///     new ListQuery("", "enabled = true", "name desc", 0, "").isPaged()   // false
///
/// @param nameContains a part of the names; empty for all names
/// @param filter the filter, see [ListFilter]; empty for everything
/// @param orderBy the order, see [ListOrder]; empty for the gateway's own
/// @param pageSize the size of a page; 0 for the whole list, read page by page
/// @param pageToken the token of the page; empty for the first one
public record ListQuery(String nameContains, String filter, String orderBy, int pageSize, String pageToken) {
    /// The whole list.
    public static final ListQuery ALL = new ListQuery("", "", "", 0, "");

    /// @throws UserError for an invalid filter or order; bad usage
    public ListQuery {
        if (pageSize < 0) throw UserError.usage("--page-size must be at least 1", "omit it to list everything");
        try {
            ListFilter.check(filter);
        } catch (ListSyntaxError e) {
            throw badFilter(e);
        }
        try {
            ListOrder.check(orderBy);
        } catch (ListSyntaxError e) {
            throw badOrder(e);
        }
    }

    /// Returns whether the whole list is wanted, in any order.
    public boolean isPlain() {
        return equals(ALL);
    }

    /// Returns whether one page is wanted instead of the whole list.
    public boolean isPaged() {
        return pageSize > 0 || !pageToken.isEmpty();
    }

    /// Returns whether the query uses features that gateways before 2026-09 do not have.
    boolean isNewer() {
        return !filter.isEmpty() || !orderBy.isEmpty();
    }

    /// Adds the query to a request.
    void addTo(ObjectNode request) {
        // Every gateway knows this older form. In the newer one the filter is a string.
        if (filter.isEmpty() && !nameContains.isEmpty())
            request.putObject("filter").put("nameContains", nameContains);
        if (!filter.isEmpty())
            request.put(
                    "filter",
                    nameContains.isEmpty()
                            ? filter
                            : "name:\"%s\" AND (%s)".formatted(nameContains.replaceAll("[\\\\\"]", "\\\\$0"), filter));
        if (!orderBy.isEmpty()) request.put("orderBy", orderBy);
        if (!pageToken.isEmpty()) request.put("pageToken", pageToken);
    }

    /// Returns the error for an invalid filter on the command line.
    static UserError badFilter(ListSyntaxError e) {
        return UserError.usage(
                "--filter: " + e.getMessage(), "use, for example, --filter 'type = anthropic AND NOT enabled = true'");
    }

    /// Returns the error for an invalid order on the command line.
    static UserError badOrder(ListSyntaxError e) {
        return UserError.usage("--order-by: " + e.getMessage(), "use, for example, --order-by 'name desc, created_at'");
    }
}
