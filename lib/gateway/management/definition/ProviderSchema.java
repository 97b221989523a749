package lib.gateway.management.definition;

import java.util.List;
import java.util.Map;
import lib.api.ProviderType;
import lib.gateway.management.definition.Field.Choice;
import lib.gateway.management.definition.Field.Count;
import lib.gateway.management.definition.Field.Flag;
import lib.gateway.management.definition.Field.Many;
import lib.gateway.management.definition.Field.Message;
import lib.gateway.management.definition.Field.Ours;
import lib.gateway.management.definition.Field.Text;
import lib.gateway.management.definition.Field.Texts;

/// The fields of a provider.
final class ProviderSchema {
    /// Every type, each at its number on the wire.
    static final List<ProviderType> TYPES = List.of(
            ProviderType.UNSPECIFIED,
            ProviderType.OPENAI,
            ProviderType.ANTHROPIC,
            ProviderType.GOOGLE,
            ProviderType.BEDROCK,
            ProviderType.OPENAI_COMPATIBLE);

    /// Which configuration a type takes.
    static final Map<String, ProviderType> CONFIGS = Map.of(
            "openaiConfig",
            ProviderType.OPENAI,
            "anthropicConfig",
            ProviderType.ANTHROPIC,
            "googleConfig",
            ProviderType.GOOGLE,
            "bedrockConfig",
            ProviderType.BEDROCK,
            "openaiCompatibleConfig",
            ProviderType.OPENAI_COMPATIBLE);

    private static final Text LINE = new Text(255);
    private static final Text URL = new Text(2048);
    private static final Message KEYED =
            new Message(Map.of("baseUrl", URL, "apiKeyRef", LINE, "authorizationPassthrough", new Flag()));
    private static final Message PRICES = new Message(Map.of(
            "inputPerMillion",
            new Count(),
            "outputPerMillion",
            new Count(),
            "cachedInputPerMillion",
            new Count(),
            "cacheCreation5mPerMillion",
            new Count(),
            "cacheCreation1hPerMillion",
            new Count()));

    static final Message PROVIDER = new Message(Map.ofEntries(
            Map.entry("name", LINE),
            Map.entry("displayName", LINE),
            Map.entry("description", new Text(4000)),
            Map.entry("type", new Choice(TYPES.stream().map(ProviderType::wire).toList())),
            Map.entry("models", new Many(LINE, 1000)),
            Map.entry("providerModels", new Many(new Message(Map.of("name", LINE, "customPricing", PRICES)), 1000)),
            Map.entry("enabled", new Flag()),
            Map.entry("allowUnknownPaths", new Flag()),
            Map.entry("requestStreamUsage", new Flag()),
            Map.entry(
                    "transcripts",
                    new Message(Map.of("recordInputMessages", new Flag(), "recordOutputMessages", new Flag()))),
            Map.entry("guardrail", new Field.Absent("is not possible: this gateway evaluates no guardrails")),
            Map.entry("tags", new Texts(64, 255)),
            Map.entry("url", new Ours()),
            Map.entry("createdAt", new Ours()),
            Map.entry("updatedAt", new Ours()),
            Map.entry("openaiConfig", KEYED),
            Map.entry("anthropicConfig", KEYED),
            Map.entry("openaiCompatibleConfig", KEYED),
            Map.entry("googleConfig", new Message(Map.of("baseUrl", URL, "apiKeyRef", LINE))),
            Map.entry(
                    "bedrockConfig",
                    new Message(Map.of(
                            "region",
                            LINE,
                            "baseUrl",
                            URL,
                            "staticCredentials",
                            new Message(Map.of("accessKeyIdRef", LINE, "secretAccessKeyRef", LINE)),
                            "assumeRole",
                            new Message(Map.of(
                                    "roleArn", new Text(2048), "externalId", new Text(1224), "sessionName", LINE)))))));

    private ProviderSchema() {}
}
