package lib.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import lib.gateway.ConnectError.Code;
import lib.providers.Provider;

/// The management API, read-only: Connect unary calls with JSON.
///
///     POST /redpanda.api.adp.v1alpha1.LLMProviderService/GetLLMProvider   {"name": "demo"}
///
/// @see <a href="https://connectrpc.com/docs/protocol/">The Connect protocol</a>
final class Management {
    static final String PREFIX = "/redpanda.api.adp.v1alpha1.";

    private static final Set<String> SERVICES = Set.of("LLMProviderService", "ModelService", "MCPServerService");
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HostedProviders providers;
    private final Callers callers;
    private final Front front;

    Management(HostedProviders providers, Callers callers, Front front) {
        this.providers = providers;
        this.callers = callers;
        this.front = front;
    }

    /// Answers one request below [#PREFIX].
    ///
    /// @throws ConnectError for what fails
    void serve(RoutingRequest request, RoutingResponse response) {
        var call = request.prologue().uriPath().rawPath().substring(PREFIX.length());
        if (!SERVICES.contains(call.substring(0, Math.max(0, call.indexOf('/'))))) {
            throw Refusal.notFound("no such service: " + call);
        }
        // These two are HTTP's to refuse: Connect has no code for them.
        if (!request.prologue().method().equals(Method.POST)) {
            response.status(Status.METHOD_NOT_ALLOWED_405).header(HeaderNames.ALLOW, "POST").send();
        } else if (!isJson(request)) {
            response.status(Status.UNSUPPORTED_MEDIA_TYPE_415)
                    .header(HeaderNames.create("Accept-Post"), "application/json").send();
        } else {
            Answers.json(response, 200, answer(call, request));
        }
    }

    private static boolean isJson(RoutingRequest request) {
        return request.headers().contentType()
                .filter(type -> type.mediaType().text().equals("application/json")).isPresent();
    }

    private JsonNode answer(String call, RoutingRequest request) {
        var caller = Credentials.ofBearer(request.headers(), callers)
                .orElseThrow(() -> new ConnectError(Code.UNAUTHENTICATED, "no valid token: run rpkai auth login"))
                .caller();
        var proxies = front.baseUrl(request) + ProxyPath.PREFIX;
        return switch (call) {
            case "LLMProviderService/GetLLMProvider" -> {
                permit(caller, Permission.GET);
                yield get(message(request), proxies);
            }
            case "LLMProviderService/ListLLMProviders" -> {
                permit(caller, Permission.LIST);
                yield list(message(request), proxies);
            }
            default -> throw new ConnectError(Code.UNIMPLEMENTED, call + " is not implemented by this gateway");
        };
    }

    private static void permit(Caller caller, Permission permission) {
        if (!caller.role().may(permission)) {
            throw new ConnectError(Code.PERMISSION_DENIED, caller.name() + " lacks " + permission.wire());
        }
    }

    private JsonNode get(JsonNode message, String proxies) {
        var name = text(message, "name");
        if (name.isEmpty()) throw new ConnectError(Code.INVALID_ARGUMENT, "name is required");
        var provider = providers.present(name)
                .orElseThrow(() -> new ConnectError(Code.NOT_FOUND, "LLM provider \"" + name + "\" not found"));
        return JsonNodeFactory.instance.objectNode().set("llmProvider", shown(provider, proxies));
    }

    private JsonNode list(JsonNode message, String proxies) {
        var contained = text(message.path("filter"), "nameContains");
        var after = lastOfPage(text(message, "pageToken"));
        var size = pageSize(message);
        var rest = providers.list().stream()
                .filter(each -> each.name().contains(contained) && each.name().compareTo(after) > 0).toList();
        var json = JsonNodeFactory.instance.objectNode();
        if (!rest.isEmpty()) {
            var page = json.putArray("llmProviders");
            rest.stream().limit(size).forEach(each -> page.add(shown(each, proxies)));
        }
        if (rest.size() > size) json.put("nextPageToken", pageToken(rest.get(size - 1).name()));
        return json;
    }

    private static ObjectNode shown(Provider provider, String proxies) {
        return new Provider(provider.name(), provider.displayName(), provider.type(), provider.models(),
                provider.enabled(), proxies + provider.name(), provider.passthrough(),
                provider.region()).toJson();
    }

    /// The token of a page is the name before it, so that a page stays right when providers come and go.
    private static String pageToken(String last) {
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

    private static String text(JsonNode message, String field) {
        var value = message.path(field);
        if (value.isMissingNode() || value.isNull()) return "";
        if (!value.isTextual()) throw new ConnectError(Code.INVALID_ARGUMENT, field + " is not a string");
        return value.asText();
    }

    private static JsonNode message(RoutingRequest request) {
        try {
            var message = JSON.readTree(RequestBody.of(request).bytes());
            if (message.isObject()) return message;
        } catch (JsonProcessingException e) {
            // Falls through: what it says is about Jackson.
        } catch (IOException gone) {
            throw new CloseConnectionException("the client went away", gone);
        }
        throw new ConnectError(Code.INVALID_ARGUMENT, "the request is not a JSON object");
    }
}
