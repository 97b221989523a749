package lib.gateway.config;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import lib.gateway.exchange.BodyStore;
import lib.gateway.telemetry.AccessLog;
import lib.gateway.telemetry.Metrics;

/// The settings for the operation of a gateway: its logs and metrics, its limits, and its end.
///
///     Operations.quiet().withMetrics(new Metrics()).withDrain(Duration.ofSeconds(30))
///
/// @param log the access log of every request; closed by the code that opened it
/// @param metrics the metrics at `/metrics`; empty if nothing is counted
/// @param connections the number of clients that may be connected at a time; more wait
/// @param sending the time within which a client has to send a head, from its first byte on, and each further piece
///     of a body
/// @param drain the time for which running answers may go on when the gateway is closed
/// @param bugs the receiver of internal errors, with the request that met each
/// @param access who may read the metrics
/// @param bodies the memory that holds request bodies
public record Operations(
        Optional<AccessLog> log,
        Optional<Metrics> metrics,
        int connections,
        Duration sending,
        Duration drain,
        BiConsumer<String, Throwable> bugs,
        MetricsAccess access,
        BodyStore bodies) {
    /// The usual time for sending, which is nginx's.
    public static final Duration SENDING = Duration.ofSeconds(60);

    /// Creates operations with as much memory for request bodies as suits this process.
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

    /// Returns the operations of a gateway for one person, in the same process: it reports nothing and ends at once.
    public static Operations quiet() {
        return new Operations(
                Optional.empty(),
                Optional.empty(),
                4096,
                SENDING,
                Duration.ZERO,
                (_, _) -> {},
                MetricsAccess.of(MetricsAccess.Mode.LOCAL));
    }

    /// Returns the same operations with an access log.
    public Operations withLog(AccessLog log) {
        return new Operations(Optional.of(log), metrics, connections, sending, drain, bugs, access, bodies);
    }

    /// Returns the same operations with metrics for this machine and for administrators.
    public Operations withMetrics(Metrics metrics) {
        return new Operations(log, Optional.of(metrics), connections, sending, drain, bugs, access, bodies);
    }

    /// Returns the same operations with another choice of who may read the metrics.
    public Operations withMetricsAccess(MetricsAccess access) {
        return new Operations(log, metrics, connections, sending, drain, bugs, access, bodies);
    }

    /// Returns the same operations with another limit of connected clients.
    public Operations withConnections(int connections) {
        return new Operations(log, metrics, connections, sending, drain, bugs, access, bodies);
    }

    /// Returns the same operations with another time for sending.
    public Operations withSending(Duration sending) {
        return new Operations(log, metrics, connections, sending, drain, bugs, access, bodies);
    }

    /// Returns the same operations with another time for running answers when the gateway is closed.
    public Operations withDrain(Duration drain) {
        return new Operations(log, metrics, connections, sending, drain, bugs, access, bodies);
    }

    /// Returns the same operations with a receiver of internal errors.
    public Operations withBugs(BiConsumer<String, Throwable> bugs) {
        return new Operations(log, metrics, connections, sending, drain, bugs, access, bodies);
    }

    /// Returns the same operations with request bodies held in that memory.
    public Operations withBodies(BodyStore bodies) {
        return new Operations(log, metrics, connections, sending, drain, bugs, access, bodies);
    }
}
