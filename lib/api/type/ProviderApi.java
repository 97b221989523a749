package lib.api.type;

/// The API of a provider type. Several types may share one. Each API has a format in `lib.gateway.formats` and an
/// implementation of the demo model in `lib.gateway.demo`.
public enum ProviderApi {
    /// Anthropic's Messages API.
    ANTHROPIC,
    /// The runtime of Amazon Bedrock.
    BEDROCK,
    /// Google's Gemini API.
    GOOGLE,
    /// OpenAI's API, which compatible upstreams use too.
    OPENAI
}
