package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import lib.auth.Tokens;
import lib.base.Json;
import lib.base.UserError;
import lib.http.Http;
import lib.http.Http.Retry;

/// The unary calls of a gateway's management API: Connect, JSON over HTTP POST.
///
///     switch (connect.call("ModelService/GetModel", request, Retry.SAFE)) {
///         case Connect.Reply.Message(var json) -> …;
///         case Connect.Reply.Failure failure -> throw connect.error(failure);
///     }
///
/// @see <a href="https://connectrpc.com/docs/protocol#unary-request">the Connect protocol</a>
public final class ConnectClient {
    private static final int MOST_PAGES = 1000;
    private static final String PACKAGE = "redpanda.api.adp.v1alpha1.";

    private final GatewayHttp http;

    /// @param gateway the base URL below which the API is served
    public ConnectClient(URI gateway, Tokens tokens, Http http) {
        this.http = new GatewayHttp(gateway, tokens, http);
    }

    /// What a call gave.
    public sealed interface Reply {
        /// The response message.
        record Message(JsonNode json) implements Reply {}

        /// A refusal.
        ///
        /// @param code the Connect code, such as `not_found`, or one of the future
        /// @param message the gateway's words, without the token that it was shown
        record Failure(String code, String message) implements Reply {}
    }

    /// The base URL, for messages.
    public URI gateway() {
        return http.gateway();
    }

    /// Makes one call. A token that is refused although it looked valid is renewed once.
    ///
    /// @param method service and method, such as `LLMProviderService/GetLLMProvider`
    /// @throws UserError when nothing answers, or not as a gateway does
    public Reply call(String method, ObjectNode message, Retry retry) {
        return read(post(method, message, retry));
    }

    /// The same of a service that an older gateway has not: what knows no such path answers 404 in a shape of its
    /// own, and counts as a failure with the code `unimplemented`.
    public Reply callNewer(String method, ObjectNode message, Retry retry) {
        var reply = post(method, message, retry);
        return reply.status() == 404 && !isConnect(reply)
                ? new Reply.Failure("unimplemented", "HTTP 404")
                : read(reply);
    }

    private static boolean isConnect(GatewayHttp.Reply reply) {
        // A gateway of before says so of a service that it has not, too; an object that is not found has its
        // name in the message.
        var json = reply.json();
        return json.path("code").isTextual() && !json.path("message").asText("").startsWith("no such service");
    }

    /// Reads a list, page by page.
    ///
    /// @param request the message of the first page; the page token is put into it
    /// @param field the response's field that holds the list
    public List<JsonNode> pages(String method, ObjectNode request, String field) {
        return pages(method, request, field, message(call(method, request, Retry.SAFE)));
    }

    /// The same of a list whose first page was read already.
    public List<JsonNode> pages(String method, ObjectNode request, String field, JsonNode first) {
        var all = new ArrayList<JsonNode>();
        var pages = new HashSet<String>();
        first.path(field).forEach(all::add);
        var page = first.path("nextPageToken").asText("");
        // A gateway that hands out the same page for ever must not hold us for ever.
        while (!page.isEmpty() && pages.add(page) && pages.size() < MOST_PAGES) {
            var json = message(call(method, request.put("pageToken", page), Retry.SAFE));
            json.path(field).forEach(all::add);
            page = json.path("nextPageToken").asText("");
        }
        return all;
    }

    /// What a call gave, where nothing else will do.
    ///
    /// @throws UserError when it was refused
    public JsonNode message(Reply reply) {
        if (reply instanceof Reply.Message(var json)) return json;
        throw error((Reply.Failure) reply);
    }

    /// A refusal as users read it.
    public UserError error(Reply.Failure failure) {
        var text = failure.message().isEmpty() ? failure.code() : failure.code() + ", " + failure.message();
        return switch (failure.code()) {
            case "unauthenticated" -> http.signedOut();
            case "permission_denied" -> http.notAllowed(text, "ask its administrator for the permission");
            case "unavailable", "resource_exhausted", "deadline_exceeded" -> http.unavailable(text);
            case "unimplemented" ->
                new UserError(
                        "the AI Gateway at %s does not offer this (%s)".formatted(gateway(), text),
                        "upgrade the gateway");
            default ->
                new UserError(
                        "the AI Gateway at %s refused the call (%s)".formatted(gateway(), text), "check the arguments");
        };
    }

    private GatewayHttp.Reply post(String method, ObjectNode message, Retry retry) {
        return http.send(
                HttpRequest.newBuilder(URI.create(gateway() + "/" + PACKAGE + method))
                        .header("Content-Type", "application/json")
                        .header("Connect-Protocol-Version", "1")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.text(message))),
                retry);
    }

    private Reply read(GatewayHttp.Reply reply) {
        var json = reply.json();
        if (reply.status() == 200 && json.isObject()) return new Reply.Message(json);
        if (reply.status() != 200 && json.path("code").isTextual())
            return new Reply.Failure(json.path("code").asText(), shortened(reply.message()));
        // Judged by its status; the body may be anything, and is not quoted.
        return switch (reply.status()) {
            // What stands between (an ingress, a proxy) refuses in its own shape.
            case 401 -> new Reply.Failure("unauthenticated", "");
            case 403 -> new Reply.Failure("permission_denied", "HTTP 403");
            default -> throw http.notAGateway(reply);
        };
    }

    /// It answers, but not as an AI Gateway.
    ///
    /// @param got what came instead
    public UserError notAGateway(String got) {
        return http.notAGateway(got);
    }

    private static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + " ...";
    }
}
