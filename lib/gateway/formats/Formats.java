package lib.gateway.formats;

import java.util.Map;
import java.util.Optional;
import lib.api.ProviderType;
import lib.gateway.exchange.ApiFormat;

/// The API formats that this gateway serves, by the type of provider.
///
///     Formats.of(ProviderType.OPENAI).error(GatewayError.notFound("nothing here"))
///     // {"error":{"message":"nothing here","type":"not_found_error","param":null,"code":"not_found_error"}}
public final class Formats {
    public static final ApiFormat ANTHROPIC = new AnthropicFormat();

    public static final Map<ProviderType, ApiFormat> ALL = Map.of(
            ProviderType.ANTHROPIC, ANTHROPIC,
            ProviderType.BEDROCK, new BedrockFormat(),
            ProviderType.GOOGLE, new GoogleFormat(),
            ProviderType.OPENAI, new OpenAiFormat(),
            ProviderType.OPENAI_COMPATIBLE, new OpenAiFormat());

    private Formats() {}

    /// The format of that type.
    ///
    /// @throws IllegalArgumentException for a type that this gateway does not serve
    public static ApiFormat of(ProviderType type) {
        return Optional.ofNullable(ALL.get(type))
                .orElseThrow(() -> new IllegalArgumentException("not served: providers of type " + type));
    }
}
