package tests.support.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import tests.support.TestJson;

/// Providers as the management API shows them, enabled, without transcripts or tags. Change the node for anything
/// else.
///
///     gateway.provider(ProviderJson.anthropic("claude", "claude-sonnet-4-5"));
///     gateway.provider(ProviderJson.passthrough("mine").put("enabled", false));
///
/// The first of several models is in the older list, `models`, the others are in `providerModels`: a client has
/// to read both.
public final class ProviderJson {

    private static final String TYPE = "LLM_PROVIDER_TYPE_";

    private ProviderJson() {}

    /// Anthropic with a key that the gateway keeps.
    public static ObjectNode anthropic(String name, String... models) {
        return withKey(name, "ANTHROPIC", "anthropicConfig", models);
    }

    /// Anthropic with the caller's own login.
    public static ObjectNode passthrough(String name, String... models) {
        var provider = provider(name, "ANTHROPIC", models);
        provider.putObject("anthropicConfig").put("authorizationPassthrough", true);
        return provider;
    }

    /// Bedrock with the AWS default chain.
    public static ObjectNode bedrock(String name, String region, String... models) {
        var provider = provider(name, "BEDROCK", models);
        provider.putObject("bedrockConfig").put("region", region);
        return provider;
    }

    /// OpenAI with a key that the gateway keeps.
    public static ObjectNode openai(String name, String... models) {
        return withKey(name, "OPENAI", "openaiConfig", models);
    }

    /// Google with a key that the gateway keeps.
    public static ObjectNode google(String name, String... models) {
        return withKey(name, "GOOGLE", "googleConfig", models);
    }

    /// Something that speaks OpenAI's API, without a key.
    public static ObjectNode openaiCompatible(String name, String baseUrl, String... models) {
        var provider = provider(name, "OPENAI_COMPATIBLE", models);
        provider.putObject("openaiCompatibleConfig").put("baseUrl", baseUrl);
        return provider;
    }

    /// A type that no client knows yet, with a config that none knows either.
    public static ObjectNode ofUnknownType(String name, String... models) {
        return withKey(name, "FROM_THE_FUTURE", "futureConfig", models);
    }

    private static ObjectNode withKey(String name, String type, String config, String... models) {
        var provider = provider(name, type, models);
        provider.putObject(config).put("apiKeyRef", type + "_API_KEY");
        return provider;
    }

    private static ObjectNode provider(String name, String type, String... models) {
        var provider = TestJson.object()
                .put("name", name)
                .put("type", TYPE + type)
                .put("enabled", true)
                .put("createdAt", "2026-09-01T08:00:00Z")
                .put("updatedAt", "2026-09-02T08:00:00.123Z");
        for (var i = 0; i < models.length; i++) {
            if (i == 0) {
                provider.putArray("models").add(models[i]);
            } else {
                provider.withArray("providerModels").addObject().put("name", models[i]);
            }
        }
        return provider;
    }
}
