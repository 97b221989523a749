package lib.doctor;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import lib.config.Profile;
import lib.config.Settings;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.Route;
import lib.doctor.network.Route.Arrival.Answered;
import lib.doctor.network.Route.Arrival.Stuck;
import lib.http.ProxyVariables;
import lib.http.Unreachable.Reason;

/// Whether the gateway's host has an address, and whether a gateway answers there.
final class GatewayCheck {
    static final String NAME = "gateway";
    static final String DNS = "dns";

    private GatewayCheck() {}

    /// @param moved where the gateway is by now, where the control plane says so
    static CheckResult dns(Route route, Settings settings, Optional<URI> moved, InspectedLaunch launch) {
        var host = route.gateway().getHost();
        if (route.arrival() instanceof Stuck(var at, var _, var why) && at == FailurePoint.DNS)
            return CheckResult.failed(DNS, why, elsewhere(settings, moved, launch));
        if (route.proxy().isPresent()) return CheckResult.skipped(DNS, "the proxy looks it up");
        if (route.addresses().isEmpty()) return CheckResult.skipped(DNS, "the gateway was not reached");
        var more = route.addresses().size() > 1
                ? " and %d more".formatted(route.addresses().size() - 1)
                : "";
        return CheckResult.ok(
                DNS,
                host.equals(route.addresses().getFirst())
                        ? host
                        : "%s is %s%s".formatted(host, route.addresses().getFirst(), more));
    }

    /// @param moved where the gateway is by now, where the control plane says so
    static CheckResult of(Route route, Settings settings, Optional<URI> moved, InspectedLaunch launch) {
        return switch (route.arrival()) {
            case Stuck(var at, var reason, var why)
            when at == FailurePoint.SERVER ->
                CheckResult.failed(NAME, why, unanswered(route, reason, settings, moved, launch));
            case Stuck(var at, var _, var _) ->
                CheckResult.skipped(NAME, "not reached (%s)".formatted(at.name().toLowerCase(Locale.ROOT)));
            case Answered answered
            when answered.status() >= 500 ->
                CheckResult.failed(
                        NAME,
                        "%s answers HTTP %d, as a gateway that is down or restarting"
                                .formatted(route.gateway(), answered.status()),
                        moved(settings, moved, launch).orElseGet(() -> launch.later(60)));
            case Answered answered
            when !answered.isGateway() ->
                CheckResult.failed(
                        NAME,
                        "%s is no AI Gateway (HTTP %d%s)"
                                .formatted(
                                        route.gateway(),
                                        answered.status(),
                                        answered.contentType().isEmpty() ? "" : ", " + answered.contentType()),
                        elsewhere(settings, moved, launch));
            case Answered answered ->
                CheckResult.ok(
                        NAME,
                        "%s answers in %d ms"
                                .formatted(route.gateway(), answered.took().toMillis()));
        };
    }

    /// What names another gateway.
    static String elsewhere(Settings settings, Optional<URI> moved, InspectedLaunch launch) {
        if (settings.endpoint().isPresent()) return "pass the gateway's URL with --endpoint";
        return moved(settings, moved, launch)
                .orElseGet(
                        () -> settings.profile().flatMap(Profile::environmentId).isPresent()
                                ? "connect to the network (VPN) that the gateway is in"
                                : "edit %s and correct profiles.%s.ai_gateway_url"
                                        .formatted(
                                                settings.configFile(),
                                                settings.profileName().orElse("NAME")));
    }

    /// Nobody at home is a matter of the address; no answer, or half of one, is a matter of time.
    private static String unanswered(
            Route route, Reason reason, Settings settings, Optional<URI> moved, InspectedLaunch launch) {
        var nobody = reason == Reason.CONNECTION_REFUSED || reason == Reason.NO_CONNECTION;
        if (nobody && ProxyVariables.isLoopback(route.gateway().getHost())) return launch.plain("gateway");
        return nobody
                ? elsewhere(settings, moved, launch)
                : moved(settings, moved, launch).orElseGet(() -> launch.later(60));
    }

    /// Reads the environment's URL from the control plane again.
    private static Optional<String> moved(Settings settings, Optional<URI> moved, InspectedLaunch launch) {
        return moved.flatMap(_ -> settings.profile().flatMap(Profile::environmentId))
                .map(id -> launch.plain("env use " + id));
    }
}
