package lib.gateway.telemetry;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/// A counter with one label, in Prometheus' format.
///
///     var counter = new Counter("rpkai_unmeasured_calls_total", "How many.", "provider");
///     counter.increment("openai");
///
/// @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">The text format</a>
final class Counter {
    private final String name;
    private final String help;
    private final String label;
    private final ConcurrentMap<String, LongAdder> counts = new ConcurrentHashMap<>();

    /// @param label the name of the label, which must have few values, such as the providers of a gateway
    Counter(String name, String help, String label) {
        this.name = name;
        this.help = help;
        this.label = label;
    }

    void increment(String value) {
        counts.computeIfAbsent(value, _ -> new LongAdder()).increment();
    }

    void write(StringBuilder text) {
        text.append("# HELP ")
                .append(name)
                .append(' ')
                .append(help)
                .append("\n# TYPE ")
                .append(name)
                .append(" counter\n");
        counts.forEach((value, count) -> text.append(name)
                .append('{')
                .append(label)
                .append("=\"")
                .append(Histogram.escaped(value))
                .append("\"} ")
                .append(count.sum())
                .append('\n'));
    }
}
