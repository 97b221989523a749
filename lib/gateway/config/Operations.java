package lib.gateway.config;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import lib.gateway.exchange.BodyStore;
import lib.gateway.telemetry.AccessLog;
import lib.gateway.telemetry.Metrics;

/// How a gateway is run: what it tells of itself, how much it takes on, how it ends.
///
///     new Operations(Optional.of(AccessLog.to(System.out)), Optional.of(new Metrics()), 4096, Operations.SENDING,
///             Duration.ofSeconds(30), (what, bug) -> {})
///
/// @param log told of every request; closed by whoever made it
/// @param metrics shown at `/metrics`; empty where nothing is counted
/// @param connections how many clients may be connected at a time; more wait
/// @param sending how long a client may take to send a head, from its first byte on, and for each further piece
///     of a body
/// @param drain how long what is being answered may go on when the gateway is closed
/// @param bugs told what was asked when something went wrong that never should
/// @param access who may read the metrics
/// @param bodies where request bodies are held
public record Operations(
        Optional<AccessLog> log,
        Optional<Metrics> metrics,
        int connections,
        Duration sending,
        Duration drain,
        BiConsumer<String, Throwable> bugs,
        MetricsAccess access,
        BodyStore bodies) {
    /// As long as nginx waits.
    public static final Duration SENDING = Duration.ofSeconds(60);

    /// One whose metrics are for this machine and for administrators.
    public Operations(
            Optional<AccessLog> log,
            Optional<Metrics> metrics,
            int connections,
            Duration sending,
            Duration drain,
            BiConsumer<String, Throwable> bugs) {
        this(log, metrics, connections, sending, drain, bugs, MetricsAccess.of(MetricsAccess.Mode.LOCAL));
    }

    /// Request bodies are held where this machine has room for them.
    public Operations(
            Optional<AccessLog> log,
            Optional<Metrics> metrics,
            int connections,
            Duration sending,
            Duration drain,
            BiConsumer<String, Throwable> bugs,
            MetricsAccess access) {
        this(log, metrics, connections, sending, drain, bugs, access, BodyStore.ofThisProcess());
    }

    /// The same, request bodies held there.
    public Operations holding(BodyStore bodies) {
        return new Operations(log, metrics, connections, sending, drain, bugs, access, bodies);
    }

    /// For one person, in the same process: nothing is told, and it ends at once.
    static Operations quiet() {
        return new Operations(Optional.empty(), Optional.empty(), 4096, SENDING, Duration.ZERO, (_, _) -> {});
    }
}
