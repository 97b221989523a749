package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import lib.api.ConnectClient.Reply;
import lib.base.UserError;
import lib.http.Http.Retry;

/// Calls the methods of a gateway's `LLMProviderService` that other kinds of resources do not have.
/// [lib.api.resource.Resources] has the common ones.
///
///     new LlmProviders(connect).check("anthropic").isOk()
public final class LlmProviders {
    private static final String SERVICE = "LLMProviderService/";

    private final ConnectClient connect;

    public LlmProviders(ConnectClient connect) {
        this.connect = connect;
    }

    /// The result of a connection check.
    ///
    /// @param latencyMs the duration in milliseconds; negative if the gateway does not report it
    /// @param code `0` for success, or the name or number of a Connect code
    /// @param message the message of the gateway; empty for success
    /// @param json the whole answer
    public record Checked(long latencyMs, String code, String message, ObjectNode json) {
        /// Returns whether the upstream accepted the gateway's credential.
        public boolean isOk() {
            return code.equals("0");
        }
    }

    /// Makes the gateway check whether the upstream accepts a provider's credential.
    public Checked check(String name) {
        return check(name, JsonNodeFactory.instance.objectNode().put("name", ProxyUrl.checked(name)));
    }

    /// Checks a provider that the gateway does not store.
    ///
    /// @throws UserError if the gateway checks only stored providers
    public Checked check(Resource draft) {
        return check(
                draft.name(),
                JsonNodeFactory.instance
                        .objectNode()
                        .set("providerConfig", draft.settable().json()));
    }

    private Checked check(String name, ObjectNode request) {
        return switch (connect.call(SERVICE + "CheckConnection", request, Retry.SAFE)) {
            case Reply.Message(var json) ->
                new Checked(
                        json.path("latencyMs").asLong(-1),
                        code(json.path("status").path("code")),
                        json.path("status").path("message").asText(""),
                        (ObjectNode) json);
            case Reply.Failure(var code, var _)
            when code.equals("not_found") && request.has("name") ->
                throw Providers.notFound(ResourceKind.LLM, name, connect);
            // An older gateway ignores the draft and reports a missing name.
            case Reply.Failure(var code, var why)
            when !request.has("name")
                    && (code.equals("not_found")
                            || code.equals("invalid_argument") && why.matches("(?i).*\\bname\\b.*\\brequired.*")) ->
                throw new UserError(
                        "the AI Gateway at %s checks only existing providers".formatted(connect.gateway()),
                        "create the provider, then run rpkai llm check " + name);
            // A provider without its own credential cannot be checked. That is a result and not an error of the
            // call.
            case Reply.Failure(var code, var why)
            when code.equals("failed_precondition") -> {
                var json = JsonNodeFactory.instance.objectNode();
                json.putObject("status").put("code", code).put("message", why);
                yield new Checked(-1, code, why, json);
            }
            case Reply.Failure failure -> throw connect.error(failure);
        };
    }

    /// Returns the types that the gateway supports.
    public List<ProviderType> types() {
        return switch (connect.call(
                SERVICE + "ListLLMProviderTypes", JsonNodeFactory.instance.objectNode(), Retry.SAFE)) {
            case Reply.Message(var json) ->
                json.path("types")
                        .valueStream()
                        .map(type -> ProviderType.of((type.isObject() ? type.path("type") : type).asText("")))
                        .toList();
            case Reply.Failure failure -> throw connect.error(failure);
        };
    }

    private static String code(JsonNode code) {
        var text = code.asText("");
        return text.isEmpty() || text.equalsIgnoreCase("ok") ? "0" : text;
    }
}
