package tests.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import lib.usage.Usage;

/// The formats in which upstreams report one and the same usage.
///
///     Spelling.XAI.write(Spelling.USED, answer);
///     // {"usage":{"prompt_tokens":1262,"completion_tokens":38,"total_tokens":1329,…}}
public enum Spelling {
    ANTHROPIC(used -> used, (used, answer) -> {
        var usage = answer.withObject("/usage")
                .put("input_tokens", used.input())
                .put("output_tokens", used.output())
                .put("cache_read_input_tokens", used.cachedInput())
                .put("cache_creation_input_tokens", used.cacheWrite5m() + used.cacheWrite1h());
        usage.withObject("/cache_creation")
                .put("ephemeral_5m_input_tokens", used.cacheWrite5m())
                .put("ephemeral_1h_input_tokens", used.cacheWrite1h());
    }),
    ANTHROPIC_WITHOUT_SPLIT(
            Spelling::withoutSplit,
            (used, answer) -> answer.withObject("/usage")
                    .put("input_tokens", used.input())
                    .put("output_tokens", used.output())
                    .put("cache_read_input_tokens", used.cachedInput())
                    .put("cache_creation_input_tokens", used.cacheWrite5m() + used.cacheWrite1h())),
    ANTHROPIC_COMPACTED(used -> used, (used, answer) -> {
        var turns = answer.withObject("/usage").withArray("/iterations");
        turns.removeAll();
        turns.addObject()
                .put("type", "compaction")
                .put("input_tokens", used.input() - 1)
                .put("output_tokens", used.output() - 2)
                .put("cache_read_input_tokens", used.cachedInput());
        turns.addObject()
                .put("type", "message")
                .put("input_tokens", 1)
                .put("output_tokens", 2)
                .put("cache_creation_input_tokens", used.cacheWrite5m() + used.cacheWrite1h())
                .withObject("/cache_creation")
                .put("ephemeral_5m_input_tokens", used.cacheWrite5m())
                .put("ephemeral_1h_input_tokens", used.cacheWrite1h());
    }),
    RESPONSES(Spelling::withoutSplit, (used, answer) -> {
        var usage =
                answer.withObject("/usage").put("input_tokens", allInput(used)).put("output_tokens", used.output());
        usage.withObject("/input_tokens_details")
                .put("cached_tokens", used.cachedInput())
                .put("cache_write_tokens", used.cacheWrite5m() + used.cacheWrite1h());
        usage.withObject("/output_tokens_details").put("reasoning_tokens", used.reasoning());
        usage.put("total_tokens", used.total());
    }),
    CHAT(Spelling::withoutSplit, (used, answer) -> {
        var usage = chat(used, used.output(), answer.withObject("/usage"));
        usage.withObject("/prompt_tokens_details")
                .put("cached_tokens", used.cachedInput())
                .put("cache_write_tokens", used.cacheWrite5m() + used.cacheWrite1h());
        usage.withObject("/completion_tokens_details").put("reasoning_tokens", used.reasoning());
    }),
    GROQ(Spelling::withoutCache, (used, answer) -> chat(used, used.output(), answer.withObject("/x_groq/usage"))),
    DEEPSEEK(
            Spelling::withoutWrites,
            (used, answer) -> chat(used, used.output(), answer.withObject("/usage"))
                    .put("prompt_cache_hit_tokens", used.cachedInput())
                    .put("prompt_cache_miss_tokens", allInput(used) - used.cachedInput())),
    MOONSHOT(
            Spelling::withoutWrites,
            (used, answer) ->
                    chat(used, used.output(), answer.withObject("/usage")).put("cached_tokens", used.cachedInput())),
    MOONSHOT_IN_CHOICES(Spelling::withoutWrites, (used, answer) -> {
        var choices = answer.withArray("/choices");
        if (choices.isEmpty()) choices.addObject().put("index", 0).put("finish_reason", "stop");
        chat(used, used.output(), ((ObjectNode) choices.get(0)).withObject("/usage"))
                .put("cached_tokens", used.cachedInput());
    }),
    LITELLM(Spelling::withoutSplit, (used, answer) -> {
        var usage = chat(used, used.output(), answer.withObject("/usage"));
        usage.withObject("/prompt_tokens_details").put("cached_tokens", used.cachedInput());
        usage.put("cache_read_input_tokens", used.cachedInput())
                .put("cache_creation_input_tokens", used.cacheWrite5m() + used.cacheWrite1h());
    }),
    XAI(Spelling::withoutWrites, (used, answer) -> {
        var usage = chat(used, used.output() - used.reasoning(), answer.withObject("/usage"));
        usage.withObject("/prompt_tokens_details").put("cached_tokens", used.cachedInput());
        usage.withObject("/completion_tokens_details").put("reasoning_tokens", used.reasoning());
    }),
    GEMINI_COMPATIBLE(
            Spelling::withoutCache,
            (used, answer) -> chat(used, used.output() - used.reasoning(), answer.withObject("/usage"))),
    GOOGLE(
            Spelling::withoutWrites,
            (used, answer) -> answer.withObject("/usageMetadata")
                    .put("promptTokenCount", allInput(used))
                    .put("cachedContentTokenCount", used.cachedInput())
                    .put("candidatesTokenCount", used.output() - used.reasoning())
                    .put("thoughtsTokenCount", used.reasoning())
                    .put("totalTokenCount", used.total())),
    INTERACTIONS(
            Spelling::withoutWrites,
            (used, answer) -> answer.withObject("/usage")
                    .put("total_input_tokens", allInput(used))
                    .put("total_cached_tokens", used.cachedInput())
                    .put("total_output_tokens", used.output() - used.reasoning())
                    .put("total_thought_tokens", used.reasoning())
                    .put("total_tokens", used.total())),
    CONVERSE(
            Spelling::withoutSplit,
            (used, answer) -> answer.withObject("/usage")
                    .put("inputTokens", used.input())
                    .put("outputTokens", used.output())
                    .put("totalTokens", used.total())
                    .put("cacheReadInputTokens", used.cachedInput())
                    .put("cacheWriteInputTokens", used.cacheWrite5m() + used.cacheWrite1h())),
    NOVA(
            Spelling::withoutSplit,
            (used, answer) -> answer.withObject("/usage")
                    .put("inputTokens", used.input())
                    .put("outputTokens", used.output())
                    .put("cacheReadInputTokenCount", used.cachedInput())
                    .put("cacheWriteInputTokenCount", used.cacheWrite5m() + used.cacheWrite1h())),
    CONVERSE_WITH_DETAILS(used -> used, (used, answer) -> {
        var usage = answer.withObject("/usage")
                .put("inputTokens", used.input())
                .put("outputTokens", used.output())
                .put("cacheReadInputTokens", used.cachedInput())
                .put("cacheWriteInputTokens", used.cacheWrite5m() + used.cacheWrite1h());
        var details = usage.withArray("/cacheDetails");
        details.removeAll();
        details.addObject().put("ttl", "1h").put("inputTokens", used.cacheWrite1h());
        details.addObject().put("inputTokens", used.cacheWrite5m()).put("ttl", "5m");
    }),
    METRICS(
            Spelling::withoutSplit,
            (used, answer) -> answer.withObject("/amazon-bedrock-invocationMetrics")
                    .put("inputTokenCount", used.input())
                    .put("outputTokenCount", used.output())
                    .put("cacheReadInputTokenCount", used.cachedInput())
                    .put("cacheWriteInputTokenCount", used.cacheWrite5m() + used.cacheWrite1h()));

    /// The usage to report: no two sums of its parts are the same.
    public static final Usage USED = new Usage(41, 67, 907, 103, 211, 29);
    /// The usage of an earlier event; some of its counts decrease later.
    public static final Usage BEFORE = new Usage(1201, 5, 3, 1009, 7, 4);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final UnaryOperator<Usage> said;
    private final BiConsumer<Usage, ObjectNode> writer;

    Spelling(UnaryOperator<Usage> said, BiConsumer<Usage, ObjectNode> writer) {
        this.said = said;
        this.writer = writer;
    }

    /// Returns the part of a usage that this format can express.
    public Usage meant(Usage used) {
        var usage = said.apply(used);
        var saysReasoning = List.of(RESPONSES, CHAT, XAI, GOOGLE, INTERACTIONS).contains(this);
        return new Usage(
                usage.input(),
                usage.output(),
                usage.cachedInput(),
                usage.cacheWrite5m(),
                usage.cacheWrite1h(),
                saysReasoning ? usage.reasoning() : 0);
    }

    /// An answer that has a usage in each of these spellings; empty where one contradicts another, as no
    /// upstream's would.
    public static Optional<ObjectNode> answer(Usage used, Spelling... spellings) {
        var answer = JSON.createObjectNode().put("model", "m");
        for (var spelling : spellings) spelling.writer.accept(used, answer);
        for (var spelling : spellings) {
            var alone = JSON.createObjectNode().put("model", "m");
            spelling.writer.accept(used, alone);
            if (!contains(answer, alone)) return Optional.empty();
        }
        return Optional.of(answer);
    }

    private static boolean contains(JsonNode answer, JsonNode alone) {
        if (!alone.isObject())
            return alone.isArray() && alone.size() == answer.size()
                    ? contains(answer.path(0), alone.path(0))
                    : alone.equals(answer);
        for (var field : alone.properties()) if (!contains(answer.path(field.getKey()), field.getValue())) return false;
        return true;
    }

    private static long allInput(Usage used) {
        return used.total() - used.output();
    }

    private static ObjectNode chat(Usage used, long completion, ObjectNode usage) {
        return usage.put("prompt_tokens", allInput(used))
                .put("completion_tokens", completion)
                .put("total_tokens", used.total());
    }

    /// Counts one-hour cache writes as five-minute ones.
    private static Usage withoutSplit(Usage used) {
        return new Usage(
                used.input(),
                used.output(),
                used.cachedInput(),
                used.cacheWrite5m() + used.cacheWrite1h(),
                0,
                used.reasoning());
    }

    /// Counts cache writes as plain input.
    private static Usage withoutWrites(Usage used) {
        return new Usage(
                used.input() + used.cacheWrite5m() + used.cacheWrite1h(),
                used.output(),
                used.cachedInput(),
                0,
                0,
                used.reasoning());
    }

    private static Usage withoutCache(Usage used) {
        return new Usage(allInput(used), used.output(), 0, 0, 0, used.reasoning());
    }
}
