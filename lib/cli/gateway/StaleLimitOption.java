package lib.cli.gateway;

import java.time.Duration;
import lib.base.UserError;
import lib.cli.base.Durations;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import picocli.CommandLine.Option;

/// The flag for how long a gateway serves requests while the database of its state does not answer.
final class StaleLimitOption {
    private static final Duration DEFAULT = Duration.ofMinutes(15);
    /// Less would refuse requests whenever the database is slow for a moment.
    private static final Duration LEAST = Duration.ofSeconds(5);

    @Option(
            names = "--stale-limit",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "For a state in PostgreSQL: how long requests are served by what is known of it while the "
                    + "database does not answer (default 15m). Until then users who were removed meanwhile "
                    + "keep their access; after it, requests get 503 until the database answers.")
    Duration limit;

    /// @throws UserError if the limit is too short, or if the state is on this machine
    void check(StateLocation location) {
        if (limit == null) return;
        if (!(location instanceof StateLocation.Shared))
            throw UserError.usage(
                    "--stale-limit requires a state in PostgreSQL",
                    "omit it, or pass --state postgresql://USER@HOST/DATABASE");
        if (limit.compareTo(LEAST) < 0)
            throw UserError.usage(
                    "--stale-limit must be at least %d s".formatted(LEAST.toSeconds()), "omit it for 15m");
    }

    /// Sets the limit of a state in PostgreSQL.
    void apply(GatewayState state, StateLocation location) {
        if (location instanceof StateLocation.Shared) state.limitStaleness(limit == null ? DEFAULT : limit);
    }
}
