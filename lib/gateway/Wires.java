package lib.gateway;

import java.util.Map;
import java.util.Optional;
import lib.providers.ProviderType;

/// The API formats that this gateway serves, by the type of provider.
///
///     Wires.of(ProviderType.OPENAI).error(Refusal.notFound("nothing here"))
///     // {"error":{"message":"nothing here","type":"not_found_error","param":null,"code":"not_found_error"}}
final class Wires {
    static final Wire ANTHROPIC = new AnthropicWire();

    static final Map<ProviderType, Wire> ALL = Map.of(
            ProviderType.ANTHROPIC, ANTHROPIC,
            ProviderType.BEDROCK, new BedrockWire(),
            ProviderType.GOOGLE, new GoogleWire(),
            ProviderType.OPENAI, new OpenAiWire(),
            ProviderType.OPENAI_COMPATIBLE, new OpenAiWire());

    private Wires() {}

    /// The format of that type.
    ///
    /// @throws IllegalArgumentException for a type that this gateway does not serve
    static Wire of(ProviderType type) {
        return Optional.ofNullable(ALL.get(type))
                .orElseThrow(() -> new IllegalArgumentException("not served: providers of type " + type));
    }
}
