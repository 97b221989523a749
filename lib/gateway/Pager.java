package lib.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import lib.gateway.ConnectError.Code;

/// Answers with a page of a list that is in the order of its names. The token of the next page is the last name of this
/// one, so that pages stay right when something comes and goes in between.
final class Pager {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;

    private Pager() {}

    /// @param field under which the list is
    static <T> ObjectNode page(ManagementCall call, String field, List<T> all, Function<T, String> name, Function<T, JsonNode> shown) {
        var after = lastOfPage(call.text("pageToken"));
        var size = pageSize(call.message());
        var rest = all.stream().filter(each -> name.apply(each).compareTo(after) > 0).toList();
        var json = JsonNodeFactory.instance.objectNode();
        if (!rest.isEmpty()) {
            var page = json.putArray(field);
            rest.stream().limit(size).map(shown).forEach(page::add);
        }
        if (rest.size() > size) json.put("nextPageToken", token(name.apply(rest.get(size - 1))));
        return json;
    }

    private static String token(String last) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }

    private static String lastOfPage(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ConnectError(Code.INVALID_ARGUMENT, "pageToken is not one of this gateway's");
        }
    }

    private static int pageSize(JsonNode message) {
        var size = message.path("pageSize").asInt(0);
        if (size < 0) throw new ConnectError(Code.INVALID_ARGUMENT, "pageSize is negative");
        return size == 0 ? PAGE : Math.min(size, LARGEST_PAGE);
    }
}
