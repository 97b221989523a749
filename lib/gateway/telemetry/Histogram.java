package lib.gateway.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// A histogram with labels, in Prometheus' format.
///
///     var histogram = new Histogram("gen_ai_server_request_duration_seconds", "How long.",
///             List.of("gen_ai_provider_name"), 0.1, 1, 10);
///     histogram.observe(0.4, "anthropic");
///
/// @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">The text format</a>
final class Histogram {
    /// The maximum number of series. Labels come from requests, and a client that sends a million model names
    /// must not fill the memory.
    private static final int MOST = 300;

    private final String name;
    private final String help;
    private final List<String> labels;
    private final double[] bounds;
    private final ConcurrentMap<List<String>, Series> series = new ConcurrentHashMap<>();

    /// The values with the same labels.
    private static final class Series {
        private final double[] bounds;
        /// The number of values up to each bound, and above the last one.
        private final LongAdder[] counts;
        private final DoubleAdder sum = new DoubleAdder();

        private Series(double[] bounds) {
            this.bounds = bounds;
            this.counts = new LongAdder[bounds.length + 1];
            Arrays.setAll(counts, _ -> new LongAdder());
        }

        void observe(double value) {
            int bucket = Arrays.binarySearch(bounds, value);
            counts[bucket < 0 ? -bucket - 1 : bucket].increment();
            sum.add(value);
        }
    }

    Histogram(String name, String help, List<String> labels, double... bounds) {
        this.name = name;
        this.help = help;
        this.labels = labels;
        this.bounds = bounds;
    }

    /// @param values of the labels, in their order
    void observe(double value, String... values) {
        series(values).observe(value);
    }

    /// Returns an observer for values with the same labels, which looks up the series only once.
    ///
    /// @param values of the labels, in their order
    Kept kept(String... values) {
        return new Kept(values);
    }

    /// A series that is created when its first value is observed.
    final class Kept {
        private final String[] values;
        private volatile Series series;

        private Kept(String... values) {
            this.values = values;
        }

        void observe(double value) {
            if (series == null) series = Histogram.this.series(values);
            series.observe(value);
        }
    }

    private Series series(String... values) {
        var key = List.of(values);
        var found = series.get(key);
        return found != null
                ? found
                : series.computeIfAbsent(
                        series.size() < MOST
                                ? key
                                : labels.stream().map(_ -> "other").toList(),
                        _ -> new Series(bounds));
    }

    void write(StringBuilder text) {
        text.append("# HELP ")
                .append(name)
                .append(' ')
                .append(help)
                .append("\n# TYPE ")
                .append(name)
                .append(" histogram\n");
        series.forEach((values, each) -> {
            var named = new StringBuilder();
            for (int i = 0; i < labels.size(); i++)
                named.append(labels.get(i))
                        .append("=\"")
                        .append(escaped(values.get(i)))
                        .append("\",");
            long count = 0;
            for (int i = 0; i < each.counts.length; i++) {
                count += each.counts[i].sum();
                text.append(name)
                        .append("_bucket{")
                        .append(named)
                        .append("le=\"")
                        .append(i < bounds.length ? Double.toString(bounds[i]) : "+Inf")
                        .append("\"} ")
                        .append(count)
                        .append('\n');
            }
            var labelled = "{" + named.substring(0, Math.max(0, named.length() - 1)) + "} ";
            text.append(name)
                    .append("_sum")
                    .append(labelled)
                    .append(each.sum.sum())
                    .append('\n');
            text.append(name).append("_count").append(labelled).append(count).append('\n');
        });
    }

    /// Escapes the value of a label.
    static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
