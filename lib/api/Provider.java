package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import lib.api.type.ProviderSpec;

/// An LLM provider as the gateway's management API describes it, reduced to what a launch needs.
///
///     var provider = Provider.fromJson(response.path("llmProvider"));
///     provider.allows("claude-sonnet-4-5")
///
/// @param name the name, unique on the gateway, `^[a-z][a-z0-9-]*$`
/// @param displayName the name for people; empty if none was given
/// @param type the type of the upstream
/// @param models the allowlist; an empty list allows every model
/// @param enabled whether the proxy serves the provider
/// @param url the proxy URL that the gateway reports; empty if it reports none
/// @param passthrough whether the caller's own `Authorization` goes upstream in place of a stored key
/// @param region Bedrock's region; empty for every other type
/// @param allowUnknownPaths whether the allowlist permits calls for which the gateway does not know the model
/// @param requestStreamUsage whether the gateway asks an OpenAI-compatible upstream for the usage of chats that
///     are streamed
public record Provider(
        String name,
        String displayName,
        ProviderType type,
        List<String> models,
        boolean enabled,
        String url,
        boolean passthrough,
        String region,
        boolean allowUnknownPaths,
        boolean requestStreamUsage) {

    /// Creates a provider without a region.
    public Provider(
            String name,
            String displayName,
            ProviderType type,
            List<String> models,
            boolean enabled,
            String url,
            boolean passthrough) {
        this(name, displayName, type, models, enabled, url, passthrough, "");
    }

    /// Creates a provider whose allowlist permits only known calls.
    public Provider(
            String name,
            String displayName,
            ProviderType type,
            List<String> models,
            boolean enabled,
            String url,
            boolean passthrough,
            String region) {
        this(name, displayName, type, models, enabled, url, passthrough, region, false);
    }

    /// Creates a provider whose requests go upstream unchanged.
    public Provider(
            String name,
            String displayName,
            ProviderType type,
            List<String> models,
            boolean enabled,
            String url,
            boolean passthrough,
            String region,
            boolean allowUnknownPaths) {
        this(name, displayName, type, models, enabled, url, passthrough, region, allowUnknownPaths, false);
    }

    public Provider {
        models = List.copyOf(models);
    }

    /// Reads proto3 JSON: absent means empty or `false`, unknown fields are ignored, and both spellings of the
    /// allowlist (`models`, older, and `providerModels`) are combined.
    public static Provider fromJson(JsonNode json) {
        var models = new LinkedHashSet<String>();
        json.path("models").forEach(model -> models.add(model.asText()));
        json.path("providerModels")
                .forEach(model -> models.add(model.path("name").asText()));
        models.remove("");
        var passthrough = false;
        var region = "";
        for (var type : ProviderType.KNOWN) {
            var config = json.path(type.spec().orElseThrow().config().field());
            passthrough |= config.path("authorizationPassthrough").asBoolean();
            if (config.has("region")) region = config.path("region").asText();
        }
        return new Provider(
                json.path("name").asText(),
                json.path("displayName").asText(),
                ProviderType.of(json.path("type").asText()),
                List.copyOf(models),
                json.path("enabled").asBoolean(),
                json.path("url").asText(),
                passthrough,
                region,
                json.path("allowUnknownPaths").asBoolean(),
                json.path("requestStreamUsage").asBoolean());
    }

    /// Returns the provider as proto3 JSON without zero values.
    public ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode().put("name", name);
        if (!displayName.isEmpty()) json.put("displayName", displayName);
        json.put("type", type.wire());
        if (!models.isEmpty()) {
            var list = json.putArray("providerModels");
            models.forEach(model -> list.addObject().put("name", model));
        }
        if (enabled) json.put("enabled", true);
        if (allowUnknownPaths) json.put("allowUnknownPaths", true);
        if (requestStreamUsage) json.put("requestStreamUsage", true);
        if (!url.isEmpty()) json.put("url", url);
        if (!region.isEmpty()) json.withObjectProperty(configWith("region")).put("region", region);
        if (passthrough)
            json.withObjectProperty(configWith("authorizationPassthrough")).put("authorizationPassthrough", true);
        return json;
    }

    /// Returns whether the allowlist permits `model`.
    public boolean allows(String model) {
        return models.isEmpty() || models.contains(model);
    }

    /// Returns the configuration of the provider's type if it has such a field; otherwise of the first type that
    /// does.
    private String configWith(String field) {
        return Stream.concat(Stream.of(type), ProviderType.KNOWN.stream())
                .flatMap(each -> each.spec().stream())
                .map(ProviderSpec::config)
                .filter(config -> config.has(field))
                .findFirst()
                .orElseThrow()
                .field();
    }
}
