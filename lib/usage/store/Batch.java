package lib.usage.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.usage.Call;
import lib.usage.report.UsageTotals;

/// Calls that are written together, and their sums by the hour.
///
/// @param calls the single calls in the order of their times
/// @param hours the sums, in the order of their keys, so that two writers cannot block each other
/// @param latencies the number of calls by how long they took
record Batch(List<Calls> calls, Map<Hour, UsageTotals> hours, Map<Slow, Long> latencies) {
    static final long HOUR = Duration.ofHours(1).toMillis();
    static final int WHOLE = 0;
    static final int FIRST_BYTE = 1;
    private static final int LONGEST = 400;

    /// What calls have in common: the provider, the model, the caller, the agent and the session.
    ///
    /// @param detail what else is known of the calls
    record Series(
            String provider, String type, String model, String caller, String agent, String session, Detail detail)
            implements Comparable<Series> {
        private static final Comparator<Series> ORDER = Comparator.comparing(Series::provider)
                .thenComparing(Series::type)
                .thenComparing(Series::model)
                .thenComparing(Series::caller)
                .thenComparing(Series::agent)
                .thenComparing(Series::session)
                .thenComparing(Series::detail);

        static Series of(Call call) {
            return new Series(
                    clean(call.provider()),
                    clean(call.type()),
                    clean(call.model()),
                    clean(call.caller()),
                    clean(call.agent()),
                    clean(call.session()),
                    Detail.of(call));
        }

        private static String clean(String text) {
            return Batch.clean(text, LONGEST);
        }

        /// Returns the series without its detail.
        Series plain() {
            return detail.isNone() ? this : new Series(provider, type, model, caller, agent, session, Detail.NONE);
        }

        /// Returns the series without caller and session. Latency does not depend on who calls, and latencies by
        /// caller would be as many numbers as calls.
        Series ofAll() {
            return new Series(provider, type, model, "", agent, "", Detail.NONE);
        }

        List<String> labels() {
            return List.of(provider, type, model, caller, agent, session);
        }

        @Override
        public int compareTo(Series other) {
            return ORDER.compare(this, other);
        }
    }

    record Hour(long begin, Series series) implements Comparable<Hour> {
        private static final Comparator<Hour> ORDER =
                Comparator.comparing(Hour::series).thenComparingLong(Hour::begin);

        @Override
        public int compareTo(Hour other) {
            return ORDER.compare(this, other);
        }
    }

    record Slow(Hour hour, int what, int latency) implements Comparable<Slow> {
        private static final Comparator<Slow> ORDER =
                Comparator.comparing(Slow::hour).thenComparingInt(Slow::what).thenComparingInt(Slow::latency);

        @Override
        public int compareTo(Slow other) {
            return ORDER.compare(this, other);
        }
    }

    /// One call, or all calls of a moment.
    ///
    /// @param time the time of the first call
    /// @param latency the latency of the slowest call
    /// @param firstByte the time to the first byte of the slowest call
    record Calls(
            Series series,
            Instant time,
            int status,
            UsageTotals sums,
            Duration latency,
            Optional<Duration> firstByte) {}

    /// Returns the batch of these calls.
    static Batch of(List<Calls> calls, Map<Slow, Long> latencies) {
        var hours = new TreeMap<Hour, UsageTotals>();
        for (var each : calls) {
            var begin = Math.floorDiv(each.time().toEpochMilli(), HOUR) * HOUR;
            hours.merge(new Hour(begin, each.series()), each.sums(), UsageTotals::plus);
        }
        return new Batch(List.copyOf(calls), hours, latencies);
    }

    /// Returns all series in order: those with a detail, and each of them without it.
    List<Series> series() {
        return Stream.concat(
                        hours.keySet().stream(), latencies.keySet().stream().map(Slow::hour))
                .map(Hour::series)
                .flatMap(series -> Stream.of(series.plain(), series))
                .distinct()
                .sorted()
                .toList();
    }

    /// Returns the sums by the hour, regardless of details.
    Map<Hour, UsageTotals> plainHours() {
        var plain = new TreeMap<Hour, UsageTotals>();
        hours.forEach(
                (hour, sums) -> plain.merge(new Hour(hour.begin(), hour.series().plain()), sums, UsageTotals::plus));
        return plain;
    }

    /// Returns the sums by the hour of the series that have a detail.
    Map<Hour, UsageTotals> detailedHours() {
        var detailed = new TreeMap<Hour, UsageTotals>();
        hours.forEach((hour, sums) -> {
            if (!hour.series().detail().isNone()) detailed.put(hour, sums);
        });
        return detailed;
    }

    /// Returns a text that PostgreSQL can store in an indexed column: without NUL, which clients can write into a
    /// model's name, and not too long, because an index entry has at most 2,700 bytes.
    ///
    /// @param most the number of bytes of UTF-8 that are kept
    static String clean(String text, int most) {
        var kept = text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
        // A char has at most three bytes in UTF-8, and a surrogate pair four.
        while (kept.length() * 3 > most && kept.getBytes(StandardCharsets.UTF_8).length > most)
            kept = kept.substring(0, kept.length() - 1);
        return kept;
    }
}
