package lib.gateway.telemetry;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import lib.api.ProviderType;
import lib.usage.Call;
import lib.usage.store.UsageBacklog;

/// Counts what a gateway has done since it started, in Prometheus' text format, with the names of OpenTelemetry's
/// conventions for GenAI and HTTP.
///
///     metrics.request("POST", "/llm/v1/providers/{provider}", 200, Duration.ofMillis(812));
///     metrics.text(() -> 3);
///
/// @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">Metrics for GenAI</a>
public final class Metrics {
    private static final double[] SECONDS = {
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
    };
    /// The maximum number of models with series of their own. Requests name the models, and a client that sends a
    /// million names must fill neither the memory nor a scrape. The first models keep their series, because a
    /// series that disappears and returns would look like a reset counter; all others share one series for each
    /// provider.
    private static final int MOST_MODELS = 100;
    private static final String OTHER = "other";
    private static final int LONGEST_NAME = 128;
    private static final List<String> CALL =
            List.of("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "provider");

    private final Histogram tokens = new Histogram(
            "gen_ai_client_token_usage",
            "Tokens per call.",
            List.of(
                    "gen_ai_operation_name",
                    "gen_ai_provider_name",
                    "gen_ai_request_model",
                    "provider",
                    "gen_ai_token_type"),
            1,
            4,
            16,
            64,
            256,
            1024,
            4096,
            16384,
            65536,
            262144,
            1048576,
            4194304,
            16777216,
            67108864);
    private final Histogram durations = new Histogram(
            "gen_ai_server_request_duration_seconds",
            "Time from a call to the end of its answer.",
            List.of("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "provider", "error_type"),
            SECONDS);
    private final Histogram firstTokens = new Histogram(
            "gen_ai_server_time_to_first_token_seconds",
            "Time from a call to the first byte of its answer.",
            CALL,
            0.001,
            0.005,
            0.01,
            0.02,
            0.04,
            0.06,
            0.08,
            0.1,
            0.25,
            0.5,
            0.75,
            1,
            2.5,
            5,
            7.5,
            10);
    private final Histogram perToken = new Histogram(
            "gen_ai_server_time_per_output_token_seconds",
            "Time from one token of an answer to the next.",
            CALL,
            0.01,
            0.025,
            0.05,
            0.075,
            0.1,
            0.15,
            0.2,
            0.3,
            0.4,
            0.5,
            0.75,
            1,
            2.5);
    private final Histogram requests = new Histogram(
            "http_server_request_duration_seconds",
            "Time from a request to the end of its answer.",
            List.of("http_request_method", "http_route", "http_response_status_code"),
            0.005,
            0.01,
            0.025,
            0.05,
            0.075,
            0.1,
            0.25,
            0.5,
            0.75,
            1,
            2.5,
            5,
            7.5,
            10);
    private final ConcurrentMap<Model, Answered> models = new ConcurrentHashMap<>();
    private final Counter unmeasured = new Counter(
            "rpkai_unmeasured_calls_total",
            "Calls that a model answered but whose usage could not be read.",
            "provider");
    private final Counter estimated = new Counter(
            "rpkai_estimated_calls_total",
            "Calls whose usage was partly estimated because their answers were cut off.",
            "provider");
    private final LongAdder active = new LongAdder();

    /// Counts the beginning of a request.
    public void begin() {
        active.increment();
    }

    /// Counts the end of a request.
    ///
    /// @param method the HTTP method, or `_OTHER`
    /// @param route the label of the route
    public void request(String method, String route, int status, Duration duration) {
        active.decrement();
        requests.observe(seconds(duration), method, route, Integer.toString(status));
    }

    /// Counts a call of a model.
    public void call(Call call) {
        switch (call.measured()) {
            case UNMEASURED -> unmeasured.increment(call.provider());
            case ESTIMATED -> estimated.increment(call.provider());
            case MEASURED -> {}
        }
        // A rejected request could name any model, so its model is left out.
        if (call.status() >= 400 || call.status() == 0)
            durations.observe(
                    seconds(call.latency()),
                    "chat",
                    system(call.type()),
                    "",
                    call.provider(),
                    Integer.toString(call.status()));
        else answered(call).observe(call);
    }

    private Answered answered(Call call) {
        var name = call.model().length() > LONGEST_NAME ? OTHER : call.model();
        var model = new Model(call.type(), name, call.provider());
        var known = models.get(model);
        if (known != null) return known;
        return models.computeIfAbsent(
                models.size() < MOST_MODELS ? model : new Model(call.type(), OTHER, call.provider()), Answered::new);
    }

    private record Model(String type, String name, String provider) {}

    /// The series of one model.
    private final class Answered {
        private final Histogram.Kept complete, cut, input, output, firstToken, perToken;

        Answered(Model model) {
            complete = durations.kept(labels(model, ""));
            cut = durations.kept(labels(model, "cut"));
            input = tokens.kept(labels(model, "input"));
            output = tokens.kept(labels(model, "output"));
            firstToken = firstTokens.kept(labels(model));
            perToken = Metrics.this.perToken.kept(labels(model));
        }

        private static String[] labels(Model model, String... more) {
            return Stream.concat(Stream.of("chat", system(model.type), model.name, model.provider), Arrays.stream(more))
                    .toArray(String[]::new);
        }

        void observe(Call call) {
            (call.complete() ? complete : cut).observe(seconds(call.latency()));
            var used = call.usage();
            double read = used.total() - used.output();
            double written = used.output();
            if (read > 0) input.observe(read);
            if (written > 0) output.observe(written);
            if (call.firstByte().isEmpty()) return;
            var first = call.firstByte().get();
            firstToken.observe(seconds(first));
            if (used.output() > 1) perToken.observe(seconds(call.latency().minus(first)) / (used.output() - 1));
        }
    }

    /// Returns all metrics of a gateway with its state on this machine as text.
    public String text(LongSupplier connections) {
        return text(connections, Optional.empty(), Optional.empty());
    }

    /// Returns all metrics as text.
    ///
    /// @param connections the source of the number of open connections
    /// @param stateAge the time since the gateway's state was last known to be current; empty if it is on this
    ///     machine
    /// @param usage what of the usage is not stored; empty if usage is not stored at all
    public String text(LongSupplier connections, Optional<Duration> stateAge, Optional<UsageBacklog> usage) {
        var text = new StringBuilder();
        for (var histogram : List.of(tokens, durations, firstTokens, perToken, requests)) histogram.write(text);
        for (var counter : List.of(unmeasured, estimated)) counter.write(text);
        gauge(text, "http_server_active_requests", "Requests in flight.", active.sum());
        gauge(text, "http_server_open_connections", "Open client connections.", connections.getAsLong());
        stateAge.ifPresent(age -> gauge(
                text,
                "rpkai_state_age_seconds",
                "Time since the gateway's state was last known to be current.",
                seconds(age)));
        usage.ifPresent(backlog -> {
            backlog.journalBytes()
                    .ifPresent(bytes -> gauge(
                            text, "rpkai_usage_journal_bytes", "Size of the usage that waits on this disk.", bytes));
            number(
                    text,
                    "counter",
                    "rpkai_usage_lost_calls_total",
                    "Calls whose usage is lost because there was no room for it.",
                    backlog.lostCalls());
        });
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        gauge(text, "jvm_memory_used_bytes", "Heap in use.", heap.getUsed());
        gauge(text, "jvm_memory_committed_bytes", "Heap reserved from the machine.", heap.getCommitted());
        gauge(
                text,
                "process_start_time_seconds",
                "Start time of the process.",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1000);
        return text.toString();
    }

    private static void gauge(StringBuilder text, String name, String help, Number value) {
        number(text, "gauge", name, help, value);
    }

    private static void number(StringBuilder text, String type, String name, String help, Number value) {
        text.append("# HELP ")
                .append(name)
                .append(' ')
                .append(help)
                .append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n')
                .append(name)
                .append(' ')
                .append(value)
                .append('\n');
    }

    /// Returns OpenTelemetry's name for the provider of a type.
    private static String system(String type) {
        return ProviderType.named(type)
                .flatMap(ProviderType::spec)
                .map(spec -> spec.names().telemetry())
                .orElse(type);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
