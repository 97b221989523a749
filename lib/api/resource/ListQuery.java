package lib.api.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.base.UserError;

/// What somebody asks of a list: which of it, in which order, and how much at once.
///
///     new ListQuery("", "enabled = true", "name desc", 0, "").isPaged()   // false
///
/// @param nameContains a part of the names; empty for every name
/// @param filter see [ListFilter]; empty for everything
/// @param orderBy see [ListOrder]; empty for the gateway's own order
/// @param pageSize how many at once; 0 for all of them, page by page
/// @param pageToken where to go on; empty for the first page
public record ListQuery(String nameContains, String filter, String orderBy, int pageSize, String pageToken) {
    /// All of a list.
    public static final ListQuery ALL = new ListQuery("", "", "", 0, "");

    /// @throws UserError for a filter or an order that cannot be read; bad usage
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

    /// Whether all of the list is wanted, in whatever order.
    public boolean isPlain() {
        return equals(ALL);
    }

    /// Whether one page is wanted, instead of all of the list.
    public boolean isPaged() {
        return pageSize > 0 || !pageToken.isEmpty();
    }

    /// Whether anything is asked that gateways of before 2026-09 do not know.
    boolean isNewer() {
        return !filter.isEmpty() || !orderBy.isEmpty();
    }

    /// Puts it into a request.
    void addTo(ObjectNode request) {
        // The older form, which every gateway knows; a filter is a string in the newer one.
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

    /// A filter of the command line that cannot be read.
    static UserError badFilter(ListSyntaxError e) {
        return UserError.usage(
                "--filter: " + e.getMessage(), "use, for example, --filter 'type = anthropic AND NOT enabled = true'");
    }

    /// An order of the command line that cannot be read.
    static UserError badOrder(ListSyntaxError e) {
        return UserError.usage("--order-by: " + e.getMessage(), "use, for example, --order-by 'name desc, created_at'");
    }
}
