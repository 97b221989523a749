package lib.doctor;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.api.Environments;
import lib.auth.Tokens;
import lib.base.UserError;
import lib.config.Profile;
import lib.config.Settings;
import lib.doctor.network.CertificateIssuer;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.Route;

/// The way to the gateway, tried once, and everything that can be said of it.
final class RouteChecks {
    private RouteChecks() {}

    /// Proxy, DNS, TLS, gateway and clock.
    static List<CheckResult> of(URI gateway, DoctorContext subject) {
        return of(Route.to(gateway, subject.host(), subject.http(), subject.callPatience()), subject);
    }

    /// The same when nobody waits any longer.
    static List<CheckResult> late(URI gateway, DoctorContext subject) {
        return checks(
                Route.late(gateway, subject.patience()), Optional.empty(), Optional.empty(), Optional.empty(), subject);
    }

    /// Whether the gateway can be asked. A clock that is wrong does not keep it from answering.
    static boolean open(List<CheckResult> checks) {
        return checks.stream()
                .noneMatch(check -> check.failed() && !check.name().equals(ClockCheck.NAME));
    }

    private static List<CheckResult> of(Route route, DoctorContext subject) {
        var untrusted = TlsCheck.isUntrusted(route);
        var issuer = untrusted && route.proxy().isEmpty()
                ? CertificateIssuer.of(route.gateway(), subject.callPatience())
                : Optional.<String>empty();
        var bundle = untrusted ? TlsCheck.bundleFor(route.gateway(), subject) : Optional.<Path>empty();
        return checks(route, issuer, bundle, moved(route, subject), subject);
    }

    private static List<CheckResult> checks(
            Route route, Optional<String> issuer, Optional<Path> bundle, Optional<URI> moved, DoctorContext subject) {
        var clock = route.arrival() instanceof Route.Arrival.Answered answered
                        && answered.date().isPresent()
                ? ClockCheck.of(answered.here(), answered.date().get(), subject.platform())
                : CheckResult.skipped(ClockCheck.NAME, "the gateway did not say the time");
        var url = GatewayCheck.elsewhere(subject.settings(), moved, subject.launch());
        return List.of(
                ProxyCheck.of(route, subject.host().env(), subject.platform()),
                GatewayCheck.dns(route, subject.settings(), moved, subject.launch()),
                TlsCheck.of(route, issuer, bundle, TlsCheck.unreadable(subject.host()), url, subject.platform()),
                GatewayCheck.of(route, subject.settings(), moved, subject.launch()),
                clock);
    }

    /// Where the control plane says that the gateway is, where that is somewhere else by now.
    private static Optional<URI> moved(Route route, DoctorContext subject) {
        var down = switch (route.arrival()) {
            case Route.Arrival.Stuck(var at, var _, var _) -> at == FailurePoint.DNS || at == FailurePoint.SERVER;
            case Route.Arrival.Answered answered -> answered.status() >= 500 || !answered.isGateway();
        };
        var id = subject.settings().profile().flatMap(Profile::environmentId);
        if (!down || id.isEmpty() || subject.settings().endpoint().isPresent()) return Optional.empty();
        try {
            var tokens = Tokens.of(subject.settings(), subject.host(), subject.http());
            return new Environments(subject.settings().cloud().apiUrl(), tokens, subject.http())
                    .list().stream()
                            .filter(e -> e.id().equals(id.get()))
                            .flatMap(e -> e.gatewayUrl().stream())
                            .map(text -> Settings.webUrl(text, "ai_gateway.v2_url"))
                            .filter(url -> !url.equals(route.gateway()))
                            .findFirst();
        } catch (UserError unknown) {
            return Optional.empty();
        }
    }
}
