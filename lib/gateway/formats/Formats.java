package lib.gateway.formats;

import java.util.EnumMap;
import java.util.Map;
import lib.api.ProviderType;
import lib.api.type.ProviderApi;
import lib.api.type.ProviderSpec;
import lib.gateway.exchange.ApiFormat;

/// The API formats that this gateway serves.
///
///     Formats.of(ProviderType.OPENAI).error(GatewayError.notFound("nothing here"))
///     // {"error":{"message":"nothing here","type":"not_found_error","param":null,"code":"not_found_error"}}
public final class Formats {
    public static final ApiFormat ANTHROPIC = new AnthropicFormat();

    private static final Map<ProviderApi, ApiFormat> ALL = new EnumMap<>(ProviderApi.class);

    static {
        for (var api : ProviderApi.values())
            ALL.put(
                    api,
                    switch (api) {
                        case ANTHROPIC -> ANTHROPIC;
                        case BEDROCK -> new BedrockFormat();
                        case GOOGLE -> new GoogleFormat();
                        case OPENAI -> new OpenAiFormat();
                    });
    }

    private Formats() {}

    /// Returns the format of a provider type.
    ///
    /// @throws IllegalArgumentException for a type that this gateway does not serve
    public static ApiFormat of(ProviderType type) {
        return type.spec()
                .map(ProviderSpec::api)
                .map(ALL::get)
                .orElseThrow(() -> new IllegalArgumentException("not supported: providers of type " + type));
    }
}
