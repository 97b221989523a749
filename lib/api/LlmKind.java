package lib.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import lib.api.ResourceKind.Field;

/// The fields of an `LLMProvider`.
final class LlmKind {
    /// The configs that may send the caller's own credential upstream.
    private static final Set<String> PASSTHROUGH = Set.of("openaiConfig", "anthropicConfig", "openaiCompatibleConfig");

    private LlmKind() {}

    static ResourceKind made() {
        var configs = new LinkedHashMap<String, String>();
        configs.put("openaiConfig", ProviderType.OPENAI.wire());
        configs.put("anthropicConfig", ProviderType.ANTHROPIC.wire());
        configs.put("googleConfig", ProviderType.GOOGLE.wire());
        configs.put("bedrockConfig", ProviderType.BEDROCK.wire());
        configs.put("openaiCompatibleConfig", ProviderType.OPENAI_COMPATIBLE.wire());
        var fields = new LinkedHashMap<String, Field>();
        for (var text : List.of("name", "displayName", "description", "type", "guardrail"))
            fields.put(text, Field.TEXT);
        for (var said : List.of("url", "createdAt", "updatedAt")) fields.put(said, Field.OUTPUT);
        fields.put("models", Field.TEXTS);
        fields.put("providerModels", Field.MODELS);
        fields.put("enabled", Field.FLAG);
        fields.put("allowUnknownPaths", Field.FLAG);
        fields.put("requestStreamUsage", Field.FLAG);
        fields.put("tags", Field.MAP);
        fields.put("transcripts", Field.MESSAGE);
        fields.put("transcripts.recordInputMessages", Field.FLAG);
        fields.put("transcripts.recordOutputMessages", Field.FLAG);
        configs.keySet().forEach(config -> {
            fields.put(config, Field.MESSAGE);
            fields.put(config + ".baseUrl", Field.TEXT);
            if (!config.equals("bedrockConfig")) fields.put(config + ".apiKeyRef", Field.REFERENCE);
            if (PASSTHROUGH.contains(config)) fields.put(config + ".authorizationPassthrough", Field.FLAG);
        });
        fields.put("bedrockConfig.region", Field.TEXT);
        fields.put("bedrockConfig.staticCredentials", Field.MESSAGE);
        for (var reference : List.of("accessKeyIdRef", "secretAccessKeyRef"))
            fields.put("bedrockConfig.staticCredentials." + reference, Field.REFERENCE);
        fields.put("bedrockConfig.assumeRole", Field.MESSAGE);
        for (var text : List.of("roleArn", "externalId", "sessionName"))
            fields.put("bedrockConfig.assumeRole." + text, Field.TEXT);
        return new ResourceKind("provider", "llm", "LLMProvider", "llmProvider", fields, configs, "LLM_PROVIDER_TYPE_");
    }
}
