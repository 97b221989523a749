package tests.usage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.usage.Usage;

/// Computes the usage that the first bytes of an answer report, with a parser and its own formulas for each API.
///
///     oracle.upTo(120)   // after so many bytes
///
/// Callers must ask for byte counts in rising order.
final class UsageOracle {
    private static final JsonFactory JSON = new JsonFactory();

    /// A value that is known once so many bytes are; or an array that begins, whose value is null.
    private record Seen(long known, String path, Object value) {}

    /// The usage known from one document, and the position where the document ends.
    private static final class Document {
        private final List<Seen> seen = new ArrayList<>();
        private final Map<String, Object> values = new HashMap<>();
        private int next;
        private long end;

        void read(int bytes) {
            for (; next < seen.size() && seen.get(next).known <= bytes; next++) {
                if (seen.get(next).value != null) values.put(normal(seen.get(next).path), seen.get(next).value);
            }
        }
    }

    /// An event's usage and an answer's own are the same.
    private static String normal(String path) {
        return path.replaceFirst("^(message|response|x_groq)\\.usage", "usage");
    }

    private final List<Document> documents = new ArrayList<>();
    private Map<String, Object> values = new HashMap<>();

    /// @param documents the JSON of an answer, by where each begins
    UsageOracle(Map<Integer, byte[]> documents) {
        documents.forEach((begin, bytes) -> this.documents.add(document(begin, bytes)));
    }

    private static Document document(int begin, byte[] document) {
        var read = new Document();
        read.end = (long) begin + document.length;
        try (var parser = JSON.createParser(document)) {
            Deque<Integer> elements = new ArrayDeque<>();
            Deque<String> path = new ArrayDeque<>();
            for (JsonToken token; (token = parser.nextToken()) != null; ) {
                var name = String.join("", path.reversed());
                switch (token) {
                    case FIELD_NAME -> path.push((path.isEmpty() ? "" : ".") + parser.currentName());
                    case START_OBJECT -> {}
                    case START_ARRAY -> {
                        read.seen.add(new Seen(begin + parser.currentLocation().getByteOffset(), name, null));
                        elements.push(0);
                        path.push("[0]");
                    }
                    case END_ARRAY -> {
                        path.pop();
                        elements.pop();
                        ended(path, elements);
                    }
                    case END_OBJECT -> ended(path, elements);
                    case VALUE_NUMBER_INT -> {
                        // Another digit could follow.
                        read.seen.add(new Seen(
                                begin + parser.currentLocation().getByteOffset() + 1, name, parser.getLongValue()));
                        ended(path, elements);
                    }
                    default -> {
                        // Jackson reads texts when they are asked for.
                        var text = parser.getText();
                        read.seen.add(new Seen(begin + parser.currentLocation().getByteOffset(), name, text));
                        ended(path, elements);
                    }
                }
            }
            return read;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ended(Deque<String> path, Deque<Integer> elements) {
        if (path.isEmpty()) return;
        var last = path.pop();
        if (!last.startsWith("[")) return;
        elements.push(elements.pop() + 1);
        path.push("[" + elements.peek() + "]");
    }

    /// Returns the usage known after that many bytes.
    Usage upTo(int bytes) {
        values = new HashMap<>();
        for (var document : documents) {
            document.read(bytes);
            // Of an event that was cut only half may be new: those before it count.
            if (bytes < document.end && !values.isEmpty()) break;
            document.seen.stream()
                    .filter(seen -> seen.value == null && seen.known <= bytes)
                    .forEach(array -> values.keySet().removeIf(key -> key.startsWith(normal(array.path) + "[")));
            values.putAll(document.values);
            values.remove("model");
        }
        var alone = new ArrayList<Usage>();
        if (has("usage.input_tokens", "usage.output_tokens")) alone.add(anthropicOrResponses());
        if (values.keySet().stream().anyMatch(key -> key.matches("usage\\.iterations\\[.*\\.(in|out)put_tokens")))
            alone.add(iterations());
        for (var place : List.of("usage", "choices[0].usage"))
            if (has(place + ".prompt_tokens", place + ".completion_tokens")) alone.add(chat(place));
        if (has("usageMetadata.promptTokenCount")) alone.add(google());
        if (has("usage.total_input_tokens")) alone.add(interactions());
        if (has("usage.inputTokens", "usage.outputTokens")) alone.add(converse());
        if (has("amazon-bedrock-invocationMetrics.inputTokenCount")) alone.add(metrics());
        if (alone.isEmpty()) return new Usage(Math.max(0, get("usage.total_tokens")), 0, 0, 0, 0, 0);
        return together(alone);
    }

    /// The input of the one that knows most kinds of it, and of those that has most; the largest output.
    private static Usage together(List<Usage> alone) {
        var best = Usage.NONE;
        long output = 0, reasoning = 0;
        for (var usage : alone) {
            if (kinds(usage) > kinds(best)
                    || kinds(usage) == kinds(best) && usage.total() - usage.output() > best.total() - best.output())
                best = usage;
            output = Math.max(output, usage.output());
            reasoning = Math.max(reasoning, usage.reasoning());
        }
        return new Usage(
                best.input(),
                output,
                best.cachedInput(),
                best.cacheWrite5m(),
                best.cacheWrite1h(),
                Math.min(output, reasoning));
    }

    private static long kinds(Usage usage) {
        return List.of(usage.input(), usage.cachedInput(), usage.cacheWrite5m(), usage.cacheWrite1h()).stream()
                .filter(count -> count > 0)
                .count();
    }

    private Usage anthropicOrResponses() {
        long input = get("usage.input_tokens"),
                output = get("usage.output_tokens"),
                hour = get("usage.cache_creation.ephemeral_1h_input_tokens");
        long cachedInside = get("usage.input_tokens_details.cached_tokens"),
                writtenInside = get("usage.input_tokens_details.cache_write_tokens");
        long reasoning = get("usage.output_tokens_details.reasoning_tokens");
        if (cachedInside + writtenInside > 0) return inside(input, output, cachedInside, writtenInside, reasoning);
        long five = Math.max(
                get("usage.cache_creation.ephemeral_5m_input_tokens"), get("usage.cache_creation_input_tokens") - hour);
        return new Usage(input, output, get("usage.cache_read_input_tokens"), five, hour, reasoning);
    }

    private static Usage inside(long input, long output, long cached, long written, long reasoning) {
        // A part that is more than the whole was never inside it.
        if (cached + written > input) return new Usage(input, output, cached, written, 0, reasoning);
        return new Usage(input - cached - written, output, cached, written, 0, reasoning);
    }

    private Usage iterations() {
        long five = sum("ephemeral_5m_input_tokens"), hour = sum("ephemeral_1h_input_tokens");
        return new Usage(
                sum("input_tokens"),
                sum("output_tokens"),
                sum("cache_read_input_tokens"),
                Math.max(five, sum("cache_creation_input_tokens") - hour),
                hour,
                0);
    }

    private long sum(String field) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("usage.iterations[")
                        && entry.getKey().endsWith("." + field))
                .mapToLong(entry -> (Long) entry.getValue())
                .sum();
    }

    private Usage chat(String place) {
        long prompt = get(place + ".prompt_tokens"),
                completion = get(place + ".completion_tokens"),
                total = get(place + ".total_tokens");
        long cached = Math.max(
                Math.max(get(place + ".prompt_tokens_details.cached_tokens"), get(place + ".cached_tokens")),
                Math.max(get(place + ".prompt_cache_hit_tokens"), get(place + ".cache_read_input_tokens")));
        long hour = get(place + ".cache_creation.ephemeral_1h_input_tokens");
        long written = Math.max(
                get(place + ".prompt_tokens_details.cache_write_tokens"), get(place + ".cache_creation_input_tokens"));
        long five = Math.max(get(place + ".cache_creation.ephemeral_5m_input_tokens"), written - hour);
        long parts = cached + five + hour;
        return new Usage(
                parts > prompt ? prompt : prompt - parts,
                Math.max(completion, total - prompt),
                cached,
                five,
                hour,
                get(place + ".completion_tokens_details.reasoning_tokens"));
    }

    private Usage google() {
        long prompt = get("usageMetadata.promptTokenCount"),
                cached = get("usageMetadata.cachedContentTokenCount"),
                thoughts = get("usageMetadata.thoughtsTokenCount");
        return inside(
                prompt,
                Math.max(
                        get("usageMetadata.candidatesTokenCount") + thoughts,
                        get("usageMetadata.totalTokenCount") - prompt),
                cached,
                0,
                thoughts);
    }

    private Usage interactions() {
        long input = get("usage.total_input_tokens"),
                cached = get("usage.total_cached_tokens"),
                thoughts = get("usage.total_thought_tokens");
        return inside(
                input,
                Math.max(get("usage.total_output_tokens") + thoughts, get("usage.total_tokens") - input),
                cached,
                0,
                thoughts);
    }

    private Usage converse() {
        long hour = 0, five = 0;
        for (int i = 0; i < 2; i++) {
            var ttl = values.get("usage.cacheDetails[" + i + "].ttl");
            if ("1h".equals(ttl)) hour += get("usage.cacheDetails[" + i + "].inputTokens");
            if ("5m".equals(ttl)) five += get("usage.cacheDetails[" + i + "].inputTokens");
        }
        long written = Math.max(get("usage.cacheWriteInputTokens"), get("usage.cacheWriteInputTokenCount"));
        return new Usage(
                get("usage.inputTokens"),
                get("usage.outputTokens"),
                Math.max(get("usage.cacheReadInputTokens"), get("usage.cacheReadInputTokenCount")),
                Math.max(five, written - hour),
                hour,
                0);
    }

    private Usage metrics() {
        var place = "amazon-bedrock-invocationMetrics.";
        return new Usage(
                get(place + "inputTokenCount"),
                get(place + "outputTokenCount"),
                get(place + "cacheReadInputTokenCount"),
                get(place + "cacheWriteInputTokenCount"),
                0,
                0);
    }

    private boolean has(String... paths) {
        for (var path : paths) if (values.containsKey(path)) return true;
        return false;
    }

    private long get(String path) {
        return values.get(path) instanceof Long number ? number : 0;
    }
}
