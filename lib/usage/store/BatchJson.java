package lib.usage.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lib.base.Json;
import lib.usage.Attribution;
import lib.usage.Usage;
import lib.usage.pricing.Cost;
import lib.usage.pricing.PriceVariant;
import lib.usage.report.UsageTotals;
import lib.usage.store.Batch.Calls;
import lib.usage.store.Batch.Hour;
import lib.usage.store.Batch.Series;
import lib.usage.store.Batch.Slow;

/// A batch as JSON in one line, for a [UsageJournal]: names, times and counts, and nothing else of a call.
///
///     {"series": [["anthropic", …]], "calls": [[0, 1795000000000, 200, 812000, …]], "latencies": […]}
///
/// A series is written once and referred to by its index. A missing time to the first byte is -1.
final class BatchJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int LABELS = UsageSchema.LABELS.size();

    private BatchJson() {}

    static String text(Batch batch) {
        var indexes = new LinkedHashMap<Series, Integer>();
        var calls = JSON.arrayNode();
        for (var each : batch.calls()) {
            var row = calls.addArray()
                    .add(index(indexes, each.series()))
                    .add(each.time().toEpochMilli())
                    .add(each.status())
                    .add(micros(each.latency()))
                    .add(each.firstByte().map(BatchJson::micros).orElse(-1L));
            for (var number : numbers(each.sums())) row.add(number);
        }
        var latencies = JSON.arrayNode();
        batch.latencies()
                .forEach((slow, count) -> latencies
                        .addArray()
                        .add(index(indexes, slow.hour().series()))
                        .add(slow.hour().begin())
                        .add(slow.what())
                        .add(slow.latency())
                        .add(count));
        var series = JSON.arrayNode();
        for (var each : indexes.keySet()) {
            var labels = series.addArray();
            each.labels().forEach(labels::add);
            if (!each.detail().isNone()) each.detail().labels().forEach(labels::add);
        }
        var json = JSON.objectNode();
        json.set("series", series);
        json.set("calls", calls);
        json.set("latencies", latencies);
        return Json.text(json);
    }

    /// @throws IOException if it is not such a text
    static Batch batch(byte[] text) throws IOException {
        try {
            var json = Json.read(text);
            var series = new ArrayList<Series>();
            for (var each : json.path("series")) series.add(series(each));
            var calls = new ArrayList<Calls>();
            for (var each : json.path("calls")) calls.add(calls(each, series));
            var latencies = new TreeMap<Slow, Long>();
            for (var each : json.path("latencies"))
                latencies.put(
                        new Slow(
                                new Hour(
                                        each.path(1).asLong(),
                                        series.get(each.path(0).asInt())),
                                each.path(2).asInt(),
                                each.path(3).asInt()),
                        each.path(4).asLong());
            return Batch.of(calls, latencies);
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("it is not a batch of usage", e);
        }
    }

    private static int index(Map<Series, Integer> indexes, Series series) {
        return indexes.computeIfAbsent(series, _ -> indexes.size());
    }

    private static Series series(JsonNode json) {
        var text = new ArrayList<String>();
        for (var each : json) text.add(each.asText());
        return new Series(
                text.get(0),
                text.get(1),
                text.get(2),
                text.get(3),
                text.get(4),
                text.get(5),
                text.size() == LABELS ? Detail.NONE : detail(text.subList(LABELS, text.size())));
    }

    /// Reads the values of [UsageSchema#DETAILS], in their order.
    private static Detail detail(List<String> text) {
        return new Detail(
                new PriceVariant(text.get(0), text.get(1), text.get(2), text.get(3)),
                new Attribution(
                        text.get(4), 1, text.get(5), text.get(6), text.get(7), text.get(8), text.get(9), text.get(10)));
    }

    private static Calls calls(JsonNode json, List<Series> series) {
        var first = json.path(4).asLong();
        return new Calls(
                series.get(json.path(0).asInt()),
                Instant.ofEpochMilli(json.path(1).asLong()),
                json.path(2).asInt(),
                sums(json, 5),
                duration(json.path(3).asLong()),
                first < 0 ? Optional.empty() : Optional.of(duration(first)));
    }

    private static long[] numbers(UsageTotals sums) {
        var counts = sums.counts();
        var unknown = sums.unknown();
        var tokens = sums.tokens();
        var cost = sums.cost();
        return new long[] {
            counts.requests(),
            counts.attempts(),
            counts.failed(),
            counts.cut(),
            counts.free(),
            unknown.unpriced(),
            unknown.unmeasured(),
            unknown.estimated(),
            unknown.assumedCost(),
            tokens.input(),
            tokens.output(),
            tokens.cachedInput(),
            tokens.cacheWrite5m(),
            tokens.cacheWrite1h(),
            tokens.reasoning(),
            cost.input(),
            cost.output(),
            cost.cachedInput(),
            cost.cacheWrite5m(),
            cost.cacheWrite1h()
        };
    }

    /// Reads what [#numbers] wrote.
    private static UsageTotals sums(JsonNode json, int from) {
        var n = new long[20];
        for (int i = 0; i < n.length; i++) n[i] = json.path(from + i).asLong();
        return new UsageTotals(
                new UsageTotals.Counts(n[0], n[1], n[2], n[3], n[4]),
                new UsageTotals.Unknown(n[5], n[6], n[7], n[8]),
                new Usage(n[9], n[10], n[11], n[12], n[13], n[14]),
                new Cost(n[15], n[16], n[17], n[18], n[19]));
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }

    private static Duration duration(long micros) {
        return Duration.ofNanos(micros * 1000);
    }
}
