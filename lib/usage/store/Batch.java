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

/// Calls that are written together, and what they come to by the hour.
///
/// @param calls the single calls, the first one first
/// @param hours their sums; in the order of the keys, so that two writers never wait for each other crosswise
/// @param latencies how many calls were how slow
record Batch(List<Calls> calls, Map<Hour, UsageTotals> hours, Map<Slow, Long> latencies) {
    static final long HOUR = Duration.ofHours(1).toMillis();
    static final int WHOLE = 0;
    static final int FIRST_BYTE = 1;
    private static final int LONGEST = 400;

    /// Who called what with what.
    ///
    /// @param detail what else is known of its calls
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

        /// The same without its detail.
        Series plain() {
            return detail.isNone() ? this : new Series(provider, type, model, caller, agent, session, Detail.NONE);
        }

        /// The same for everybody and every session: how slow something is does not depend on who asks, and by
        /// person there would be as many numbers as calls.
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

    /// One call, or those of a moment.
    ///
    /// @param time when the first of them came in
    /// @param latency how long the slowest took
    /// @param firstByte how long that took to its first byte
    record Calls(
            Series series,
            Instant time,
            int status,
            UsageTotals sums,
            Duration latency,
            Optional<Duration> firstByte) {}

    /// Every series of it, in order: those with a detail, and all without.
    List<Series> series() {
        return Stream.concat(
                        hours.keySet().stream(), latencies.keySet().stream().map(Slow::hour))
                .map(Hour::series)
                .flatMap(series -> Stream.of(series.plain(), series))
                .distinct()
                .sorted()
                .toList();
    }

    /// The sums of the hours, whatever their details.
    Map<Hour, UsageTotals> plainHours() {
        var plain = new TreeMap<Hour, UsageTotals>();
        hours.forEach(
                (hour, sums) -> plain.merge(new Hour(hour.begin(), hour.series().plain()), sums, UsageTotals::plus));
        return plain;
    }

    /// The sums of the hours of those series that have a detail.
    Map<Hour, UsageTotals> detailedHours() {
        var detailed = new TreeMap<Hour, UsageTotals>();
        hours.forEach((hour, sums) -> {
            if (!hour.series().detail().isNone()) detailed.put(hour, sums);
        });
        return detailed;
    }

    /// PostgreSQL has no NUL in a text, and clients can write one into a model's name. Neither has it an index
    /// over more than 2,700 bytes.
    ///
    /// @param most how many bytes of UTF-8 are kept
    static String clean(String text, int most) {
        var kept = text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
        // A character has three bytes at most, and a pair of them four.
        while (kept.length() * 3 > most && kept.getBytes(StandardCharsets.UTF_8).length > most)
            kept = kept.substring(0, kept.length() - 1);
        return kept;
    }
}
