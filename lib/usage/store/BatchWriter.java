package lib.usage.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import lib.usage.report.Sums;
import lib.usage.store.Batch.Series;

/// Writes batches, each whole or not at all, and none twice: the number of a batch is written with it.
final class BatchWriter {
    private static final int REMEMBERED = 10_000;
    private static final String COUNTS = String.join(", ", Schema.COUNTS);
    private static final String VALUES = "?" + ", ?".repeat(Schema.COUNTS.size() - 1);
    private static final String SUMS = Schema.COUNTS.stream().map(name -> "%s = hour.%1$s + excluded.%1$s".formatted(name)).collect(Collectors.joining(", "));
    private static final String LABELS = String.join(", ", Schema.LABELS);

    /// This process, which numbers its batches.
    private final String writer = UUID.randomUUID().toString();
    private final Map<Series, Long> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Series, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// Writes a batch, unless it is written already: what was committed before a connection broke is not known to be.
    ///
    /// @param number the batch's own, larger than the one before
    void write(Connection sql, Batch batch, long number, Instant now) throws SQLException {
        sql.setAutoCommit(false);
        try {
            if (isNew(sql, number, now)) {
                findSeries(sql, batch);
                writeCalls(sql, batch);
                writeHours(sql, batch);
                writeLatencies(sql, batch);
            }
            // That commits; whatever is read afterwards holds nobody up.
            sql.setAutoCommit(true);
        } catch (SQLException | RuntimeException e) {
            // A key that was found in what is now undone would be nobody's.
            known.clear();
            try {
                sql.rollback();
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        }
    }

    private boolean isNew(Connection sql, long number, Instant now) throws SQLException {
        try (var mark = sql.prepareStatement("INSERT INTO writer (id, batch, time) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, time = excluded.time WHERE writer.batch < excluded.batch")) {
            mark.setString(1, writer);
            mark.setLong(2, number);
            mark.setLong(3, now.toEpochMilli());
            return mark.executeUpdate() == 1;
        }
    }

    private void findSeries(Connection sql, Batch batch) throws SQLException {
        for (var series : batch.series()) {
            if (known.get(series) != null) continue;
            try (var add = sql.prepareStatement("INSERT INTO series (%s) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING".formatted(LABELS));
                    var find = sql.prepareStatement("SELECT id FROM series WHERE " + Schema.LABELS.stream().map(name -> name + " = ?").collect(Collectors.joining(" AND ")))) {
                for (int i = 0; i < series.labels().size(); i++) {
                    add.setString(i + 1, series.labels().get(i));
                    find.setString(i + 1, series.labels().get(i));
                }
                add.executeUpdate();
                try (var rows = find.executeQuery()) {
                    rows.next();
                    known.put(series, rows.getLong(1));
                }
            }
        }
    }

    private void writeCalls(Connection sql, Batch batch) throws SQLException {
        try (var insert = sql.prepareStatement("INSERT INTO call (time, series, requests, %s, status, latency, first_byte) VALUES (?, ?, ?, %s, ?, ?, ?)".formatted(COUNTS, VALUES))) {
            for (var calls : batch.calls()) {
                insert.setLong(1, calls.time().toEpochMilli());
                insert.setLong(2, known.get(calls.series()));
                insert.setLong(3, calls.sums().requests());
                int next = set(insert, 4, calls.sums());
                insert.setInt(next, calls.status());
                insert.setLong(next + 1, calls.latency().toNanos() / 1000);
                if (calls.firstByte().isPresent()) insert.setLong(next + 2, calls.firstByte().get().toNanos() / 1000);
                else insert.setNull(next + 2, java.sql.Types.BIGINT);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void writeHours(Connection sql, Batch batch) throws SQLException {
        try (var add = sql.prepareStatement("INSERT INTO hour (hour, series, requests, %s) VALUES (?, ?, ?, %s) ON CONFLICT (hour, series) DO UPDATE SET requests = hour.requests + excluded.requests, %s".formatted(COUNTS, VALUES, SUMS))) {
            for (var hour : batch.hours().entrySet()) {
                add.setLong(1, hour.getKey().begin());
                add.setLong(2, known.get(hour.getKey().series()));
                add.setLong(3, hour.getValue().requests());
                set(add, 4, hour.getValue());
                add.addBatch();
            }
            add.executeBatch();
        }
    }

    private void writeLatencies(Connection sql, Batch batch) throws SQLException {
        try (var add = sql.prepareStatement("INSERT INTO latency (hour, series, what, class, requests) VALUES (?, ?, ?, ?, ?) ON CONFLICT (hour, series, what, class) DO UPDATE SET requests = latency.requests + excluded.requests")) {
            for (var slow : batch.latencies().entrySet()) {
                add.setLong(1, slow.getKey().hour().begin());
                add.setLong(2, known.get(slow.getKey().hour().series()));
                add.setInt(3, slow.getKey().what());
                add.setInt(4, slow.getKey().latency());
                add.setLong(5, slow.getValue());
                add.addBatch();
            }
            add.executeBatch();
        }
    }

    /// Sets the [Schema#COUNTS], in their order.
    ///
    /// @return the number of the next parameter
    private static int set(PreparedStatement statement, int first, Sums sums) throws SQLException {
        var tokens = sums.tokens();
        var cost = sums.cost();
        long[] counts = {
                sums.failed(), sums.cut(), sums.unpriced(), tokens.input(), tokens.output(), tokens.cachedInput(), tokens.cacheWrite5m(), tokens.cacheWrite1h(),
                tokens.reasoning(), cost.input(), cost.output(), cost.cachedInput(), cost.cacheWrite5m(), cost.cacheWrite1h()};
        for (int i = 0; i < counts.length; i++) statement.setLong(first + i, counts[i]);
        return first + counts.length;
    }
}
