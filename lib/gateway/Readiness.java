package lib.gateway;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import lib.gateway.config.GatewayConfig;
import lib.gateway.state.Freshness;
import lib.gateway.state.GatewayState;
import lib.usage.store.UsageService;

/// Whether a gateway that has started can do its work, and what is wrong if something is.
///
///     Readiness.of(config)   // Readiness[isReady=false, text=the disk of the gateway's state is full]
///
/// @param isReady whether it should get requests
/// @param text the lines for operators; they name no place and no reason that a database gave
record Readiness(boolean isReady, String text) {
    static final Readiness STARTING = new Readiness(false, "starting");
    static final Readiness DRAINING = new Readiness(false, "draining");
    private static final Readiness READY = new Readiness(true, "ok");

    /// Returns the readiness of a gateway that is neither starting nor stopping.
    static Readiness of(GatewayConfig config) {
        var away = config.keep().state().flatMap(GatewayState::freshness).filter(Freshness::isAway);
        if (away.isPresent())
            return without(away.get(), config.keep().state().get().clock().instant());
        if (!config.keep().state().map(GatewayState::isWritable).orElse(true))
            return full(config, "the disk of the gateway's state is full");
        return config.keep().usage().filter(UsageService::isFull).isPresent()
                ? full(config, "the disk of the usage store is full")
                : READY;
    }

    /// A load balancer should prefer another gateway. If all of them share the full disk, there is none.
    private static Readiness full(GatewayConfig config, String what) {
        return config.keep().state().flatMap(GatewayState::freshness).isPresent()
                ? new Readiness(true, "ok\n%s: requests are served, changes are refused".formatted(what))
                : new Readiness(false, what);
    }

    private static Readiness without(Freshness freshness, Instant now) {
        var since = now.minus(freshness.age()).truncatedTo(ChronoUnit.SECONDS);
        var silent = "the database of the gateway's state has not answered since " + since;
        return freshness.isStale()
                ? new Readiness(false, silent + ": requests are refused until it does (--stale-limit)")
                : new Readiness(
                        true,
                        "ok\n%s: requests are served by what was known then, until %s (--stale-limit)"
                                .formatted(silent, since.plus(freshness.limit())));
    }
}
