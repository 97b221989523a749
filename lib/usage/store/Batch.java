package lib.usage.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.usage.Call;
import lib.usage.report.Sums;

/// Calls that are written together, and what they come to by the hour.
///
/// @param calls the single calls, the first one first
/// @param hours their sums; in the order of the keys, so that two writers never wait for each other crosswise
/// @param latencies how many calls were how slow
record Batch(List<Calls> calls, Map<Hour, Sums> hours, Map<Slow, Long> latencies) {
    static final long HOUR = Duration.ofHours(1).toMillis();
    static final int WHOLE = 0;
    static final int FIRST_BYTE = 1;

    /// Who called what with what.
    record Series(String provider, String type, String model, String caller, String agent, String session) implements Comparable<Series> {
        private static final Comparator<Series> ORDER = Comparator.comparing(Series::provider).thenComparing(Series::type).thenComparing(Series::model)
                .thenComparing(Series::caller).thenComparing(Series::agent).thenComparing(Series::session);

        static Series of(Call call) {
            return new Series(clean(call.provider()), clean(call.type()), clean(call.model()), clean(call.caller()), clean(call.agent()), clean(call.session()));
        }

        /// PostgreSQL has no NUL in a text, and clients can write one into a model's name.
        private static String clean(String text) {
            return text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
        }

        /// The same for everybody and every session: how slow something is does not depend on who asks, and by person there would
        /// be as many numbers as calls.
        Series ofAll() {
            return new Series(provider, type, model, "", agent, "");
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
        private static final Comparator<Hour> ORDER = Comparator.comparing(Hour::series).thenComparing(Hour::begin);

        @Override
        public int compareTo(Hour other) {
            return ORDER.compare(this, other);
        }
    }

    record Slow(Hour hour, int what, int latency) implements Comparable<Slow> {
        private static final Comparator<Slow> ORDER = Comparator.comparing(Slow::hour).thenComparing(Slow::what).thenComparing(Slow::latency);

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
    record Calls(Series series, Instant time, int status, Sums sums, Duration latency, Optional<Duration> firstByte) {}

    /// Every series of it, in order.
    List<Series> series() {
        return Stream.concat(hours.keySet().stream(), latencies.keySet().stream().map(Slow::hour)).map(Hour::series).distinct().sorted().toList();
    }
}
