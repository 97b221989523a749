package lib.providers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The fields of an `LLMProvider` that this version knows, by their paths in proto3 JSON. A gateway may have others.
///
///     LlmFields.kind("anthropicConfig.baseUrl")   // Optional[TEXT]
public final class LlmFields {
    /// What a field holds.
    public enum Kind {
        /// A string.
        TEXT,
        /// The name of a secret that the gateway keeps, `^[A-Z][A-Z0-9_]*$`; never the secret.
        REFERENCE,
        /// `true` or `false`.
        FLAG,
        /// A list of strings.
        TEXTS,
        /// A map of strings to strings.
        MAP,
        /// `providerModels`: objects with a name.
        MODELS,
        /// A message with fields of its own.
        MESSAGE,
        /// What the gateway says and nobody sets.
        OUTPUT
    }

    /// The field that configures each type, in the order in which users are told.
    public static final Map<String, ProviderType> CONFIGS = configs();

    /// The configs that may send the caller's own credential upstream.
    private static final Set<String> PASSTHROUGH = Set.of("openaiConfig", "anthropicConfig", "openaiCompatibleConfig");

    private static final Map<String, Kind> KINDS = kinds();

    private LlmFields() {}

    /// What the field at that path holds; empty for one that this version does not know.
    public static Optional<Kind> kind(String path) {
        return Optional.ofNullable(KINDS.get(path));
    }

    /// Every path that can be set, cleared or named in an update mask.
    public static List<String> settable() {
        return KINDS.entrySet().stream().filter(field -> field.getValue() != Kind.OUTPUT && !field.getKey().equals("name") && !field.getKey().equals("type")).map(Map.Entry::getKey).toList();
    }

    /// The fields below a message, or at the top for an empty path, by their last names.
    static List<String> below(String path) {
        var prefix = path.isEmpty() ? "" : path + ".";
        return KINDS.keySet().stream().filter(known -> known.startsWith(prefix) && known.indexOf('.', prefix.length()) < 0).map(known -> known.substring(prefix.length())).toList();
    }

    /// A path as proto3 JSON writes it; protobuf's own spelling and a flag's are understood too.
    ///
    ///     LlmFields.camel("anthropic_config.base-url")   // "anthropicConfig.baseUrl"
    public static String camel(String path) {
        var text = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean joins = (c == '_' || c == '-') && i > 0 && i + 1 < path.length() && Character.isLetterOrDigit(path.charAt(i + 1));
            text.append(joins ? Character.toUpperCase(path.charAt(++i)) : c);
        }
        return text.toString();
    }

    /// The field that configures that type; empty for a type that this version does not know.
    public static Optional<String> config(ProviderType type) {
        return CONFIGS.entrySet().stream().filter(config -> config.getValue().equals(type)).map(Map.Entry::getKey).findFirst();
    }

    private static Map<String, ProviderType> configs() {
        var configs = new LinkedHashMap<String, ProviderType>();
        configs.put("openaiConfig", ProviderType.OPENAI);
        configs.put("anthropicConfig", ProviderType.ANTHROPIC);
        configs.put("googleConfig", ProviderType.GOOGLE);
        configs.put("bedrockConfig", ProviderType.BEDROCK);
        configs.put("openaiCompatibleConfig", ProviderType.OPENAI_COMPATIBLE);
        return configs;
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        for (var text : List.of("name", "displayName", "description", "type", "guardrail")) kinds.put(text, Kind.TEXT);
        for (var said : List.of("url", "createdAt", "updatedAt")) kinds.put(said, Kind.OUTPUT);
        kinds.put("models", Kind.TEXTS);
        kinds.put("providerModels", Kind.MODELS);
        kinds.put("enabled", Kind.FLAG);
        kinds.put("tags", Kind.MAP);
        kinds.put("transcripts", Kind.MESSAGE);
        kinds.put("transcripts.recordInputMessages", Kind.FLAG);
        kinds.put("transcripts.recordOutputMessages", Kind.FLAG);
        CONFIGS.forEach((config, type) -> {
            kinds.put(config, Kind.MESSAGE);
            kinds.put(config + ".baseUrl", Kind.TEXT);
            if (type != ProviderType.BEDROCK) kinds.put(config + ".apiKeyRef", Kind.REFERENCE);
            if (PASSTHROUGH.contains(config)) kinds.put(config + ".authorizationPassthrough", Kind.FLAG);
        });
        kinds.put("bedrockConfig.region", Kind.TEXT);
        kinds.put("bedrockConfig.staticCredentials", Kind.MESSAGE);
        for (var reference : List.of("accessKeyIdRef", "secretAccessKeyRef")) kinds.put("bedrockConfig.staticCredentials." + reference, Kind.REFERENCE);
        kinds.put("bedrockConfig.assumeRole", Kind.MESSAGE);
        for (var text : List.of("roleArn", "externalId", "sessionName")) kinds.put("bedrockConfig.assumeRole." + text, Kind.TEXT);
        return kinds;
    }
}
