package lib.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import lib.UserError;
import lib.http.Http.Retry;
import lib.providers.Connect.Reply;

/// A gateway's `LLMProviderService`, whole: what manages providers, where [Management] only looks at them.
///
///     var providers = new LlmProviders(connect);
///     providers.update(LlmProvider.of(json), List.of("displayName"));
public final class LlmProviders {
    private static final String SERVICE = "LLMProviderService/";

    private final Connect connect;

    public LlmProviders(Connect connect) {
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

    /// Every provider, page by page.
    public List<LlmProvider> list() {
        return connect.pages(SERVICE + "ListLLMProviders", JsonNodeFactory.instance.objectNode().put("pageSize", 100), "llmProviders").stream().map(LlmProvider::of).toList();
    }

    /// One provider.
    ///
    /// @throws UserError when there is none of that name, or it may not be read
    public LlmProvider get(String name) {
        return existing(name).orElseThrow(() -> notFound(name));
    }

    /// One provider, if there is one of that name.
    ///
    /// @throws UserError when it may not be read
    public Optional<LlmProvider> existing(String name) {
        return switch (connect.call(SERVICE + "GetLLMProvider", named(name), Retry.SAFE)) {
            case Reply.Failure(var code, _) when code.equals("not_found") -> Optional.empty();
            case Reply.Failure(var code, var why) when code.equals("permission_denied") -> throw new UserError(
                    "you may not read provider \"%s\" (%s)".formatted(name, why), "ask the gateway's administrator for the permission; rpkai run works without it");
            case Reply reply -> Optional.of(provider(reply));
        };
    }

    /// Creates a provider.
    ///
    /// @return the provider as the gateway keeps it
    /// @throws UserError when there is one of that name, or the gateway finds something wrong with it
    public LlmProvider create(LlmProvider provider) {
        var request = JsonNodeFactory.instance.objectNode();
        request.set("llmProvider", provider.json());
        // Not twice: where the first answer was lost, the second would say that the name is taken.
        return switch (connect.call(SERVICE + "CreateLLMProvider", request, Retry.UNBEGUN)) {
            case Reply.Failure(var code, _) when code.equals("already_exists") -> throw new UserError(
                    "provider \"%s\" exists already".formatted(provider.name()), "run rpkai llm update %s, or choose another name".formatted(provider.name()));
            case Reply reply -> provider(reply);
        };
    }

    /// The message that changes those paths of a provider and nothing else; what the mask names and the provider lacks is cleared.
    public static ObjectNode updateRequest(LlmProvider provider, List<String> mask) {
        var request = JsonNodeFactory.instance.objectNode();
        request.set("llmProvider", provider.json());
        return request.put("updateMask", String.join(",", mask));
    }

    /// Changes those paths of a provider, and nothing else of it.
    ///
    /// @param mask lowerCamelCase paths such as `anthropicConfig.baseUrl`; not empty
    /// @return the provider as it is now
    public LlmProvider update(LlmProvider provider, List<String> mask) {
        return switch (connect.call(SERVICE + "UpdateLLMProvider", updateRequest(provider, mask), Retry.SAFE)) {
            case Reply.Failure(var code, _) when code.equals("not_found") -> throw notFound(provider.name());
            case Reply reply -> provider(reply);
        };
    }

    /// Deletes a provider.
    public void delete(String name) {
        switch (connect.call(SERVICE + "DeleteLLMProvider", named(name), Retry.UNBEGUN)) {
            case Reply.Failure(var code, _) when code.equals("not_found") -> throw notFound(name);
            case Reply.Failure failure -> throw connect.error(failure);
            case Reply.Message _ -> {}
        }
    }

    /// Lets the gateway try a provider's credential on its upstream.
    public Checked check(String name) {
        return switch (connect.call(SERVICE + "CheckConnection", named(name), Retry.SAFE)) {
            case Reply.Message(var json) -> new Checked(
                    json.path("latencyMs").asLong(-1), code(json.path("status").path("code")), json.path("status").path("message").asText(""), (ObjectNode) json);
            case Reply.Failure(var code, _) when code.equals("not_found") -> throw notFound(name);
            // A provider without a credential of its own cannot be tried: an answer about it, not an error of the call.
            case Reply.Failure(var code, var why) when code.equals("failed_precondition") -> {
                var json = JsonNodeFactory.instance.objectNode();
                json.putObject("status").put("code", code).put("message", why);
                yield new Checked(-1, code, why, json);
            }
            case Reply.Failure failure -> throw connect.error(failure);
        };
    }

    /// The types that this gateway knows.
    public List<ProviderType> types() {
        return switch (connect.call(SERVICE + "ListLLMProviderTypes", JsonNodeFactory.instance.objectNode(), Retry.SAFE)) {
            case Reply.Message(var json) -> json.path("types").valueStream().map(type -> ProviderType.of((type.isObject() ? type.path("type") : type).asText(""))).toList();
            case Reply.Failure failure -> throw connect.error(failure);
        };
    }

    private static String code(JsonNode code) {
        var text = code.asText("");
        return text.isEmpty() || text.equalsIgnoreCase("ok") ? "0" : text;
    }

    private LlmProvider provider(Reply reply) {
        return switch (reply) {
            case Reply.Message(var json) when json.path("llmProvider").isObject() -> LlmProvider.of(json.path("llmProvider"));
            case Reply.Message _ -> throw connect.notAGateway("an answer without a provider");
            case Reply.Failure failure -> throw connect.error(failure);
        };
    }

    private UserError notFound(String name) {
        return Providers.notFound(name, connect);
    }

    private static ObjectNode named(String name) {
        return JsonNodeFactory.instance.objectNode().put("name", ProxyUrl.checked(name));
    }
}
