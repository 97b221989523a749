package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
/// @param url the proxy URL that the gateway reports; empty if it reports none
/// @param region Bedrock's region; empty for every other type
/// @param options what is on
public record Provider(
        String name,
        String displayName,
        ProviderType type,
        List<String> models,
        String url,
        String region,
        Set<Option> options) {

    /// What a provider does or does not do.
    public enum Option {
        /// The proxy serves the provider.
        ENABLED,
        /// The caller's own `Authorization` goes upstream in place of a stored key.
        PASSTHROUGH,
        /// The allowlist permits calls for which the gateway does not know the model.
        ALLOW_UNKNOWN_PATHS,
        /// The gateway asks an OpenAI-compatible upstream for the usage of chats that are streamed.
        REQUEST_STREAM_USAGE
    }

    public Provider {
        models = List.copyOf(models);
        options = Set.copyOf(options);
    }

    /// Returns an enabled provider with a stored key, without a display name, that allows every model.
    public static Provider of(String name, ProviderType type) {
        return new Provider(name, "", type, List.of(), "", "", Set.of(Option.ENABLED));
    }

    /// Returns the same provider with that name for people.
    public Provider withDisplayName(String displayName) {
        return new Provider(name, displayName, type, models, url, region, options);
    }

    /// Returns the same provider with that allowlist.
    public Provider withModels(List<String> models) {
        return new Provider(name, displayName, type, models, url, region, options);
    }

    /// Returns the same provider in that region of Bedrock.
    public Provider withRegion(String region) {
        return new Provider(name, displayName, type, models, url, region, options);
    }

    /// Returns the same provider with that option on or off.
    public Provider withOption(Option option, boolean on) {
        var changed = new HashSet<>(options);
        if (on) changed.add(option);
        else changed.remove(option);
        return new Provider(name, displayName, type, models, url, region, changed);
    }

    /// Returns whether the proxy serves the provider.
    public boolean enabled() {
        return options.contains(Option.ENABLED);
    }

    /// Returns whether the caller's own `Authorization` goes upstream in place of a stored key.
    public boolean passthrough() {
        return options.contains(Option.PASSTHROUGH);
    }

    /// Returns whether the allowlist permits calls for which the gateway does not know the model.
    public boolean allowUnknownPaths() {
        return options.contains(Option.ALLOW_UNKNOWN_PATHS);
    }

    /// Returns whether the gateway asks an OpenAI-compatible upstream for the usage of chats that are streamed.
    public boolean requestStreamUsage() {
        return options.contains(Option.REQUEST_STREAM_USAGE);
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
                        json.path("url").asText(),
                        region,
                        Set.of())
                .withOption(Option.ENABLED, json.path("enabled").asBoolean())
                .withOption(Option.PASSTHROUGH, passthrough)
                .withOption(
                        Option.ALLOW_UNKNOWN_PATHS,
                        json.path("allowUnknownPaths").asBoolean())
                .withOption(
                        Option.REQUEST_STREAM_USAGE,
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
        if (enabled()) json.put("enabled", true);
        if (allowUnknownPaths()) json.put("allowUnknownPaths", true);
        if (requestStreamUsage()) json.put("requestStreamUsage", true);
        if (!url.isEmpty()) json.put("url", url);
        if (!region.isEmpty()) json.withObjectProperty(configWith("region")).put("region", region);
        if (passthrough())
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
