package lib.usage;

import lib.usage.JsonScan.Key;

/// The counts of an answer, by the names that the upstreams give them. Counts of a stream are running totals: the largest
/// is the last.
final class UsageFields {
    /// Where usage stands, from the outermost object: alone in an answer, or inside the event that carries it.
    private static final byte[][] ALONE = {
            JsonScan.name("usage"), JsonScan.name("usageMetadata"), JsonScan.name("amazon-bedrock-invocationMetrics")};
    private static final byte[][] INSIDE = {JsonScan.name("message"), JsonScan.name("response")};
    private static final byte[] USAGE = ALONE[0];
    private static final byte[] NONE = {};

    private enum Field {
        /// Anthropic: https://docs.anthropic.com/en/api/messages#response-usage. OpenAI's Responses use the first two as
        /// well, with cached tokens among the input: https://platform.openai.com/docs/api-reference/responses/object
        INPUT("input_tokens"), OUTPUT("output_tokens"),
        CACHE_READ("cache_read_input_tokens"), CACHE_WRITE("cache_creation_input_tokens"),
        CACHE_WRITE_5M("cache_creation", "ephemeral_5m_input_tokens"), CACHE_WRITE_1H("cache_creation", "ephemeral_1h_input_tokens"),
        INPUT_CACHED("input_tokens_details", "cached_tokens"), INPUT_WRITTEN("input_tokens_details", "cache_write_tokens"), OUTPUT_REASONING("output_tokens_details", "reasoning_tokens"),
        /// OpenAI's chat and embeddings: https://platform.openai.com/docs/api-reference/chat/object
        PROMPT("prompt_tokens"), COMPLETION("completion_tokens"),
        PROMPT_CACHED("prompt_tokens_details", "cached_tokens"), PROMPT_WRITTEN("prompt_tokens_details", "cache_write_tokens"), COMPLETION_REASONING("completion_tokens_details", "reasoning_tokens"),
        /// Google: https://ai.google.dev/api/generate-content#UsageMetadata
        PROMPT_COUNT("promptTokenCount"), TOOL_COUNT("toolUsePromptTokenCount"), CACHED_COUNT("cachedContentTokenCount"),
        CANDIDATES_COUNT("candidatesTokenCount"), THOUGHTS_COUNT("thoughtsTokenCount"),
        /// Bedrock's Converse: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
        INPUT_TOKENS("inputTokens"), OUTPUT_TOKENS("outputTokens"), CACHE_READ_TOKENS("cacheReadInputTokens"), CACHE_WRITE_TOKENS("cacheWriteInputTokens"),
        /// Bedrock's metrics behind the last event of an invocation, of whatever model.
        INPUT_METRIC("inputTokenCount"), OUTPUT_METRIC("outputTokenCount"), CACHE_READ_METRIC("cacheReadInputTokenCount"), CACHE_WRITE_METRIC("cacheWriteInputTokenCount");

        private final byte[] name;
        private final byte[] below;

        Field(String name) {
            this.name = JsonScan.name(name);
            this.below = NONE;
        }

        Field(String name, String below) {
            this.name = JsonScan.name(name);
            this.below = JsonScan.name(below);
        }

        boolean isAt(Key[] path, int first, int depth) {
            return depth - first == (below.length == 0 ? 0 : 1) && path[first].is(name) && (below.length == 0 || path[depth].is(below));
        }
    }

    private static final Field[] FIELDS = Field.values();

    private final long[] counts = new long[FIELDS.length];

    void take(Key[] path, int depth, long value) {
        int first = isOneOf(path[1], ALONE) ? 2 : depth > 2 && path[2].is(USAGE) && isOneOf(path[1], INSIDE) ? 3 : 0;
        if (first == 0 || first > depth) return;
        for (var field : FIELDS) {
            if (field.isAt(path, first, depth)) counts[field.ordinal()] = Math.max(counts[field.ordinal()], value);
        }
    }

    Usage usage() {
        var anthropic = count(Field.INPUT) + count(Field.CACHE_READ) + count(Field.CACHE_WRITE) + count(Field.OUTPUT) > 0;
        if (anthropic) {
            var writes1h = count(Field.CACHE_WRITE_1H);
            return new Usage(
                    without(count(Field.INPUT), count(Field.INPUT_CACHED) + count(Field.INPUT_WRITTEN)), count(Field.OUTPUT), count(Field.CACHE_READ) + count(Field.INPUT_CACHED),
                    // The split may be missing; what was written for an hour is always in it.
                    Math.max(count(Field.CACHE_WRITE_5M), without(count(Field.CACHE_WRITE), writes1h)) + count(Field.INPUT_WRITTEN), writes1h, count(Field.OUTPUT_REASONING));
        }
        return new Usage(
                without(count(Field.PROMPT), count(Field.PROMPT_CACHED) + count(Field.PROMPT_WRITTEN)) + without(count(Field.PROMPT_COUNT) + count(Field.TOOL_COUNT), count(Field.CACHED_COUNT))
                        + count(Field.INPUT_TOKENS) + count(Field.INPUT_METRIC),
                count(Field.COMPLETION) + count(Field.CANDIDATES_COUNT) + count(Field.THOUGHTS_COUNT) + count(Field.OUTPUT_TOKENS) + count(Field.OUTPUT_METRIC),
                count(Field.PROMPT_CACHED) + count(Field.CACHED_COUNT) + count(Field.CACHE_READ_TOKENS) + count(Field.CACHE_READ_METRIC),
                count(Field.PROMPT_WRITTEN) + count(Field.CACHE_WRITE_TOKENS) + count(Field.CACHE_WRITE_METRIC), 0, count(Field.COMPLETION_REASONING) + count(Field.THOUGHTS_COUNT));
    }

    private long count(Field field) {
        return counts[field.ordinal()];
    }

    /// A part that is larger than the whole is an upstream's mistake, and no reason for a negative bill.
    private static long without(long whole, long part) {
        return Math.max(0, whole - part);
    }

    private static boolean isOneOf(Key key, byte[][] names) {
        for (var name : names) if (key.is(name)) return true;
        return false;
    }
}
