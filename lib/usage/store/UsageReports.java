package lib.usage.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import lib.base.UserError;
import lib.database.Database;
import lib.database.StoreConnection;
import lib.usage.report.Dimension;
import lib.usage.report.Latencies;
import lib.usage.report.TokenKind;
import lib.usage.report.UsageQuery;
import lib.usage.report.UsageReport;
import lib.usage.report.UsageReport.Point;
import lib.usage.report.UsageReport.Row;
import lib.usage.report.UsageTotals;

/// Answers questions about recorded usage while more is being recorded.
///
///     try (var reports = UsageReports.of(UsageDatabase.local(host))) {
///         reports.answer(UsageQuery.of(Window.last(Duration.ofDays(7), now)).by(Dimension.MODEL)).rows();
///     }
public final class UsageReports implements AutoCloseable {
    private static final Comparator<Map.Entry<String, UsageTotals>> DEAREST_FIRST =
            Comparator.<Map.Entry<String, UsageTotals>>comparingLong(
                            row -> -row.getValue().cost().total())
                    .thenComparingLong(row -> -row.getValue().tokens().total())
                    .thenComparingLong(row -> -row.getValue().requests())
                    .thenComparing(Map.Entry::getKey);

    /// The time within which PostgreSQL must answer a question about years of usage.
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Database database;
    private final ReentrantLock turn = new ReentrantLock();
    private final StoreConnection connection;

    private UsageReports(Database database) {
        this.database = database;
        this.connection = new StoreConnection(database, UsageSchema.MIGRATIONS).withTimeout(TIMEOUT);
    }

    /// Returns the reports of a store, which the first question opens.
    public static UsageReports of(Database database) {
        return new UsageReports(database);
    }

    /// Answers a question.
    ///
    /// @throws UserError if the database does not answer
    public UsageReport answer(UsageQuery question) {
        turn.lock();
        try {
            return answer(connection.get(), question, connection.version());
        } catch (SQLException e) {
            connection.disconnect();
            throw new UserError(
                    "cannot read usage from %s (%s)".formatted(database.place(), e.getMessage()),
                    "check that it exists and is readable",
                    e);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            connection.close();
        } finally {
            turn.unlock();
        }
    }

    private static UsageReport answer(Connection sql, UsageQuery question, int version) throws SQLException {
        var course = ReportSql.of(sql, question, version).sums(sql);
        var sums = new HashMap<String, UsageTotals>();
        course.forEach((at, value) -> sums.merge(at.key(), value, UsageTotals::plus));
        var before = question.compare()
                ? Optional.of(byKey(sql, question.before(), version))
                : Optional.<Map<String, UsageTotals>>empty();
        before.ifPresent(keys -> keys.keySet().forEach(key -> sums.putIfAbsent(key, UsageTotals.NONE)));
        var slow = ReportSql.of(sql, question, version).latencies(sql);
        var all = sums.values().stream().reduce(UsageTotals.NONE, UsageTotals::plus);
        var total = new Row(
                "",
                false,
                all,
                before.map(keys -> keys.values().stream().reduce(UsageTotals.NONE, UsageTotals::plus)),
                latency(slow, Batch.WHOLE, Set.of()),
                latency(slow, Batch.FIRST_BYTE, Set.of()));
        if (question.by().filter(Dimension.KIND::equals).isPresent())
            return new UsageReport(question, total, kinds(total), kinds(course));
        if (question.by().isEmpty())
            return new UsageReport(
                    question,
                    total,
                    List.of(),
                    question.step().isPresent() ? points(course, sums.keySet()) : List.of());
        var sorted = sums.entrySet().stream()
                .sorted(DEAREST_FIRST)
                .map(Map.Entry::getKey)
                .toList();
        var shown = sorted.subList(0, Math.min(sorted.size(), question.rows()));
        var rows = new ArrayList<Row>();
        // Latencies of single users and sessions are not recorded.
        var known = question.by()
                        .filter(by -> by == Dimension.USER || by == Dimension.SESSION)
                        .isPresent()
                ? Map.<ReportSql.Slow, Long>of()
                : slow;
        for (var key : shown) rows.add(row(key, false, List.of(key), sums, before, known));
        if (shown.size() < sorted.size())
            rows.add(row("", true, sorted.subList(shown.size(), sorted.size()), sums, before, known));
        return new UsageReport(
                question, total, rows, question.step().isPresent() ? points(course, Set.copyOf(shown)) : List.of());
    }

    private static Map<String, UsageTotals> byKey(Connection sql, UsageQuery question, int version)
            throws SQLException {
        var sums = new HashMap<String, UsageTotals>();
        ReportSql.of(sql, question, version)
                .sums(sql)
                .forEach((at, value) -> sums.merge(at.key(), value, UsageTotals::plus));
        return sums;
    }

    private static Row row(
            String key,
            boolean others,
            List<String> keys,
            Map<String, UsageTotals> sums,
            Optional<Map<String, UsageTotals>> before,
            Map<ReportSql.Slow, Long> slow) {
        var set = new HashSet<>(keys);
        return new Row(
                key,
                others,
                sum(keys, sums),
                before.map(all -> sum(keys, all)),
                latency(slow, Batch.WHOLE, set),
                latency(slow, Batch.FIRST_BYTE, set));
    }

    private static UsageTotals sum(List<String> keys, Map<String, UsageTotals> sums) {
        return keys.stream()
                .map(key -> sums.getOrDefault(key, UsageTotals.NONE))
                .reduce(UsageTotals.NONE, UsageTotals::plus);
    }

    /// @param keys the keys to include; empty for all
    private static Optional<Latencies> latency(Map<ReportSql.Slow, Long> slow, int what, Set<String> keys) {
        var counts = new HashMap<Integer, Long>();
        slow.forEach((at, count) -> {
            if (at.what() == what && (keys.isEmpty() || keys.contains(at.key())))
                counts.merge(at.latency(), count, Long::sum);
        });
        return Latencies.of(counts);
    }

    private static List<Row> kinds(Row total) {
        var rows = new ArrayList<Row>();
        for (var kind : TokenKind.values())
            rows.add(new Row(
                    kind.wire(),
                    false,
                    kind.only(total.sums()),
                    total.before().map(kind::only),
                    Optional.empty(),
                    Optional.empty()));
        return rows;
    }

    private static List<Point> kinds(Map<ReportSql.At, UsageTotals> course) {
        var points = new ArrayList<Point>();
        for (var point : points(course, Set.of("")))
            for (var kind : TokenKind.values())
                points.add(new Point(point.from(), kind.wire(), false, kind.only(point.sums())));
        return points;
    }

    private static List<Point> points(Map<ReportSql.At, UsageTotals> course, Set<String> shown) {
        var points = new TreeMap<ReportSql.At, UsageTotals>(
                Comparator.comparing(ReportSql.At::from).thenComparing(ReportSql.At::key));
        var others = new TreeMap<java.time.Instant, UsageTotals>();
        course.forEach((at, sums) -> {
            if (shown.contains(at.key())) points.merge(at, sums, UsageTotals::plus);
            else others.merge(at.from(), sums, UsageTotals::plus);
        });
        var all = new ArrayList<Point>();
        points.forEach((at, sums) -> all.add(new Point(at.from(), at.key(), false, sums)));
        others.forEach((from, sums) -> all.add(new Point(from, "", true, sums)));
        all.sort(Comparator.comparing(Point::from));
        return all;
    }
}
