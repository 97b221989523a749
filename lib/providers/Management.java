package lib.providers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import lib.UserError;
import lib.auth.AccessToken;
import lib.auth.SignedOut;
import lib.auth.Tokens;
import lib.http.Http;
import lib.http.Http.Retry;

/// The client of an AI Gateway's management API: Connect unary calls, JSON over HTTP POST.
///
///     var management = new Management(settings.gateway(), tokens, http);
///     management.list().forEach(provider -> System.out.println(provider.name()));
///
/// @see <a href="https://connectrpc.com/docs/protocol#unary-request">the Connect protocol</a>
public final class Management implements Providers {
    private static final String NAME = "the AI Gateway";
    private static final int MOST_PAGES = 1000;
    private static final String PACKAGE = "redpanda.api.adp.v1alpha1.";

    private final URI gateway;
    private final Tokens tokens;
    private final Http http;

    /// @param gateway the gateway's base URL
    public Management(URI gateway, Tokens tokens, Http http) {
        this.gateway = gateway;
        this.tokens = tokens;
        this.http = http;
    }

    @Override
    public Lookup find(String name) {
        var request = JsonNodeFactory.instance.objectNode().put("name", ProxyUrl.checked(name));
        return switch (call("LLMProviderService/GetLLMProvider", request)) {
            case Reply.Message(var json) when json.path("llmProvider").isObject() -> new Lookup.Found(Provider.fromJson(json.path("llmProvider")));
            case Reply.Message _ -> throw notAGateway("an answer without a provider");
            case Reply.Failure(var code, var why) when code.equals("permission_denied") -> new Lookup.Unreadable(why);
            case Reply.Failure(var code, _) when code.equals("not_found") -> throw Providers.notFound(name, gateway.toString(), "");
            case Reply.Failure failure -> throw failure.asError(gateway);
        };
    }

    @Override
    public List<Provider> list() {
        var all = new ArrayList<Provider>();
        var pages = new HashSet<String>();
        var page = "";
        do {
            var request = JsonNodeFactory.instance.objectNode().put("pageSize", 100);
            if (!page.isEmpty()) request.put("pageToken", page);
            switch (call("LLMProviderService/ListLLMProviders", request)) {
                case Reply.Message(var json) -> {
                    json.path("llmProviders").forEach(provider -> all.add(Provider.fromJson(provider)));
                    page = json.path("nextPageToken").asText("");
                }
                case Reply.Failure failure -> throw failure.asError(gateway);
            }
            // A gateway that hands out the same page for ever must not hold us for ever.
        } while (!page.isEmpty() && pages.add(page) && pages.size() < MOST_PAGES);
        return all;
    }

    /// Enables or disables a provider, and changes nothing else of it.
    ///
    /// @return the provider as it is now
    public Provider enable(String name, boolean enabled) {
        var request = JsonNodeFactory.instance.objectNode().put("updateMask", "enabled");
        var provider = request.putObject("llmProvider").put("name", ProxyUrl.checked(name));
        // Proto3 JSON leaves a zero value out; the mask says that it is meant.
        if (enabled) provider.put("enabled", true);
        return switch (call("LLMProviderService/UpdateLLMProvider", request)) {
            case Reply.Message(var json) when json.path("llmProvider").isObject() -> Provider.fromJson(json.path("llmProvider"));
            case Reply.Message _ -> throw notAGateway("an answer without a provider");
            case Reply.Failure(var code, _) when code.equals("not_found") -> throw Providers.notFound(name, gateway.toString(), "");
            case Reply.Failure failure -> throw failure.asError(gateway);
        };
    }

    private sealed interface Reply {
        record Message(JsonNode json) implements Reply {}

        record Failure(String code, String message) implements Reply {
            UserError asError(URI gateway) {
                var text = message.isEmpty() ? code : code + ", " + message;
                return switch (code) {
                    case "unauthenticated" -> new SignedOut("refused by the AI Gateway at " + gateway);
                    case "permission_denied" -> new UserError("the AI Gateway at %s does not allow this (%s)".formatted(gateway, text), "ask its administrator for the permission");
                    case "unavailable", "resource_exhausted", "deadline_exceeded" -> new UserError("the AI Gateway at %s is not available (%s)".formatted(gateway, text), "try again");
                    default -> new UserError("the AI Gateway at %s refused the call (%s)".formatted(gateway, text), "check the arguments");
                };
            }
        }
    }

    private Reply call(String method, ObjectNode message) {
        var token = tokens.atLeast(Tokens.DEFAULT_WINDOW);
        var answer = post(method, message, token);
        if (answer.status() == 401 && token.isPresent()) {
            token = tokens.insteadOf(token.get());
            answer = post(method, message, token);
        }
        return read(answer, token);
    }

    private Http.Answer post(String method, ObjectNode message, Optional<AccessToken> token) {
        var request = HttpRequest.newBuilder(URI.create(gateway + "/" + PACKAGE + method))
                .header("Content-Type", "application/json").header("Connect-Protocol-Version", "1")
                .POST(HttpRequest.BodyPublishers.ofString(message.toString()));
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t.value().reveal()));
        return http.send(request.build(), Retry.SAFE, NAME);
    }

    private Reply read(Http.Answer answer, Optional<AccessToken> shown) {
        try {
            var json = new ObjectMapper().readTree(answer.body());
            if (answer.status() == 200 && json.isObject()) return new Reply.Message(json);
            if (answer.status() != 200 && json.path("code").isTextual()) {
                // A gateway may repeat the token that it was shown; we don't.
                var text = json.path("message").asText("");
                return new Reply.Failure(json.path("code").asText(), shortened(shown.map(t -> t.hiddenIn(text)).orElse(text)));
            }
        } catch (JsonProcessingException e) {
            // Judged by its status below; the body may be anything, and is not quoted.
        }
        return switch (answer.status()) {
            // What stands between (an ingress, a proxy) refuses in its own shape.
            case 401 -> new Reply.Failure("unauthenticated", "");
            case 403 -> new Reply.Failure("permission_denied", "HTTP 403");
            default -> throw notAGateway(answer);
        };
    }

    private UserError notAGateway(Http.Answer answer) {
        var got = "HTTP %d%s".formatted(answer.status(), answer.contentType().isEmpty() ? "" : ", " + answer.contentType());
        return answer.isPassing()
                ? new UserError("the AI Gateway at %s is not available (%s)".formatted(gateway, got), "try again")
                : notAGateway(got);
    }

    private UserError notAGateway(String got) {
        return new UserError("%s does not answer as an AI Gateway (%s)".formatted(gateway, got), "check the URL (rpkai env show)");
    }

    private static String shortened(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + " ...";
    }
}
