package lib.gateway;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.net.InetSocketAddress;
import java.util.List;
import lib.gateway.access.Caller;
import lib.gateway.config.GatewayConfig;
import lib.gateway.config.MetricsAccess;
import lib.gateway.exchange.CallerCredentials;
import lib.gateway.exchange.GatewayError;
import lib.gateway.server.Connections;
import lib.gateway.server.DnsRebindingGuard;
import lib.gateway.state.Freshness;
import lib.gateway.state.GatewayState;
import lib.gateway.telemetry.Metrics;
import lib.usage.store.UsageService;

/// Serves the endpoints for operators: `/healthz` (the process is up), `/readyz` (it accepts more requests) and
/// `/metrics` (what it has done). The first two reveal little and are open to everyone. [MetricsAccess] decides
/// who may read the third.
///
/// @param config the configuration of the running gateway
/// @param connections the open client connections
/// @param warmUp the warm-up that must end before `/readyz` reports success
record HealthEndpoints(GatewayConfig config, Connections connections, WarmUp warmUp) {
    /// Returns whether this class serves a path.
    static boolean has(String path) {
        return path.equals("/healthz") || path.equals("/readyz") || path.equals("/metrics");
    }

    /// @throws GatewayError if the caller may not see the endpoint
    void serve(String path, RoutingRequest request, RoutingResponse response) {
        switch (path) {
            case "/healthz" -> text(response, 200, "ok\n");
            case "/readyz" -> {
                var now = connections.isDraining()
                        ? Readiness.DRAINING
                        : warmUp.isOver() ? Readiness.of(config) : Readiness.STARTING;
                text(response, now.isReady() ? 200 : 503, now.text() + "\n");
            }
            default ->
                metrics(
                        config.operations().metrics().orElseThrow(() -> GatewayError.notFound("metrics are disabled")),
                        request,
                        response);
        }
    }

    private void metrics(Metrics metrics, RoutingRequest request, RoutingResponse response) {
        if (!mayRead(request)) throw GatewayError.noMetrics();
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"));
        response.send(metrics.text(
                connections::count,
                config.keep().state().flatMap(GatewayState::freshness).map(Freshness::age),
                config.keep().usage().map(UsageService::backlog)));
    }

    private boolean mayRead(RoutingRequest request) {
        var access = config.operations().access();
        if (access.mode() == MetricsAccess.Mode.PUBLIC
                || access.mode() == MetricsAccess.Mode.LOCAL && isFromHere(request)) return true;
        var token = access.token().get();
        for (var header : request.headers().all(HeaderNames.AUTHORIZATION, List::of)) {
            if (token.isPresent()
                    && header.regionMatches(true, 0, "Bearer ", 0, 7)
                    && token.get().matches(header.substring(7).strip())) return true;
        }
        // Without authentication every caller would count as an administrator.
        var callers = config.serve().callers();
        return callers.withoutToken().isEmpty()
                && CallerCredentials.ofBearer(request.headers(), callers)
                        .filter(credentials -> credentials.caller().role() == Caller.Role.ADMIN)
                        .isPresent();
    }

    /// Returns whether a request comes directly from this machine: not through a local proxy and not from a web
    /// page in a local browser.
    private boolean isFromHere(RoutingRequest request) {
        if (!(request.remotePeer().address() instanceof InetSocketAddress peer)
                || !peer.getAddress().isLoopbackAddress()) return false;
        for (var header : List.of("Forwarded", "X-Forwarded-For", "Via"))
            if (request.headers().contains(HeaderNames.create(header))) return false;
        try {
            DnsRebindingGuard.check(request, config.listen().endpoint().scheme());
            return true;
        } catch (GatewayError elsewhere) {
            return false;
        }
    }

    private static void text(RoutingResponse response, int status, String text) {
        response.status(Status.create(status))
                .header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8"));
        response.send(text);
    }
}
