package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import lib.api.ConnectClient.Reply;
import lib.base.UserError;
import lib.http.Http.Retry;

/// The calls of a gateway's `LLMProviderService` that other kinds do not have; [lib.api.resource.Resources] has the
/// common ones.
///
///     new LlmProviders(connect).check("anthropic").isOk()
public final class LlmProviders {
    private static final String SERVICE = "LLMProviderService/";

    private final ConnectClient connect;

    public LlmProviders(ConnectClient connect) {
        this.connect = connect;
    }

    /// What a connection check found.
    ///
    /// @param latencyMs how long it took, in milliseconds; negative where the gateway does not say
    /// @param code `0` or a Connect code's name or number
    /// @param message the gateway's words; empty where all is well
    /// @param json the whole answer
    public record Checked(long latencyMs, String code, String message, ObjectNode json) {
        /// Whether the upstream took the gateway's credential.
        public boolean isOk() {
            return code.equals("0");
        }
    }

    /// Lets the gateway try a provider's credential on its upstream.
    public Checked check(String name) {
        return check(name, JsonNodeFactory.instance.objectNode().put("name", ProxyUrl.checked(name)));
    }

    /// The same of a provider that the gateway does not keep.
    ///
    /// @throws UserError for a gateway that checks only what it keeps
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
            // An older gateway overlooks the draft, and misses the name.
            case Reply.Failure(var code, var why)
            when !request.has("name")
                    && (code.equals("not_found")
                            || code.equals("invalid_argument") && why.matches("(?i).*\\bname\\b.*\\brequired.*")) ->
                throw new UserError(
                        "the AI Gateway at %s checks only existing providers".formatted(connect.gateway()),
                        "create the provider, then run rpkai llm check " + name);
            // A provider without a credential of its own cannot be tried: an answer about it, not an error of the
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

    /// The types that this gateway knows.
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
