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

/// The client of a gateway's management API. It makes unary Connect calls with JSON over HTTP POST.
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

    /// The result of a call.
    public sealed interface Reply {
        /// A successful call's response message.
        record Message(JsonNode json) implements Reply {}

        /// A failed call.
        ///
        /// @param code the Connect code, such as `not_found`, or a code that this version does not know
        /// @param message the gateway's message, without the token that was sent
        record Failure(String code, String message) implements Reply {}
    }

    /// Returns the base URL, for messages.
    public URI gateway() {
        return http.gateway();
    }

    /// Makes one call. If the gateway rejects a token that looked valid, the token is renewed once.
    ///
    /// @param method the service and method, such as `LLMProviderService/GetLLMProvider`
    /// @throws UserError if there is no answer, or none that a gateway gives
    public Reply call(String method, ObjectNode message, Retry retry) {
        return read(post(method, message, retry));
    }

    /// Makes a call of a service that an older gateway may lack. A server that does not know the path answers 404
    /// in another format; this counts as a failure with the code `unimplemented`.
    public Reply callNewer(String method, ObjectNode message, Retry retry) {
        var reply = post(method, message, retry);
        return reply.status() == 404 && !isConnect(reply)
                ? new Reply.Failure("unimplemented", "HTTP 404")
                : read(reply);
    }

    private static boolean isConnect(GatewayHttp.Reply reply) {
        // An older gateway answers the same for a service that it lacks. The message about a missing object
        // contains the object's name.
        var json = reply.json();
        return json.path("code").isTextual() && !json.path("message").asText("").startsWith("no such service");
    }

    /// Reads all pages of a list.
    ///
    /// @param request the message of the first page; the page token is added to it
    /// @param field the field of the response that holds the list
    public List<JsonNode> pages(String method, ObjectNode request, String field) {
        return pages(method, request, field, message(call(method, request, Retry.SAFE)));
    }

    /// Reads all pages of a list whose first page has been read already.
    public List<JsonNode> pages(String method, ObjectNode request, String field, JsonNode first) {
        var all = new ArrayList<JsonNode>();
        var pages = new HashSet<String>();
        first.path(field).forEach(all::add);
        var page = first.path("nextPageToken").asText("");
        // A faulty gateway that always returns the same page must not cause an endless loop.
        while (!page.isEmpty() && pages.add(page) && pages.size() < MOST_PAGES) {
            var json = message(call(method, request.put("pageToken", page), Retry.SAFE));
            json.path(field).forEach(all::add);
            page = json.path("nextPageToken").asText("");
        }
        return all;
    }

    /// Returns the message of a successful call.
    ///
    /// @throws UserError if the call failed
    public JsonNode message(Reply reply) {
        if (reply instanceof Reply.Message(var json)) return json;
        throw error((Reply.Failure) reply);
    }

    /// Converts a failure to an error for users.
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
        // Only the status counts; the body may contain anything and is not quoted.
        return switch (reply.status()) {
            // An ingress or a proxy in between answers in its own format.
            case 401 -> new Reply.Failure("unauthenticated", "");
            case 403 -> new Reply.Failure("permission_denied", "HTTP 403");
            default -> throw http.notAGateway(reply);
        };
    }

    /// Returns the error for a server that is not an AI gateway.
    ///
    /// @param got the description of the unexpected answer
    public UserError notAGateway(String got) {
        return http.notAGateway(got);
    }

    private static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + " ...";
    }
}
