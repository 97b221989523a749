package lib.usage.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import lib.database.SqlRows;
import lib.usage.Call;
import lib.usage.Usage;
import lib.usage.pricing.Cost;
import lib.usage.report.Dimension;
import lib.usage.report.UsageQuery;
import lib.usage.report.UsageTotals;

/// The SQL of one question: full hours come from their sums, what is left at both ends from the single calls.
///
/// @param question what is asked
/// @param parts where from, one behind the other
/// @param version of the tables: those of a file that is only looked at may be older
record ReportSql(UsageQuery question, List<Part> parts, int version) {
    private static final Set<Dimension> PEOPLE = Set.of(Dimension.USER, Dimension.SESSION);
    private static final String SUMS = "SUM(part.requests), "
            + UsageSchema.COUNTS.stream().map(name -> "SUM(part." + name + ")").collect(Collectors.joining(", "));

    private static final String FREE =
            "SUM(CASE WHEN series.type = '%s' THEN part.requests ELSE 0 END)".formatted(Call.DEMO);

    /// A stretch of one table.
    record Part(boolean hours, long from, long to) {}

    /// A row and the step of the course it is in.
    record At(String key, Instant from) {}

    /// A row's class of latencies.
    record Slow(String key, int what, int latency) {}

    static ReportSql of(Connection sql, UsageQuery question, int version) throws SQLException {
        long from = question.window().from().toEpochMilli(),
                to = question.window().to().toEpochMilli();
        if (question.step()
                .filter(step -> step.compareTo(Duration.ofHours(1)) < 0)
                .isPresent()) return new ReportSql(question, List.of(new Part(false, from, to)), version);
        var oldest = oldestCall(sql);
        // Where the single calls are forgotten, an hour counts whole.
        long first = from < oldest ? floor(from) : ceil(from), last = to < oldest ? ceil(to) : floor(to);
        if (first >= last) return new ReportSql(question, List.of(new Part(false, from, to)), version);
        var parts = new ArrayList<Part>();
        parts.add(new Part(true, first, last));
        if (from < first) parts.add(new Part(false, from, first));
        if (last < to) parts.add(new Part(false, last, to));
        return new ReportSql(question, parts, version);
    }

    private static long oldestCall(Connection sql) throws SQLException {
        return SqlRows.first(sql, "SELECT MIN(time) FROM call", row -> {
                    var oldest = row.getLong(1);
                    return row.wasNull() ? Long.MAX_VALUE : oldest;
                })
                .orElse(Long.MAX_VALUE);
    }

    Map<At, UsageTotals> sums(Connection sql) throws SQLException {
        var step = question.step().map(Duration::toMillis).orElse(Long.MAX_VALUE);
        var from = question.window().from().toEpochMilli();
        var tables = parts.stream()
                .map(part -> part.hours()
                        ? "SELECT hour AS time, series, requests, %s FROM hour WHERE hour >= ? AND hour < ?"
                                .formatted(UsageSchema.counts(version))
                        : "SELECT time, series, %s, %s FROM call WHERE time >= ? AND time < ?"
                                .formatted(UsageSchema.requests(version), UsageSchema.counts(version)))
                .collect(Collectors.joining(" UNION ALL "));
        var parameters = new ArrayList<Object>(List.of(from, step));
        for (var part : parts) parameters.addAll(List.of(part.from(), part.to()));
        // The numbers are bound as text otherwise, which PostgreSQL does not subtract.
        var text = ("SELECT %s, (part.time - CAST(? AS BIGINT)) / CAST(? AS BIGINT), %s, %s FROM (%s) part "
                        + "JOIN series ON series.id = part.series%s GROUP BY 1, 2")
                .formatted(key(), SUMS, FREE, tables, filter(parameters));
        var sums = new HashMap<At, UsageTotals>();
        try (var query = sql.prepareStatement(text)) {
            for (int i = 0; i < parameters.size(); i++) query.setObject(i + 1, parameters.get(i));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var at = new At(
                            rows.getString(1),
                            Instant.ofEpochMilli(from + (step == Long.MAX_VALUE ? 0 : rows.getLong(2) * step)));
                    sums.merge(at, sums(rows), UsageTotals::plus);
                }
            }
        }
        return sums;
    }

    /// Behind the key and the step: the requests, the [UsageSchema#COUNTS] in their order, and how many were
    /// free.
    private static UsageTotals sums(ResultSet rows) throws SQLException {
        var counts = new HashMap<String, Long>();
        for (int i = 0; i < UsageSchema.COUNTS.size(); i++) counts.put(UsageSchema.COUNTS.get(i), rows.getLong(i + 4));
        return new UsageTotals(
                new UsageTotals.Counts(
                        rows.getLong(3),
                        counts.get("attempts"),
                        counts.get("failed"),
                        counts.get("cut"),
                        rows.getLong(UsageSchema.COUNTS.size() + 4)),
                new UsageTotals.Unknown(
                        counts.get("unpriced"),
                        counts.get("unmeasured"),
                        counts.get("estimated"),
                        counts.get("assumed_cost")),
                new Usage(
                        counts.get("input"),
                        counts.get("output"),
                        counts.get("cached_input"),
                        counts.get("cache_write_5m"),
                        counts.get("cache_write_1h"),
                        counts.get("reasoning")),
                new Cost(
                        counts.get("cost_input"),
                        counts.get("cost_output"),
                        counts.get("cost_cached_input"),
                        counts.get("cost_cache_write_5m"),
                        counts.get("cost_cache_write_1h")));
    }

    /// How slow calls were, of every hour that the window touches; not known of users and sessions.
    Map<Slow, Long> latencies(Connection sql) throws SQLException {
        if (question.only().containsKey(Dimension.USER) || question.only().containsKey(Dimension.SESSION))
            return Map.of();
        var parameters = new ArrayList<Object>(List.of(
                floor(question.window().from().toEpochMilli()),
                ceil(question.window().to().toEpochMilli())));
        var text = ("SELECT %s, part.what, part.class, SUM(part.requests) FROM (SELECT * FROM latency WHERE "
                        + "hour >= ? AND hour < ?) part JOIN series ON series.id = part.series%s GROUP BY 1, 2, 3")
                .formatted(question.by().filter(PEOPLE::contains).isPresent() ? "''" : key(), filter(parameters));
        var latencies = new HashMap<Slow, Long>();
        try (var query = sql.prepareStatement(text)) {
            for (int i = 0; i < parameters.size(); i++) query.setObject(i + 1, parameters.get(i));
            try (var rows = query.executeQuery()) {
                while (rows.next())
                    latencies.put(new Slow(rows.getString(1), rows.getInt(2), rows.getInt(3)), rows.getLong(4));
            }
        }
        return latencies;
    }

    private String key() {
        return question.by()
                .filter(dimension -> dimension != Dimension.KIND)
                .map(dimension -> "series." + column(dimension))
                .orElse("''");
    }

    /// @param parameters what it adds its own to
    private String filter(List<Object> parameters) {
        var conditions = new ArrayList<String>();
        question.only().forEach((dimension, value) -> {
            conditions.add("series." + column(dimension) + " = ?");
            parameters.add(value);
        });
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private static String column(Dimension dimension) {
        return dimension == Dimension.USER ? "caller" : dimension.wire();
    }

    private static long floor(long time) {
        return Math.floorDiv(time, Batch.HOUR) * Batch.HOUR;
    }

    private static long ceil(long time) {
        return -Math.floorDiv(-time, Batch.HOUR) * Batch.HOUR;
    }
}
