package lib.gateway.ui;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import lib.base.UserError;
import lib.usage.report.QueryParameters;
import lib.usage.report.ReportJson;
import lib.usage.report.UsageQuery;
import lib.usage.report.UsageReport;
import lib.usage.report.UsageReport.Point;
import lib.usage.report.UsageReport.Row;
import lib.usage.report.UsageTotals;
import lib.usage.report.Window;
import lib.usage.store.UsageReports;

/// Builds the data of the page in one answer: the rows of its table, and for its chart the values of the largest
/// rows, one for each step. A comparison uses the same part of the previous period: today until ten is compared
/// with yesterday until ten.
///
///     PageReport.answer(reports, Map.of("by", "model", "last", "24h", "step", "30m", "measure", "cost"), now)
final class PageReport {
    private static final int ROWS = 1000;
    private static final int SERIES = 8;
    private static final Map<String, ToLongFunction<UsageTotals>> MEASURES = Map.of(
            "cost",
            sums -> sums.cost().total(),
            "requests",
            UsageTotals::requests,
            "tokens",
            sums -> sums.tokens().total());

    private PageReport() {}

    /// @throws UserError for invalid parameters, or if the store does not answer
    static ObjectNode answer(UsageReports reports, Map<String, String> words, Instant now) {
        var asked = new HashMap<>(words);
        var name = Optional.ofNullable(asked.remove("measure")).orElse("cost");
        var measure = Optional.ofNullable(MEASURES.get(name))
                .orElseThrow(() ->
                        UserError.usage("\"%s\" is not a measure".formatted(name), "use cost, requests or tokens"));
        var compare = Boolean.parseBoolean(asked.remove("compare"));
        asked.put("rows", String.valueOf(ROWS));
        var question = QueryParameters.question(asked, now);
        var report = reports.answer(question);
        var before = compare ? Optional.of(reports.answer(before(question))) : Optional.<UsageReport>empty();
        var shown = new UsageReport(
                question, with(report.total(), before.map(UsageReport::total)), rows(report, before), List.of());
        var json = ReportJson.of(shown);
        json.remove("points");
        question.step().ifPresent(step -> {
            json.set("series", series(report, step, measure));
            before.ifPresent(earlier -> json.set(
                    "seriesBefore", course(earlier.points(), earlier.question().window(), step, measure)));
        });
        return json;
    }

    /// Returns the query for the previous period, a whole number of steps earlier.
    private static UsageQuery before(UsageQuery question) {
        var window = question.window();
        var back = question.step()
                .map(step -> step.multipliedBy(steps(window, step)))
                .orElse(window.length());
        return new UsageQuery(
                new Window(window.from().minus(back), window.to().minus(back)),
                question.by(),
                question.only(),
                question.step(),
                false,
                ROWS);
    }

    private static List<Row> rows(UsageReport report, Optional<UsageReport> before) {
        var earlier = new HashMap<String, Row>();
        var rest = new ArrayList<UsageTotals>();
        before.ifPresent(found -> found.rows().forEach(row -> {
            if (row.others()) rest.add(row.sums());
            else earlier.put(row.key(), row);
        }));
        var rows = new ArrayList<Row>();
        for (var row : report.rows())
            if (!row.others())
                rows.add(with(
                        row,
                        before.map(_ -> Optional.ofNullable(earlier.remove(row.key()))
                                .map(Row::sums)
                                .orElse(UsageTotals.NONE))));
        for (var row : report.rows())
            if (row.others())
                rows.add(with(row, before.map(_ -> rest.stream().reduce(UsageTotals.NONE, UsageTotals::plus))));
        earlier.values().stream()
                .sorted(Comparator.comparingLong((Row row) -> -row.sums().cost().total())
                        .thenComparing(Row::key))
                .forEach(gone -> rows.add(new Row(
                        gone.key(),
                        false,
                        UsageTotals.NONE,
                        Optional.of(gone.sums()),
                        Optional.empty(),
                        Optional.empty())));
        return rows;
    }

    private static Row with(Row row, Optional<?> before) {
        var sums = before.map(value -> value instanceof Row earlier ? earlier.sums() : (UsageTotals) value);
        return new Row(row.key(), row.others(), row.sums(), sums, row.latency(), row.firstByte());
    }

    /// Returns the largest rows by that measure with their values over time, and the others as one row at the
    /// end.
    private static ArrayNode series(UsageReport report, Duration step, ToLongFunction<UsageTotals> measure) {
        var keys = new LinkedHashSet<String>();
        report.rows().stream()
                .filter(row -> !row.others())
                .sorted(Comparator.comparingLong((Row row) -> -measure.applyAsLong(row.sums())))
                .limit(SERIES)
                .forEach(row -> keys.add(row.key()));
        var parts = new HashMap<String, List<Point>>();
        var others = new ArrayList<Point>();
        var divided = report.question().by().isPresent();
        for (var point : report.points()) {
            if (!divided || !point.others() && keys.contains(point.key()))
                parts.computeIfAbsent(point.key(), _ -> new ArrayList<>()).add(point);
            else others.add(point);
        }
        if (!divided) keys.add("");
        var json = JsonNodeFactory.instance.arrayNode();
        for (var key : keys)
            json.addObject()
                    .put("key", key)
                    .set(
                            "values",
                            course(
                                    parts.getOrDefault(key, List.of()),
                                    report.question().window(),
                                    step,
                                    measure));
        if (!others.isEmpty())
            json.addObject()
                    .put("others", true)
                    .set("values", course(others, report.question().window(), step, measure));
        return json;
    }

    private static ArrayNode course(
            List<Point> points, Window window, Duration step, ToLongFunction<UsageTotals> measure) {
        var sums = new long[steps(window, step)];
        for (var point : points)
            sums[(int) Duration.between(window.from(), point.from()).dividedBy(step)] +=
                    measure.applyAsLong(point.sums());
        var json = JsonNodeFactory.instance.arrayNode(sums.length);
        for (var sum : sums) json.add(sum);
        return json;
    }

    private static int steps(Window window, Duration step) {
        return (int) -Math.floorDiv(-window.length().toMillis(), step.toMillis());
    }
}
