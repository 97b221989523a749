package lib.usage.extract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lib.usage.BillingHints;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.extract.UsageReading.Background;
import lib.usage.extract.UsageShape.Elements;
import lib.usage.extract.UsageShape.Kind;

/// Collects what an answer reports about its usage. The counts in a stream are running totals, so the last event
/// that has a count is right. If an answer has several [UsageShape]s, each is evaluated separately, and their
/// counts are never added up.
@SuppressWarnings("EnumOrdinal") // its tables are arrays by ordinal, as it looks at every byte of every answer
final class UsageFields implements JsonScan.Found {
    /// An average token of a model's text has about so many bytes.
    private static final int BYTES_OF_A_TOKEN = 4;
    private static final long UNSEEN = -1;
    private static final byte[] NO_TEXT = {};
    private static final long MOST = 1_000_000_000_000_000L;

    /// The places of usage in an answer. They tell whether more usage is still to come.
    private enum Place {
        /// The first event has it, and another event with usage follows.
        FIRST("message.usage"),
        /// The last event has it.
        LAST(
                "response.usage",
                "result.message.usage",
                "response.body.usage",
                "metadata.usage",
                "interaction.usage",
                "amazon-bedrock-invocationMetrics"),
        /// The last event has it, or every event does. In the latter case the event has text of the model, too.
        LAST_OR_EACH("usage", "x_groq.usage", "choices[].usage"),
        /// Every event has it.
        EACH("usageMetadata", "response.usageMetadata"),
        /// Not usage, but the text of the model.
        SAYS("choices[]", "candidates[]", "response.candidates[]");

        private final List<String> paths;

        Place(String... paths) {
            this.paths = List.of(paths);
        }
    }

    /// The texts that are kept.
    private enum Text {
        MODEL(
                "model",
                "message.model",
                "response.model",
                "modelVersion",
                "response.modelVersion",
                UsageShape.IN_BATCH + ".response.modelVersion",
                "result.message.model",
                "response.body.model"),
        TIER(
                "service_tier",
                "response.service_tier",
                "usage.service_tier",
                "message.usage.service_tier",
                "serviceTier.type",
                "result.message.usage.service_tier",
                "response.body.service_tier"),
        SPEED("usage.speed", "message.usage.speed", "performanceConfig.latency", "result.message.usage.speed"),
        REGION("usage.inference_geo", "message.usage.inference_geo", "result.message.usage.inference_geo"),
        /// The model of one turn. A model that is asked for advice has a name and a price of its own.
        TURN_MODEL(
                "usage.iterations[].model",
                "message.usage.iterations[].model",
                "result.message.usage.iterations[].model"),
        ID("id", "response.id"),
        STATUS("status", "response.status"),
        BACKGROUND("background", "response.background"),
        /// The reason why the model stopped.
        FINISH("choices[].finish_reason", "candidates[].finishReason", "response.candidates[].finishReason");

        private final List<String> paths;

        Text(String... paths) {
            this.paths = List.of(paths);
        }
    }

    /// The paths at which streams have pieces of the model's text.
    private static final List<String> SAID = List.of(
            "delta",
            "delta.text",
            "delta.thinking",
            "delta.partial_json",
            "delta.toolUse.input",
            "delta.reasoningContent.text",
            "choices[].text",
            "choices[].delta.content",
            "choices[].delta.reasoning_content",
            "choices[].delta.reasoning",
            "choices[].delta.tool_calls[].function.arguments",
            "candidates[].content.parts[].text");
    private static final Set<String> PENDING = Set.of("queued", "in_progress");
    /// The headers, besides those with usage, that change a price.
    private static final List<String> TIER_HEADERS = List.of("x-amzn-bedrock-service-tier", "x-gemini-service-tier");

    private static final Place[] PLACES = Place.values();
    private static final Text[] TEXTS = Text.values();
    private static final UsageShape[] SHAPES = UsageShape.values();
    /// An array of counts whose elements are distinguished by a text. `slots` has the slot of the count for each
    /// text.
    private record Details(Map<String, Integer> slots) {}

    private static final List<Details> DETAILS = new ArrayList<>();
    /// The slots of the counts of each shape, by the shape's ordinal.
    private static final int[][] SLOTS = new int[SHAPES.length][];
    /// The slots of the counts of each shape and kind; and below it those that are included in the count of the
    /// whole.
    private static final int[][][] OF_KIND = new int[SHAPES.length][Kind.values().length][];
    private static final int[][][] INSIDE = new int[SHAPES.length][Kind.values().length][];
    private static final boolean[] SUMMED;
    private static final int SIZE;
    /// The ids of containers: first the places; from here on two for each array of details, its own and that of
    /// its elements; and at last the arrays whose elements are added up.
    private static final int FIRST_DETAILS = PLACES.length;
    private static final int SUMS;
    static final JsonPaths PATHS = new JsonPaths();

    static {
        var slots = new HashMap<String, Integer>();
        var arrays = new TreeMap<String, Integer>();
        for (var shape : SHAPES) {
            SLOTS[shape.ordinal()] = shape.counts().stream()
                    .mapToInt(count -> slots.computeIfAbsent(group(shape) + " " + count.path(), _ -> slots.size()))
                    .toArray();
        }
        SIZE = slots.size();
        for (var shape : SHAPES) {
            for (var kind : Kind.values()) {
                OF_KIND[shape.ordinal()][kind.ordinal()] = slots(shape, kind, false);
                INSIDE[shape.ordinal()][kind.ordinal()] = slots(shape, kind, true);
            }
        }
        SUMMED = new boolean[SIZE];
        for (var shape : SHAPES) {
            for (int i = 0; i < shape.counts().size(); i++) {
                var count = shape.counts().get(i);
                int slot = SLOTS[shape.ordinal()][i];
                SUMMED[slot] = shape.isSummed();
                for (var place : shape.places()) {
                    if (count.elements().isEmpty()) PATHS.number(place + "." + count.path(), slot);
                    else
                        addDetails(arrays, group(shape), place, count.elements().get(), slot);
                }
            }
        }
        SUMS = FIRST_DETAILS + 2 * DETAILS.size();
        for (var place : PLACES) place.paths.forEach(path -> PATHS.container(path, place.ordinal()));
        for (var place : UsageShape.ITERATIONS.places())
            PATHS.container(place.substring(0, place.length() - "[]".length()), SUMS);
        for (var text : TEXTS)
            text.paths.forEach(path -> {
                if (text == Text.BACKGROUND) PATHS.flag(path, text.ordinal());
                else PATHS.text(path, text.ordinal());
            });
        SAID.forEach(PATHS::said);
        PATHS.document(UsageShape.IN_BATCH);
    }

    private static int[] slots(UsageShape shape, Kind kind, boolean insideOnly) {
        var counts = shape.counts();
        return IntStream.range(0, counts.size())
                .filter(i -> counts.get(i).kind() == kind && (counts.get(i).inside() || !insideOnly))
                .map(i -> SLOTS[shape.ordinal()][i])
                .toArray();
    }

    /// Returns the name of the group of a shape. Shapes whose usage is at the same place are in one group, in
    /// which counts of the same name share a slot.
    private static String group(UsageShape shape) {
        return shape.places().isEmpty() ? shape.name() : shape.places().getFirst();
    }

    private static void addDetails(
            Map<String, Integer> arrays, String group, String place, Elements elements, int slot) {
        int index = arrays.computeIfAbsent(group + " " + elements.array(), _ -> {
            DETAILS.add(new Details(new HashMap<>()));
            return DETAILS.size() - 1;
        });
        DETAILS.get(index).slots.put(elements.value(), slot);
        var array = place + "." + elements.array();
        PATHS.container(array, FIRST_DETAILS + 2 * index)
                .container(array + "[]", FIRST_DETAILS + 2 * index + 1)
                .text(array + "[]." + elements.key(), TEXTS.length + index)
                .number(array + "[]." + elements.field(), SIZE + index);
    }

    /// The counts in the events that have ended, and below them the counts in the current event, which may be
    /// incomplete.
    private final long[] counts = new long[SIZE];
    private final long[] event = new long[SIZE];
    private boolean hasCounts;
    private boolean eventHasCounts;
    private final byte[][] texts = new byte[TEXTS.length][];
    /// The text and the count of the current element of an array of details.
    private String detail;
    private long detailCount;
    private long said;
    /// The places that the current document has, as a bit set.
    private int here;
    /// The places that any document had, as a bit set.
    private int everywhere;
    private boolean settled;
    private boolean hasOtherModel;

    UsageFields() {
        clear();
    }

    void clear() {
        Arrays.fill(counts, UNSEEN);
        Arrays.fill(event, UNSEEN);
        hasCounts = eventHasCounts = false;
        Arrays.fill(texts, NO_TEXT);
        detail = "";
        detailCount = UNSEEN;
        said = 0;
        here = everywhere = 0;
        settled = hasOtherModel = false;
    }

    /// Reads the headers of an answer.
    ///
    /// @param header returns the value of a header for its name, or an empty text
    void headers(UnaryOperator<String> header) {
        var shape = UsageShape.HEADERS;
        for (int i = 0; i < shape.counts().size(); i++) {
            var value = header.apply(shape.counts().get(i).path()).strip();
            if (!value.isEmpty() && value.length() <= 15 && value.chars().allMatch(c -> c >= '0' && c <= '9'))
                counts[SLOTS[shape.ordinal()][i]] = Long.parseLong(value);
        }
        for (var name : TIER_HEADERS) {
            var tier = header.apply(name).strip().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            if (tier.length <= JsonScan.LONGEST_TEXT) text(Text.TIER.ordinal(), tier, 0, tier.length);
        }
    }

    @Override
    public void number(int id, long value) {
        if (id >= SIZE) {
            detailCount = value;
            addDetail(id - SIZE);
        } else if (SUMMED[id]) {
            add(id, value);
        } else {
            event[id] = value;
            eventHasCounts = true;
        }
    }

    @Override
    public void text(int id, byte[] bytes, int from, int count) {
        if (id >= TEXTS.length) {
            detail = new String(bytes, from, count, StandardCharsets.UTF_8);
            addDetail(id - TEXTS.length);
        } else if (count > 0 && !Arrays.equals(texts[id], 0, texts[id].length, bytes, from, from + count)) {
            // Most pieces of a stream repeat the same text.
            texts[id] = Arrays.copyOfRange(bytes, from, from + count);
            var model = texts[Text.MODEL.ordinal()];
            if (id == Text.TURN_MODEL.ordinal() && model.length > 0 && !Arrays.equals(model, texts[id]))
                hasOtherModel = true;
        }
    }

    private void addDetail(int index) {
        if (detail.isEmpty() || detailCount == UNSEEN) return;
        var slot = DETAILS.get(index).slots.get(detail);
        if (slot != null) add(slot, detailCount);
        endDetail();
    }

    private void add(int slot, long value) {
        event[slot] = Math.min(MOST, Math.max(0, event[slot]) + value);
        eventHasCounts = true;
    }

    private void endDetail() {
        detail = "";
        detailCount = UNSEEN;
    }

    @Override
    public void opened(int id) {
        if (id < FIRST_DETAILS) {
            here |= 1 << id;
        } else if (id == SUMS) {
            // A later event has the whole array again.
            for (var slot : SLOTS[UsageShape.ITERATIONS.ordinal()]) event[slot] = 0;
        } else {
            int index = (id - FIRST_DETAILS) / 2;
            if ((id - FIRST_DETAILS) % 2 == 0) DETAILS.get(index).slots.values().forEach(slot -> event[slot] = 0);
            endDetail();
        }
    }

    @Override
    public void said(int bytes) {
        said += bytes;
    }

    @Override
    public void dropped() {
        if (eventHasCounts) Arrays.fill(event, UNSEEN);
        eventHasCounts = false;
        here = 0;
    }

    @Override
    public void ended() {
        if (eventHasCounts) take();
        everywhere |= here;
        if (has(here, Place.LAST)) settled = true;
        if (has(here, Place.LAST_OR_EACH) && (!has(here, Place.SAYS) || isFinished())) settled = true;
        if (has(here, Place.EACH) && isFinished()) settled = true;
        here = 0;
    }

    private void take() {
        for (int i = 0; i < SIZE; i++) {
            if (event[i] == UNSEEN) continue;
            counts[i] = event[i];
            event[i] = UNSEEN;
        }
        hasCounts = true;
        eventHasCounts = false;
    }

    /// Notes that the stream has said that it is over.
    void done() {
        settled = true;
    }

    private static boolean has(int places, Place place) {
        return (places & 1 << place.ordinal()) != 0;
    }

    private boolean isFinished() {
        return texts[Text.FINISH.ordinal()].length > 0;
    }

    /// @param streamed whether the answer consists of events
    /// @param complete whether the answer was received to its end
    UsageReading reading(boolean streamed, boolean complete) {
        var usage = usage();
        var terms = new BillingHints(
                text(Text.MODEL),
                text(Text.TIER),
                text(Text.SPEED),
                text(Text.REGION),
                text(Text.TIER).equals("batch"),
                media());
        var background = background();
        if (!hasUsage()) return new UsageReading(Usage.NONE, Measured.UNMEASURED, terms, text(Text.ID), background);
        if (settled || complete && !isShort(streamed))
            return new UsageReading(usage, Measured.MEASURED, terms, text(Text.ID), background);
        var output = Math.max(usage.output(), (said + BYTES_OF_A_TOKEN - 1) / BYTES_OF_A_TOKEN);
        var estimated = new Usage(
                usage.input(),
                output,
                usage.cachedInput(),
                usage.cacheWrite5m(),
                usage.cacheWrite1h(),
                usage.reasoning());
        return new UsageReading(estimated, Measured.ESTIMATED, terms, text(Text.ID), background);
    }

    private Background background() {
        if (!text(Text.BACKGROUND).equals("true")) return Background.NONE;
        return PENDING.contains(text(Text.STATUS)) ? Background.PENDING : Background.ENDED;
    }

    /// Tells whether a stream that has ended lacks its last event.
    private boolean isShort(boolean streamed) {
        int places = everywhere | here;
        var first = has(places, Place.FIRST) && !has(places, Place.LAST) && !has(places, Place.LAST_OR_EACH);
        return streamed && (first || has(places, Place.SAYS) && !isFinished());
    }

    private String text(Text text) {
        if (texts[text.ordinal()].length == 0) return "";
        return new String(texts[text.ordinal()], StandardCharsets.UTF_8).replace("\\/", "/");
    }

    /// Returns the counts that are to be used. For a stream that broke off in the middle of an event, these are
    /// the counts of the events before, if there are any. An answer that is not a stream is a single event.
    private long[] seen() {
        return hasCounts || !eventHasCounts ? counts : event;
    }

    private boolean hasUsage() {
        for (var shape : SHAPES) if (isIn(shape)) return true;
        return totalOnly() != UNSEEN;
    }

    /// Returns the total, which is all that some answers to requests for embeddings report.
    private long totalOnly() {
        return most(UsageShape.PROMPT_TOKENS, Kind.TOTAL);
    }

    private boolean isIn(UsageShape shape) {
        return most(shape, Kind.INPUT) != UNSEEN || most(shape, Kind.OUTPUT) != UNSEEN;
    }

    /// Returns the usage that was reported so far: the input of the shape that says most about it, and the
    /// largest output of all shapes.
    Usage usage() {
        var input = Usage.NONE;
        long output = 0;
        long reasoning = 0;
        for (var shape : SHAPES) {
            if (!isIn(shape)) continue;
            var alone = alone(shape);
            if (tellsMore(alone, input)) input = alone;
            output = Math.max(output, alone.output());
            reasoning = Math.max(reasoning, alone.reasoning());
        }
        if (output == 0 && input.total() == 0 && totalOnly() != UNSEEN) return new Usage(totalOnly(), 0, 0, 0, 0, 0);
        return new Usage(
                input.input(),
                output,
                input.cachedInput(),
                input.cacheWrite5m(),
                input.cacheWrite1h(),
                Math.min(reasoning, output));
    }

    private static boolean tellsMore(Usage one, Usage other) {
        int kinds = Integer.compare(inputKinds(one), inputKinds(other));
        return kinds > 0 || kinds == 0 && one.total() - one.output() > other.total() - other.output();
    }

    private static int inputKinds(Usage usage) {
        return sign(usage.input())
                + sign(usage.cachedInput())
                + sign(usage.cacheWrite5m())
                + sign(usage.cacheWrite1h());
    }

    private static int sign(long count) {
        return count > 0 ? 1 : 0;
    }

    /// Returns the usage that one shape reports.
    private Usage alone(UsageShape shape) {
        long input = count(shape, Kind.INPUT),
                tool = count(shape, Kind.TOOL),
                output = count(shape, Kind.OUTPUT),
                reasoning = count(shape, Kind.REASONING);
        long cached = count(shape, Kind.CACHED), writes1h = count(shape, Kind.WRITTEN_1H);
        // The answer may lack the split by time. If it has one, it always has the tokens written for an hour.
        long writes5m = Math.max(count(shape, Kind.WRITTEN_5M), Math.max(0, count(shape, Kind.WRITTEN) - writes1h));
        long parts = cached + writes5m + writes1h;
        long total = most(shape, Kind.TOTAL);
        if (total != UNSEEN && most(shape, Kind.OUTPUT) == UNSEEN && !shape.hasOutputInTotalOnly()) total = UNSEEN;

        // A part is either included in its whole or separate from it. The total decides this; without a total,
        // the shape does.
        boolean reasoningInside = isInside(shape, Kind.REASONING)
                ? !(total == UNSEEN && reasoning > output)
                : total == input + tool + output && reasoning > 0;
        long rest = total - input - tool - output - (reasoningInside ? 0 : reasoning);
        boolean inside = isInside(shape, Kind.CACHED)
                || isInside(shape, Kind.WRITTEN)
                || isInside(shape, Kind.WRITTEN_5M)
                || isInside(shape, Kind.WRITTEN_1H);
        if (parts > input || total != UNSEEN && rest == parts && rest != reasoning) inside = false;

        long whole = output + (reasoningInside ? 0 : reasoning);
        if (total != UNSEEN && shape.hasOutputInTotalOnly())
            whole = Math.max(whole, total - input - tool - (inside ? 0 : parts));
        return new Usage((inside ? input - parts : input) + tool, whole, cached, writes5m, writes1h, reasoning);
    }

    /// Tells whether the answer has a count of this kind that is included in the count of the whole.
    private boolean isInside(UsageShape shape, Kind kind) {
        var counts = seen();
        for (var slot : INSIDE[shape.ordinal()][kind.ordinal()]) if (counts[slot] > 0) return true;
        return false;
    }

    /// Returns the number of tokens of sound, of pictures and of another model, to which the model's rates for
    /// text do not apply. Of another model it is only known that it used some, which counts as 1.
    private long media() {
        long most = hasOtherModel ? 1 : 0;
        for (var shape : SHAPES) most = Math.max(most, sum(shape, Kind.MEDIA_IN) + sum(shape, Kind.MEDIA_OUT));
        return most;
    }

    private long sum(UsageShape shape, Kind kind) {
        long sum = 0;
        var counts = seen();
        for (var slot : OF_KIND[shape.ordinal()][kind.ordinal()]) sum += Math.max(0, counts[slot]);
        return sum;
    }

    private long count(UsageShape shape, Kind kind) {
        return Math.max(0, most(shape, kind));
    }

    /// Returns the largest of the counts that a shape has for this kind; [#UNSEEN] if the answer has none of
    /// them.
    private long most(UsageShape shape, Kind kind) {
        long most = UNSEEN;
        var counts = seen();
        for (var slot : OF_KIND[shape.ordinal()][kind.ordinal()]) most = Math.max(most, counts[slot]);
        return most;
    }
}
