package lib.usage.extract;

import static lib.usage.extract.UsageShape.Count.beside;
import static lib.usage.extract.UsageShape.Count.inside;
import static lib.usage.extract.UsageShape.Count.of;
import static lib.usage.extract.UsageShape.Count.where;

import java.util.List;
import java.util.Optional;

/// The shapes in which upstreams report the usage of a call, each with its own field names. An answer may have
/// several that count the same tokens, so each is read separately: see [UsageFields].
///
/// The count of a part, such as cached input, is either included in the count of the whole (`inside`) or separate
/// from it (`beside`). If the shape has a total, [UsageFields] finds out by it which of the two holds.
enum UsageShape {
    /// Anthropic's Messages, whose cached tokens are beside the input, and OpenAI's Responses, images and
    /// transcriptions, whose cached tokens are inside it:
    /// https://docs.anthropic.com/en/api/messages#response-usage,
    /// https://platform.openai.com/docs/api-reference/responses/object
    INPUT_TOKENS(
            List.of("usage", "message.usage", "response.usage", "result.message.usage", "response.body.usage"),
            of(Kind.INPUT, "input_tokens"),
            of(Kind.OUTPUT, "output_tokens"),
            of(Kind.TOTAL, "total_tokens"),
            beside(Kind.CACHED, "cache_read_input_tokens"),
            beside(Kind.WRITTEN, "cache_creation_input_tokens"),
            beside(Kind.WRITTEN_5M, "cache_creation.ephemeral_5m_input_tokens"),
            beside(Kind.WRITTEN_1H, "cache_creation.ephemeral_1h_input_tokens"),
            inside(Kind.CACHED, "input_tokens_details.cached_tokens"),
            inside(Kind.WRITTEN, "input_tokens_details.cache_write_tokens"),
            inside(Kind.REASONING, "output_tokens_details.reasoning_tokens"),
            inside(Kind.REASONING, "output_tokens_details.thinking_tokens"),
            inside(Kind.MEDIA_IN, "input_tokens_details.image_tokens"),
            inside(Kind.MEDIA_IN, "input_tokens_details.audio_tokens"),
            inside(Kind.MEDIA_IN, "input_token_details.audio_tokens"),
            inside(Kind.MEDIA_OUT, "output_tokens_details.image_tokens"),
            inside(Kind.MEDIA_OUT, "output_tokens_details.audio_tokens")),
    /// The turns of one call to Anthropic. The turn that compacts the conversation is in none of the counts
    /// above. https://docs.claude.com/en/docs/build-with-claude/compaction
    ITERATIONS(
            List.of("usage.iterations[]", "message.usage.iterations[]", "result.message.usage.iterations[]"),
            of(Kind.INPUT, "input_tokens"),
            of(Kind.OUTPUT, "output_tokens"),
            beside(Kind.CACHED, "cache_read_input_tokens"),
            beside(Kind.WRITTEN, "cache_creation_input_tokens"),
            beside(Kind.WRITTEN_5M, "cache_creation.ephemeral_5m_input_tokens"),
            beside(Kind.WRITTEN_1H, "cache_creation.ephemeral_1h_input_tokens")),
    /// OpenAI's chat and embeddings, and all APIs that are compatible with them. Some of these add names:
    /// DeepSeek `…_hit_tokens`, Moonshot `cached_tokens`, LiteLLM those of Anthropic. Groq reports it in
    /// `x_groq`, too. https://platform.openai.com/docs/api-reference/chat/object
    PROMPT_TOKENS(List.of("usage", "x_groq.usage", "response.body.usage"), chat()),
    /// The same counts inside a choice, as Moonshot streams them: https://platform.moonshot.ai/docs/api/chat
    IN_CHOICES(List.of("choices[].usage"), chat()),
    /// Google: https://ai.google.dev/api/generate-content#UsageMetadata
    USAGE_METADATA(
            List.of("usageMetadata", "response.usageMetadata", UsageShape.IN_BATCH + ".response.usageMetadata"),
            of(Kind.INPUT, "promptTokenCount"),
            of(Kind.TOOL, "toolUsePromptTokenCount"),
            of(Kind.OUTPUT, "candidatesTokenCount"),
            of(Kind.OUTPUT, "responseTokenCount"),
            of(Kind.TOTAL, "totalTokenCount"),
            inside(Kind.CACHED, "cachedContentTokenCount"),
            beside(Kind.REASONING, "thoughtsTokenCount"),
            where(Kind.MEDIA_IN, "promptTokensDetails", "modality", "AUDIO", "tokenCount"),
            where(Kind.MEDIA_OUT, "candidatesTokensDetails", "modality", "AUDIO", "tokenCount"),
            where(Kind.MEDIA_OUT, "candidatesTokensDetails", "modality", "IMAGE", "tokenCount")),
    /// Google's interactions: https://ai.google.dev/api/interactions-api
    TOTAL_TOKENS(
            List.of("usage", "interaction.usage"),
            of(Kind.INPUT, "total_input_tokens"),
            of(Kind.TOOL, "total_tool_use_tokens"),
            of(Kind.OUTPUT, "total_output_tokens"),
            of(Kind.TOTAL, "total_tokens"),
            inside(Kind.CACHED, "total_cached_tokens"),
            beside(Kind.REASONING, "total_thought_tokens")),
    /// Bedrock's Converse, and Amazon's own models:
    /// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
    CONVERSE(
            List.of("usage", "metadata.usage"),
            of(Kind.INPUT, "inputTokens"),
            of(Kind.OUTPUT, "outputTokens"),
            of(Kind.TOTAL, "totalTokens"),
            beside(Kind.CACHED, "cacheReadInputTokens"),
            beside(Kind.CACHED, "cacheReadInputTokenCount"),
            beside(Kind.WRITTEN, "cacheWriteInputTokens"),
            beside(Kind.WRITTEN, "cacheWriteInputTokenCount"),
            where(Kind.WRITTEN_5M, "cacheDetails", "ttl", "5m", "inputTokens"),
            where(Kind.WRITTEN_1H, "cacheDetails", "ttl", "1h", "inputTokens")),
    /// Bedrock's metrics, which are in the last event of an invocation of any model.
    METRICS(
            List.of("amazon-bedrock-invocationMetrics"),
            of(Kind.INPUT, "inputTokenCount"),
            of(Kind.OUTPUT, "outputTokenCount"),
            beside(Kind.CACHED, "cacheReadInputTokenCount"),
            beside(Kind.WRITTEN, "cacheWriteInputTokenCount")),
    /// The headers of Bedrock's answer to an invocation:
    /// https://docs.aws.amazon.com/bedrock/latest/userguide/inference-invoke.html
    HEADERS(
            List.of(),
            of(Kind.INPUT, "x-amzn-bedrock-input-token-count"),
            of(Kind.OUTPUT, "x-amzn-bedrock-output-token-count"),
            beside(Kind.CACHED, "x-amzn-bedrock-cache-read-input-token-count"),
            beside(Kind.WRITTEN, "x-amzn-bedrock-cache-write-input-token-count"));

    /// The place of the answers in Google's batches: https://ai.google.dev/gemini-api/docs/batch-api
    static final String IN_BATCH = "response.inlinedResponses.inlinedResponses[]";

    /// The kinds of tokens that are counted.
    enum Kind {
        INPUT,
        /// Input that tools have added to the prompt. It is not part of `INPUT`.
        TOOL,
        OUTPUT,
        TOTAL,
        CACHED,
        /// All tokens that were written to the cache, whether for five minutes or for an hour.
        WRITTEN,
        WRITTEN_5M,
        WRITTEN_1H,
        REASONING,
        MEDIA_IN,
        MEDIA_OUT
    }

    /// A field that has a count.
    ///
    /// @param path the path of the field below the place of the usage, or the name of a header
    /// @param inside whether the count is included in the count of the whole
    /// @param elements the elements of an array whose counts are added up; empty if the field is not in an array
    record Count(Kind kind, String path, boolean inside, Optional<Elements> elements) {
        static Count of(Kind kind, String path) {
            return new Count(kind, path, false, Optional.empty());
        }

        static Count inside(Kind kind, String path) {
            return new Count(kind, path, true, Optional.empty());
        }

        static Count beside(Kind kind, String path) {
            return new Count(kind, path, false, Optional.empty());
        }

        /// Creates a count that is the sum of a field over those elements of an array whose `key` has this
        /// `value`.
        static Count where(Kind kind, String array, String key, String value, String field) {
            return new Count(
                    kind,
                    array + "[]." + field + "?" + value,
                    false,
                    Optional.of(new Elements(array, key, value, field)));
        }
    }

    record Elements(String array, String key, String value, String field) {}

    private final List<String> places;
    private final List<Count> counts;

    UsageShape(List<String> places, Count... counts) {
        this.places = places;
        this.counts = List.of(counts);
    }

    private static Count[] chat() {
        return new Count[] {
            of(Kind.INPUT, "prompt_tokens"),
            of(Kind.OUTPUT, "completion_tokens"),
            of(Kind.TOTAL, "total_tokens"),
            inside(Kind.CACHED, "prompt_tokens_details.cached_tokens"),
            inside(Kind.CACHED, "cached_tokens"),
            inside(Kind.CACHED, "prompt_cache_hit_tokens"),
            inside(Kind.CACHED, "cache_read_input_tokens"),
            inside(Kind.WRITTEN, "prompt_tokens_details.cache_write_tokens"),
            inside(Kind.WRITTEN, "prompt_tokens_details.cache_creation_tokens"),
            inside(Kind.WRITTEN, "cache_creation_input_tokens"),
            inside(Kind.WRITTEN_5M, "cache_creation.ephemeral_5m_input_tokens"),
            inside(Kind.WRITTEN_1H, "cache_creation.ephemeral_1h_input_tokens"),
            inside(Kind.REASONING, "completion_tokens_details.reasoning_tokens"),
            inside(Kind.MEDIA_IN, "prompt_tokens_details.audio_tokens"),
            inside(Kind.MEDIA_OUT, "completion_tokens_details.audio_tokens"),
            inside(Kind.MEDIA_OUT, "completion_tokens_details.image_tokens")
        };
    }

    /// Returns the paths at which answers may have the usage; none for [#HEADERS].
    List<String> places() {
        return places;
    }

    List<Count> counts() {
        return counts;
    }

    /// Tells whether the shape has counts for each turn of a call, which have to be added up.
    boolean isSummed() {
        return this == ITERATIONS;
    }

    /// Tells whether tokens that are in the total but in no other count are output: xAI and Google's compatible
    /// API leave reasoning out of `completion_tokens`.
    boolean hasOutputInTotalOnly() {
        return this == PROMPT_TOKENS || this == IN_CHOICES || this == USAGE_METADATA || this == TOTAL_TOKENS;
    }
}
