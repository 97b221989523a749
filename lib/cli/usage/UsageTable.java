package lib.cli.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lib.usage.pricing.Cost;
import lib.usage.report.NumberFormat;
import lib.usage.report.TokenKind;

/// A report as rows and columns.
///
/// @param report as `GET /usage/v1/report` answers it
/// @param wide whether all of it is wanted
/// @param draws whether a bar shows each row's part
record UsageTable(JsonNode report, boolean wide, boolean draws) {
    private static final int BAR = 10;

    private boolean compares() {
        return report.path("total").has("before");
    }

    /// Kinds of tokens have no requests of their own.
    private boolean isByKind() {
        return report.path("by").asText().equals("kind");
    }

    List<String> columns() {
        var columns = new ArrayList<>(List.of(report.path("by").asText("all").toUpperCase(Locale.ROOT)));
        if (isByKind()) {
            columns.addAll(List.of("TOKENS", "COST"));
        } else {
            columns.addAll(List.of("REQUESTS", "INPUT", "CACHED", "OUTPUT", "COST"));
            if (wide)
                columns.addAll(List.of(
                        "CACHE WRITE",
                        "REASONING",
                        "CACHE HITS",
                        "FAILED",
                        "CUT",
                        "UNPRICED",
                        "NOT MEASURED",
                        "ESTIMATED",
                        "P50",
                        "P95",
                        "FIRST BYTE P50",
                        "P95"));
        }
        if (compares()) columns.addAll(List.of("BEFORE", "CHANGE"));
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
        var tokens = row.path("tokens");
        var cells = new ArrayList<>(List.of(name));
        if (isByKind()) {
            cells.addAll(List.of(
                    NumberFormat.tokens(tokens.path("total").asLong()),
                    NumberFormat.dollars(row.path("cost").path("total").asLong())));
        } else {
            cells.addAll(List.of(
                    Long.toString(row.path("requests").asLong()),
                    NumberFormat.tokens(tokens.path("input").asLong()),
                    NumberFormat.tokens(tokens.path("cached_input").asLong()),
                    NumberFormat.tokens(tokens.path("output").asLong()),
                    NumberFormat.cost(row)));
            if (wide)
                cells.addAll(List.of(
                        NumberFormat.tokens(tokens.path("cache_write_5m").asLong()
                                + tokens.path("cache_write_1h").asLong()),
                        NumberFormat.tokens(tokens.path("reasoning").asLong()),
                        NumberFormat.percent(row.path("cacheHitRatio").asDouble()),
                        Long.toString(row.path("failed").asLong()),
                        Long.toString(row.path("cut").asLong()),
                        Long.toString(row.path("unpriced").asLong()),
                        Long.toString(row.path("unmeasured").asLong()),
                        Long.toString(row.path("estimated").asLong()),
                        NumberFormat.milliseconds(row.path("latency").path("p50")),
                        NumberFormat.milliseconds(row.path("latency").path("p95")),
                        NumberFormat.milliseconds(row.path("firstByte").path("p50")),
                        NumberFormat.milliseconds(row.path("firstByte").path("p95"))));
        }
        if (compares()) {
            var before = row.path("before");
            cells.addAll(List.of(
                    isByKind()
                            ? NumberFormat.dollars(
                                    before.path("cost").path("total").asLong())
                            : NumberFormat.cost(before),
                    NumberFormat.change(weight(row), weight(before))));
        }
        if (draws) cells.add(NumberFormat.bar(weight(row), most, BAR));
        return cells;
    }

    /// By what rows are compared: what they cost, or where nothing has a price, their tokens.
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

    List<String> csvColumns() {
        var columns = new ArrayList<>(List.of(
                report.path("by").asText("all"),
                "requests",
                "failed",
                "cut",
                "unpriced",
                "unmeasured",
                "estimated",
                "free"));
        for (var kind : TokenKind.values()) columns.add(kind.wire() + "_tokens");
        columns.addAll(List.of("reasoning_tokens", "total_tokens"));
        for (var kind : TokenKind.values()) columns.add(kind.wire() + "_usd");
        columns.add("total_usd");
        if (compares()) columns.addAll(List.of("before_requests", "before_total_tokens", "before_total_usd"));
        return columns;
    }

    /// The numbers as they are, without a total: what reads them adds up by itself.
    List<List<String>> csvRows() {
        var rows = new ArrayList<List<String>>();
        for (var row : report.path("rows")) {
            var cells = new ArrayList<>(List.of(
                    row.path("others").asBoolean()
                            ? "(others)"
                            : row.path("key").asText()));
            for (var count : List.of("requests", "failed", "cut", "unpriced", "unmeasured", "estimated", "free"))
                cells.add(row.path(count).asText("0"));
            for (var kind : TokenKind.values())
                cells.add(row.path("tokens").path(kind.wire()).asText("0"));
            cells.addAll(List.of(
                    row.path("tokens").path("reasoning").asText("0"),
                    row.path("tokens").path("total").asText("0")));
            for (var kind : TokenKind.values())
                cells.add(dollars(row.path("cost").path(kind.wire())));
            cells.add(dollars(row.path("cost").path("total")));
            if (compares())
                cells.addAll(List.of(
                        row.path("before").path("requests").asText("0"),
                        row.path("before").path("tokens").path("total").asText("0"),
                        dollars(row.path("before").path("cost").path("total"))));
            rows.add(cells);
        }
        return rows;
    }

    private static String dollars(JsonNode microcents) {
        return Cost.dollars(microcents.asLong()).toPlainString();
    }
}
