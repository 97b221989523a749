package lib.usage;

import java.util.Arrays;
import java.util.stream.Stream;
import lib.usage.JsonScan.Names;

/// The counts of an answer, by the names that the upstreams give them. Counts of a stream are running totals: the largest
/// is the last.
final class UsageFields implements JsonScan.Found {
    /// Where usage stands, from the outermost object: alone in an answer, or inside the event that carries it.
    private static final String[] ALONE = {"usage", "usageMetadata", "amazon-bedrock-invocationMetrics"};
    private static final String[] INSIDE = {"message", "response"};

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

        private final String name;
        private final String below;

        Field(String name) {
            this(name, "");
        }

        Field(String name, String below) {
            this.name = name;
            this.below = below;
        }
    }

    private static final Field[] FIELDS = Field.values();
    /// Of all that is looked for, what encloses usage first.
    static final Names NAMES = Names.of(Stream.of(Arrays.stream(ALONE), Arrays.stream(INSIDE), Arrays.stream(FIELDS).flatMap(field -> Stream.of(field.name, field.below)).filter(name -> !name.isEmpty()))
            .flatMap(names -> names).distinct().toArray(String[]::new));
    private static final int USAGE = NAMES.code(ALONE[0]);
    /// The field that stands right in a usage, and the one that stands in one of its objects, by their codes; null for none.
    private static final Field[] DIRECT = new Field[NAMES.size() + 1];
    private static final Field[][] BELOW = new Field[NAMES.size() + 1][NAMES.size() + 1];

    static {
        for (var field : FIELDS) {
            if (field.below.isEmpty()) DIRECT[NAMES.code(field.name)] = field;
            else BELOW[NAMES.code(field.name)][NAMES.code(field.below)] = field;
        }
    }

    private final long[] counts = new long[FIELDS.length];

    @Override
    public void number(int[] path, int depth, long value) {
        int first = isAlone(path[1]) ? 2 : depth > 2 && path[2] == USAGE && isInside(path[1]) ? 3 : 0;
        if (first == 0 || first > depth || depth > first + 1) return;
        var field = depth == first ? DIRECT[path[first]] : BELOW[path[first]][path[depth]];
        if (field != null) counts[field.ordinal()] = Math.max(counts[field.ordinal()], value);
    }

    private static boolean isAlone(int code) {
        return code >= 1 && code <= ALONE.length;
    }

    private static boolean isInside(int code) {
        return code > ALONE.length && code <= ALONE.length + INSIDE.length;
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
}
