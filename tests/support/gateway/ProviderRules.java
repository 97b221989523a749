package tests.support.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/// A gateway's rules for a provider before it stores it, from the wire page's section 2, and read as strictly as
/// possible: 64-bit integers are strings, a field has its own type, a config is the one of the provider's type.
final class ProviderRules {

    static final Map<String, String> CONFIGS = Map.of(
            "OPENAI",
            "openaiConfig",
            "ANTHROPIC",
            "anthropicConfig",
            "GOOGLE",
            "googleConfig",
            "BEDROCK",
            "bedrockConfig",
            "OPENAI_COMPATIBLE",
            "openaiCompatibleConfig");
    static final Set<String> OUTPUT_ONLY = Set.of("url", "createdAt", "updatedAt");

    private static final String TYPE = "LLM_PROVIDER_TYPE_";
    private static final Set<String> TEXTS = Set.of("displayName", "description", "guardrail");
    private static final Map<String, Set<String>> BELOW = Map.of(
            "transcripts", Set.of("recordInputMessages", "recordOutputMessages"),
            "openaiConfig", Set.of("baseUrl", "apiKeyRef", "authorizationPassthrough"),
            "anthropicConfig", Set.of("baseUrl", "apiKeyRef", "authorizationPassthrough"),
            "openaiCompatibleConfig", Set.of("baseUrl", "apiKeyRef", "authorizationPassthrough"),
            "googleConfig", Set.of("baseUrl", "apiKeyRef"),
            "bedrockConfig", Set.of("region", "baseUrl", "staticCredentials", "assumeRole"),
            "bedrockConfig.staticCredentials", Set.of("accessKeyIdRef", "secretAccessKeyRef"),
            "bedrockConfig.assumeRole", Set.of("roleArn", "externalId", "sessionName"));

    private ProviderRules() {}

    /// Returns the rule that a provider violates; empty if it is valid.
    static Optional<String> violation(ObjectNode provider) {
        var name = provider.path("name");
        if (!name.isTextual() || !name.asText().matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?")) {
            return Optional.of("name: value does not match ^[a-z][a-z0-9-]*$");
        }
        for (var text : TEXTS) {
            if (!provider.path(text).isMissingNode() && !provider.path(text).isTextual()) {
                return Optional.of(text + ": not a string");
            }
        }
        if (!provider.path("enabled").isMissingNode()
                && !provider.path("enabled").isBoolean()) {
            return Optional.of("enabled: not a bool");
        }
        if (!all(provider.path("tags"), JsonNode::isTextual)) {
            return Optional.of("tags: not a map of strings");
        }
        return models(provider).or(() -> config(provider));
    }

    private static Optional<String> models(ObjectNode provider) {
        if (!all(provider.path("models"), JsonNode::isTextual)) {
            return Optional.of("models: not a list of strings");
        }
        for (var model : provider.path("providerModels")) {
            if (model.path("name").asText("").isEmpty()) {
                return Optional.of("provider_models: a model without a name");
            }
            for (var price : model.path("customPricing").properties()) {
                if (price.getKey().endsWith("PerMillion")
                        && !(price.getValue().isTextual()
                                && price.getValue().asText().matches("\\d{1,18}"))) {
                    return Optional.of("custom_pricing." + price.getKey() + ": an int64 is written as a string");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> config(ObjectNode provider) {
        var config = CONFIGS.get(provider.path("type").asText().replaceFirst("^" + TYPE, ""));
        if (config == null) {
            return Optional.of("type: unknown enum value " + provider.path("type"));
        }
        var given = CONFIGS.values().stream().filter(provider::has).toList();
        if (!given.equals(List.of(config))) {
            return Optional.of("config: exactly " + config + " is wanted, got " + given);
        }
        var object = provider.path(config);
        var references = List.of(
                object.path("apiKeyRef"),
                object.path("staticCredentials").path("accessKeyIdRef"),
                object.path("staticCredentials").path("secretAccessKeyRef"));
        if (references.stream()
                .anyMatch(reference ->
                        !reference.isMissingNode() && !reference.asText().matches("[A-Z][A-Z0-9_]*"))) {
            return Optional.of("a reference does not match ^[A-Z][A-Z0-9_]*$");
        }
        var credentials = (object.has("apiKeyRef") ? 1 : 0)
                + (object.path("authorizationPassthrough").asBoolean() ? 1 : 0);
        var violated = switch (config) {
            case "openaiConfig", "anthropicConfig" -> credentials != 1;
            case "openaiCompatibleConfig" ->
                credentials > 1 || object.path("baseUrl").asText("").isEmpty();
            case "googleConfig" -> !object.has("apiKeyRef");
            default ->
                object.path("region").asText("").isEmpty()
                        || (object.has("staticCredentials") && object.has("assumeRole"))
                        || (object.has("staticCredentials")
                                && object.path("staticCredentials").size() < 2);
        };
        return violated
                ? Optional.of(config + ": exactly one of the credentials it may have, and what it requires")
                : Optional.empty();
    }

    /// Returns the provider as it is stored and shown: without the fields that only a gateway sets, and without
    /// zero values.
    static ObjectNode stored(ObjectNode provider) {
        var stored = provider.deepCopy();
        stored.remove(OUTPUT_ONLY);
        dropZeros(stored, "");
        return stored;
    }

    private static void dropZeros(ObjectNode object, String path) {
        for (var name : object.properties().stream().map(Map.Entry::getKey).toList()) {
            var value = object.path(name);
            if (value instanceof ObjectNode message && !name.equals("tags")) {
                dropZeros(message, path + name + ".");
            }
            if (value.isNull()
                    || value.isBoolean() && !value.asBoolean()
                    || value.isTextual() && value.asText().isEmpty()
                    || value.isArray() && value.isEmpty()
                    || name.equals("tags") && value.isEmpty()) {
                object.remove(name);
            }
        }
    }

    /// Copies the masked paths from one provider to the other; paths that the first lacks are cleared.
    ///
    /// @return the path that cannot be updated, if there is one
    static Optional<String> update(ObjectNode onto, ObjectNode from, String mask) {
        if (mask.isEmpty()) {
            return Optional.of("(empty)");
        }
        for (var path : mask.split(",", -1)) {
            var names = path.split("\\.");
            var parent = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
            var top = TEXTS.contains(path)
                    || BELOW.containsKey(path)
                    || Set.of("enabled", "tags", "models", "providerModels").contains(path);
            if (!top && !BELOW.getOrDefault(parent, Set.of()).contains(names[names.length - 1])) {
                return Optional.of(path);
            }
            JsonNode source = from;
            for (var name : names) {
                source = source.path(name);
            }
            var target = onto;
            for (var name : names.length == 1 ? new String[0] : parent.split("\\.")) {
                target = target.path(name) instanceof ObjectNode object ? object : target.putObject(name);
            }
            var last = names[names.length - 1];
            if (source.isMissingNode()) {
                target.remove(last);
            } else {
                target.set(last, source.deepCopy());
            }
        }
        return Optional.empty();
    }

    private static boolean all(JsonNode values, java.util.function.Predicate<JsonNode> rule) {
        return StreamSupport.stream(values.spliterator(), false).allMatch(rule);
    }
}
