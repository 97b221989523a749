package lib.doctor;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import lib.api.Environments;
import lib.auth.Tokens;
import lib.base.UserError;
import lib.config.Profile;
import lib.config.Settings;
import lib.doctor.network.CertificateIssuer;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.Route;
import lib.doctor.network.Route.Outcome.Answered;
import lib.doctor.network.Route.Outcome.Unreached;
import lib.doctor.network.TrustStores;

/// The network between this machine and the gateway, tried once, and what helps to explain a failure.
///
/// @param issuer who signed a certificate that is not trusted, where that is known
/// @param bundle a file of certificate authorities that makes the certificate trusted, where one was found
/// @param movedTo the gateway's new URL, where the control plane knows another one
public record RouteFindings(Route route, Optional<String> issuer, Optional<Path> bundle, Optional<URI> movedTo) {

    static RouteFindings of(URI gateway, DoctorContext context) {
        var route = Route.to(gateway, context.host(), context.http(), context.callPatience());
        var untrusted = route.isUntrusted();
        return new RouteFindings(
                route,
                untrusted && route.proxy().isEmpty()
                        ? CertificateIssuer.of(gateway, context.callPatience())
                        : Optional.empty(),
                untrusted ? TrustStores.bundleFor(gateway, context.host(), context.callPatience()) : Optional.empty(),
                movedTo(route, context));
    }

    /// The gateway did not answer in time.
    static RouteFindings unanswered(URI gateway, String why) {
        return new RouteFindings(Route.unanswered(gateway, why), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Whether a gateway answers that can be asked further.
    public boolean isOpen() {
        return route.outcome() instanceof Answered answered && answered.isGateway() && answered.status() < 500;
    }

    private static Optional<URI> movedTo(Route route, DoctorContext context) {
        var down = switch (route.outcome()) {
            case Unreached unreached -> unreached.at() == FailurePoint.DNS || unreached.at() == FailurePoint.SERVER;
            case Answered answered -> answered.status() >= 500 || !answered.isGateway();
        };
        var settings = context.settings();
        var id = settings.profile().flatMap(Profile::environmentId);
        if (!down || id.isEmpty() || settings.endpoint().isPresent()) return Optional.empty();
        try {
            var tokens = Tokens.of(settings, context.host(), context.http());
            return new Environments(settings.cloud().apiUrl(), tokens, context.http())
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
