package lib.usage.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import lib.database.SqlRows;
import lib.database.Transaction;
import lib.usage.report.UsageTotals;
import lib.usage.store.Batch.Hour;
import lib.usage.store.Batch.Series;

/// Writes the batches of one writer, each whole or not at all, and none twice: the number of a batch is written
/// with it.
final class BatchWriter {
    private static final int REMEMBERED = 10_000;
    private static final String COUNTS = String.join(", ", UsageSchema.COUNTS);
    private static final String VALUES = "?" + ", ?".repeat(UsageSchema.COUNTS.size() - 1);

    private final String writer;
    private final Map<Series, Keys> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Series, Keys> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// The keys of a series in the store.
    ///
    /// @param detail 0 if it has no detail
    private record Keys(long series, long detail) {}

    /// @param writer the id of the process that numbered the batches
    BatchWriter(String writer) {
        this.writer = writer;
    }

    /// Writes a batch, unless it is in the store already: if a connection broke during a commit, nobody knows
    /// whether the batch was committed.
    ///
    /// @param number the number of the batch, larger than that of the previous one
    void write(Connection sql, Batch batch, long number, Instant now) throws SQLException {
        try {
            Transaction.run(sql, () -> {
                if (isNew(sql, number, now)) writeNew(sql, batch, now);
                return null;
            });
        } catch (SQLException | RuntimeException e) {
            // Keys that were added in the failed transaction belong to no row.
            known.clear();
            throw e;
        }
    }

    private void writeNew(Connection sql, Batch batch, Instant now) throws SQLException {
        var keys = keys(sql, batch, new FreeTexts(sql, now));
        writeCalls(sql, batch, keys);
        addSums(
                sql,
                "hour",
                "series",
                batch.plainHours(),
                hour -> keys.get(hour.series()).series());
        addSums(
                sql,
                "detail_hour",
                "detail",
                batch.detailedHours(),
                hour -> keys.get(hour.series()).detail());
        writeLatencies(sql, batch, keys);
    }

    private boolean isNew(Connection sql, long number, Instant now) throws SQLException {
        return SqlRows.update(
                        sql,
                        "INSERT INTO writer (id, batch, time) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                                + "batch = excluded.batch, time = excluded.time WHERE writer.batch < excluded.batch",
                        writer,
                        number,
                        now.toEpochMilli())
                == 1;
    }

    private Map<Series, Keys> keys(Connection sql, Batch batch, FreeTexts texts) throws SQLException {
        var keys = new HashMap<Series, Keys>();
        for (var series : batch.series()) {
            var found = known.get(series);
            if (found == null) {
                // The series without a detail comes first.
                var key = series.detail().isNone()
                        ? series(sql, series, texts)
                        : keys.get(series.plain()).series();
                found = new Keys(key, series.detail().isNone() ? 0 : detail(sql, key, series, texts));
                known.put(series, found);
            }
            keys.put(series, found);
        }
        return keys;
    }

    private static long series(Connection sql, Series series, FreeTexts texts) throws SQLException {
        var found = find(sql, "series", UsageSchema.LABELS, series.labels());
        return found.isPresent()
                ? found.get()
                : add(sql, "series", UsageSchema.LABELS, texts.kept(UsageSchema.LABELS, series.labels()));
    }

    private static long detail(Connection sql, long key, Series series, FreeTexts texts) throws SQLException {
        var columns = new ArrayList<>(UsageSchema.DETAILS);
        var values = new ArrayList<Object>(series.detail().labels());
        columns.addFirst("series");
        values.addFirst(key);
        var found = find(sql, "detail", columns, values);
        if (found.isPresent()) return found.get();
        var kept = new ArrayList<Object>(
                texts.kept(UsageSchema.DETAILS, series.detail().labels()));
        kept.addFirst(key);
        return add(sql, "detail", columns, kept);
    }

    private static Optional<Long> find(Connection sql, String table, List<String> columns, List<?> values)
            throws SQLException {
        var conditions = columns.stream().map(name -> name + " = ?").collect(Collectors.joining(" AND "));
        return SqlRows.first(
                sql,
                "SELECT id FROM %s WHERE %s".formatted(table, conditions),
                row -> row.getLong(1),
                values.toArray());
    }

    private static long add(Connection sql, String table, List<String> columns, List<?> values) throws SQLException {
        SqlRows.update(
                sql,
                "INSERT INTO %s (%s) VALUES (?%s) ON CONFLICT DO NOTHING"
                        .formatted(table, String.join(", ", columns), ", ?".repeat(columns.size() - 1)),
                values.toArray());
        return find(sql, table, columns, values)
                .orElseThrow(() -> new SQLException("a row that was added is not there"));
    }

    private static void writeCalls(Connection sql, Batch batch, Map<Series, Keys> all) throws SQLException {
        try (var insert = sql.prepareStatement(
                ("INSERT INTO call (time, series, requests, %s, status, latency, first_byte, detail) "
                                + "VALUES (?, ?, ?, %s, ?, ?, ?, ?)")
                        .formatted(COUNTS, VALUES))) {
            for (var calls : batch.calls()) {
                var keys = all.get(calls.series());
                insert.setLong(1, calls.time().toEpochMilli());
                insert.setLong(2, keys.series());
                insert.setLong(3, calls.sums().requests());
                int next = set(insert, 4, calls.sums());
                insert.setInt(next, calls.status());
                insert.setLong(next + 1, calls.latency().toNanos() / 1000);
                if (calls.firstByte().isPresent())
                    insert.setLong(next + 2, calls.firstByte().get().toNanos() / 1000);
                else insert.setNull(next + 2, java.sql.Types.BIGINT);
                insert.setLong(next + 3, keys.detail());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /// A row of sums to which a batch adds.
    private record Row(long hour, long key) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            return key == other.key ? Long.compare(hour, other.hour) : Long.compare(key, other.key);
        }
    }

    private static void addSums(
            Connection sql, String table, String key, Map<Hour, UsageTotals> hours, ToLongFunction<Hour> of)
            throws SQLException {
        // Several series may be stored as one, and PostgreSQL cannot update a row twice in one statement.
        var rows = new TreeMap<Row, UsageTotals>();
        hours.forEach((hour, sums) -> rows.merge(new Row(hour.begin(), of.applyAsLong(hour)), sums, UsageTotals::plus));
        if (rows.isEmpty()) return;
        var sums = UsageSchema.COUNTS.stream()
                .map(name -> "%s = %s.%1$s + excluded.%1$s".formatted(name, table))
                .collect(Collectors.joining(", "));
        try (var add = sql.prepareStatement(
                ("INSERT INTO %s (hour, %s, requests, %s) VALUES (?, ?, ?, %s) ON CONFLICT (hour, %2$s) "
                                + "DO UPDATE SET requests = %1$s.requests + excluded.requests, %s")
                        .formatted(table, key, COUNTS, VALUES, sums))) {
            for (var row : rows.entrySet()) {
                add.setLong(1, row.getKey().hour());
                add.setLong(2, row.getKey().key());
                add.setLong(3, row.getValue().requests());
                set(add, 4, row.getValue());
                add.addBatch();
            }
            add.executeBatch();
        }
    }

    /// A row of `latency`.
    private record LatencyRow(Row row, int what, int latency) implements Comparable<LatencyRow> {
        private static final Comparator<LatencyRow> ORDER = Comparator.comparing(LatencyRow::row)
                .thenComparingInt(LatencyRow::what)
                .thenComparingInt(LatencyRow::latency);

        @Override
        public int compareTo(LatencyRow other) {
            return ORDER.compare(this, other);
        }
    }

    private static void writeLatencies(Connection sql, Batch batch, Map<Series, Keys> keys) throws SQLException {
        var rows = new TreeMap<LatencyRow, Long>();
        batch.latencies()
                .forEach((slow, count) -> rows.merge(
                        new LatencyRow(
                                new Row(
                                        slow.hour().begin(),
                                        keys.get(slow.hour().series()).series()),
                                slow.what(),
                                slow.latency()),
                        count,
                        Long::sum));
        try (var add = sql.prepareStatement(
                "INSERT INTO latency (hour, series, what, class, requests) VALUES (?, ?, ?, ?, ?) ON "
                        + "CONFLICT (hour, series, what, class) DO UPDATE SET requests = latency.requests + "
                        + "excluded.requests")) {
            for (var row : rows.entrySet()) {
                add.setLong(1, row.getKey().row().hour());
                add.setLong(2, row.getKey().row().key());
                add.setInt(3, row.getKey().what());
                add.setInt(4, row.getKey().latency());
                add.setLong(5, row.getValue());
                add.addBatch();
            }
            add.executeBatch();
        }
    }

    /// Sets the [UsageSchema#COUNTS] in their order.
    ///
    /// @return the index of the next parameter
    private static int set(PreparedStatement statement, int first, UsageTotals sums) throws SQLException {
        var tokens = sums.tokens();
        var cost = sums.cost();
        long[] counts = {
            sums.failed(),
            sums.cut(),
            sums.unpriced(),
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
            cost.cacheWrite1h(),
            sums.attempts(),
            sums.unmeasured(),
            sums.estimated(),
            sums.unknown().assumedCost()
        };
        for (int i = 0; i < counts.length; i++) statement.setLong(first + i, counts[i]);
        return first + counts.length;
    }
}
