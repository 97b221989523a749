package lib.cli.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import lib.usage.pricing.Cost;
import lib.usage.report.NumberFormat;
import lib.usage.report.TokenKind;

/// A report as rows and columns.
///
/// @param report the answer of `GET /usage/v1/report`
/// @param wide whether to show all columns
/// @param draws whether a bar shows each row's share
record UsageTable(JsonNode report, boolean wide, boolean draws) {
    private static final int BAR = 10;

    private boolean compares() {
        return report.path("total").has("before");
    }

    /// Returns whether rows are kinds of tokens, which have no requests of their own.
    private boolean isByKind() {
        return report.path("by").asText().equals("kind");
    }

    /// A column of the table or of CSV.
    ///
    /// @param cell the text of a row's cell
    private record Column(String name, Function<JsonNode, String> cell) {}

    /// The table's columns after the first, which names the row. A new column is one line here.
    private List<Column> tableColumns() {
        var columns = new ArrayList<Column>();
        if (isByKind()) {
            columns.add(tokens("TOKENS", "total"));
            columns.add(new Column(
                    "COST",
                    row -> NumberFormat.dollars(row.path("cost").path("total").asLong())));
        } else {
            columns.add(count("REQUESTS", "requests"));
            columns.add(tokens("INPUT", "input"));
            columns.add(tokens("CACHED", "cached_input"));
            columns.add(tokens("OUTPUT", "output"));
            columns.add(new Column("COST", NumberFormat::cost));
            if (wide) columns.addAll(wideColumns());
        }
        if (compares()) {
            columns.add(new Column("BEFORE", this::costBefore));
            columns.add(new Column("CHANGE", row -> NumberFormat.change(weight(row), weight(row.path("before")))));
        }
        return columns;
    }

    private static List<Column> wideColumns() {
        return List.of(
                tokens("CACHE WRITE", "cache_write_5m", "cache_write_1h"),
                tokens("REASONING", "reasoning"),
                new Column(
                        "CACHE HITS",
                        row -> NumberFormat.percent(row.path("cacheHitRatio").asDouble())),
                count("FAILED", "failed"),
                count("CUT", "cut"),
                count("UNPRICED", "unpriced"),
                count("NOT MEASURED", "unmeasured"),
                count("ESTIMATED", "estimated"),
                time("P50", "latency", "p50"),
                time("P95", "latency", "p95"),
                time("FIRST BYTE P50", "firstByte", "p50"),
                time("FIRST BYTE P95", "firstByte", "p95"));
    }

    private static Column count(String name, String key) {
        return new Column(name, row -> Long.toString(row.path(key).asLong()));
    }

    /// The sum of some kinds of tokens.
    private static Column tokens(String name, String... kinds) {
        return new Column(name, row -> {
            long sum = 0;
            for (var kind : kinds) sum += row.path("tokens").path(kind).asLong();
            return NumberFormat.tokens(sum);
        });
    }

    private static Column time(String name, String what, String quantile) {
        return new Column(name, row -> NumberFormat.milliseconds(row.path(what).path(quantile)));
    }

    private String costBefore(JsonNode row) {
        var before = row.path("before");
        return isByKind()
                ? NumberFormat.dollars(before.path("cost").path("total").asLong())
                : NumberFormat.cost(before);
    }

    List<String> columns() {
        var columns = new ArrayList<>(List.of(report.path("by").asText("all").toUpperCase(Locale.ROOT)));
        tableColumns().forEach(column -> columns.add(column.name()));
        if (draws) columns.add("");
        return columns;
    }

    List<List<String>> rows() {
        var rows = new ArrayList<List<String>>();
        long most = 0;
        for (var row : report.path("rows")) most = Math.max(most, weight(row));
        for (var row : report.path("rows")) rows.add(row(name(row), row, most));
        if (report.path("rows").size() != 1) rows.add(row("TOTAL", report.path("total"), 0));
        return rows;
    }

    private static String name(JsonNode row) {
        if (row.path("others").asBoolean()) return "(others)";
        return row.path("key").asText().isEmpty() ? "(none)" : row.path("key").asText();
    }

    private List<String> row(String name, JsonNode row, long most) {
        var cells = new ArrayList<>(List.of(name));
        tableColumns().forEach(column -> cells.add(column.cell().apply(row)));
        if (draws) cells.add(NumberFormat.bar(weight(row), most, BAR));
        return cells;
    }

    /// The value by which rows are compared: their cost, or their tokens if nothing has a price.
    private long weight(JsonNode row) {
        var priced = report.path("total").path("cost").path("total").asLong() > 0
                || report.path("total")
                                .path("before")
                                .path("cost")
                                .path("total")
                                .asLong()
                        > 0;
        return priced
                ? row.path("cost").path("total").asLong()
                : row.path("tokens").path("total").asLong();
    }

    /// The columns of CSV after the first. Numbers are exact and not abbreviated. A new column is one line here.
    private List<Column> csv() {
        var columns = new ArrayList<Column>();
        for (var count : List.of("requests", "failed", "cut", "unpriced", "unmeasured", "estimated", "free"))
            columns.add(number(count, count));
        for (var kind : TokenKind.values()) columns.add(number(kind.wire() + "_tokens", "tokens", kind.wire()));
        columns.add(number("reasoning_tokens", "tokens", "reasoning"));
        columns.add(number("total_tokens", "tokens", "total"));
        for (var kind : TokenKind.values()) columns.add(dollars(kind.wire() + "_usd", "cost", kind.wire()));
        columns.add(dollars("total_usd", "cost", "total"));
        if (compares()) {
            columns.add(number("before_requests", "before", "requests"));
            columns.add(number("before_total_tokens", "before", "tokens", "total"));
            columns.add(dollars("before_total_usd", "before", "cost", "total"));
        }
        return columns;
    }

    private static Column number(String name, String... path) {
        return new Column(name, row -> at(row, path).asText("0"));
    }

    private static Column dollars(String name, String... path) {
        return new Column(name, row -> Cost.dollars(at(row, path).asLong()).toPlainString());
    }

    private static JsonNode at(JsonNode row, String... path) {
        for (var key : path) row = row.path(key);
        return row;
    }

    List<String> csvColumns() {
        var columns = new ArrayList<>(List.of(report.path("by").asText("all")));
        csv().forEach(column -> columns.add(column.name()));
        return columns;
    }

    /// The rows without a total: programs that read them add them up themselves.
    List<List<String>> csvRows() {
        var columns = csv();
        var rows = new ArrayList<List<String>>();
        for (var row : report.path("rows")) {
            var cells = new ArrayList<>(List.of(
                    row.path("others").asBoolean()
                            ? "(others)"
                            : row.path("key").asText()));
            columns.forEach(column -> cells.add(column.cell().apply(row)));
            rows.add(cells);
        }
        return rows;
    }
}
