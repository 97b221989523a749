package lib.api.type;

/// The API that a type of provider speaks. Several types may speak one; each API has a format in
/// `lib.gateway.formats` and an answer of the demo model in `lib.gateway.demo`.
public enum ProviderApi {
    /// Anthropic's Messages API.
    ANTHROPIC,
    /// The runtime of Amazon Bedrock.
    BEDROCK,
    /// Google's Gemini API.
    GOOGLE,
    /// OpenAI's API, and that of everyone who is compatible with it.
    OPENAI
}
