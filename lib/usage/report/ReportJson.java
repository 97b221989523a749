package lib.usage.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.usage.Usage;
import lib.usage.pricing.Cost;
import lib.usage.report.UsageReport.Point;
import lib.usage.report.UsageReport.Row;

/// Writes a [UsageReport] as JSON: `GET /usage/v1/report` answers it, and `rpkai usage -o json` prints it. Costs
/// are in microcents, 100,000,000 for a dollar, and latencies in milliseconds.
///
///     ReportJson.of(report).path("total").path("cost").path("total").asLong()
public final class ReportJson {
    private ReportJson() {}

    public static ObjectNode of(UsageReport report) {
        var question = report.question();
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("from", question.window().from().toString())
                .put("to", question.window().to().toString());
        question.by().ifPresent(by -> json.put("by", by.wire()));
        question.step().ifPresent(step -> json.put("stepSeconds", step.toSeconds()));
        json.set("total", row(report.total()));
        if (question.by().isPresent()) {
            var rows = json.putArray("rows");
            report.rows().forEach(row -> rows.add(key(row.key(), row.others()).setAll(row(row))));
        }
        if (question.step().isPresent()) {
            var points = json.putArray("points");
            report.points().forEach(point -> points.add(point(point)));
        }
        return json;
    }

    private static ObjectNode row(Row row) {
        var json = sums(row.sums());
        latency(json, "latency", row.latency());
        latency(json, "firstByte", row.firstByte());
        row.before().ifPresent(before -> json.set("before", sums(before)));
        return json;
    }

    private static ObjectNode point(Point point) {
        var json =
                JsonNodeFactory.instance.objectNode().put("from", point.from().toString());
        json.setAll(key(point.key(), point.others()));
        json.setAll(sums(point.sums()));
        return json;
    }

    /// The row that stands for all the rows beyond the limit has no key.
    private static ObjectNode key(String key, boolean others) {
        var json = JsonNodeFactory.instance.objectNode();
        return others ? json.put("others", true) : json.put("key", key);
    }

    private static ObjectNode sums(UsageTotals sums) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("requests", sums.requests())
                .put("failed", sums.failed())
                .put("cut", sums.cut())
                .put("unpriced", sums.unpriced())
                .put("unmeasured", sums.unmeasured())
                .put("estimated", sums.estimated())
                .put("free", sums.free());
        json.set("tokens", tokens(sums.tokens()));
        json.set("cost", cost(sums.cost()));
        return json.put("cacheHitRatio", Math.round(sums.tokens().cacheHitRatio() * 10_000) / 10_000.0);
    }

    private static ObjectNode tokens(Usage tokens) {
        var json = JsonNodeFactory.instance.objectNode();
        for (var kind : TokenKind.values()) json.put(kind.wire(), kind.tokens(tokens));
        return json.put("reasoning", tokens.reasoning()).put("total", tokens.total());
    }

    private static ObjectNode cost(Cost cost) {
        var json = JsonNodeFactory.instance.objectNode();
        for (var kind : TokenKind.values()) json.put(kind.wire(), kind.cost(cost));
        return json.put("total", cost.total());
    }

    private static void latency(ObjectNode json, String name, java.util.Optional<Latencies> latency) {
        latency.ifPresent(found -> json.putObject(name)
                .put("p50", found.p50().toMillis())
                .put("p95", found.p95().toMillis()));
    }
}
