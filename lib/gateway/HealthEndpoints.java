package lib.gateway;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.config.MetricsAccess;
import lib.gateway.config.Operations;
import lib.gateway.exchange.CallerCredentials;
import lib.gateway.exchange.GatewayError;
import lib.gateway.server.Connections;
import lib.gateway.server.DnsRebindingGuard;
import lib.gateway.telemetry.Metrics;

/// Serves the endpoints for operators: `/healthz` (the process is up), `/readyz` (it accepts more requests) and
/// `/metrics` (what it has done). The first two reveal little and are open to everyone. [MetricsAccess] decides
/// who may read the third.
///
/// @param gateway the settings of the running gateway
/// @param connections the open client connections
/// @param callers the authenticator that identifies administrators
/// @param scheme the scheme that the gateway serves
/// @param withoutRoom the reason why changes cannot be saved; empty if they can
/// @param warmUp the warm-up that must end before `/readyz` reports success
record HealthEndpoints(
        Operations gateway,
        Connections connections,
        Authenticator callers,
        String scheme,
        Supplier<Optional<String>> withoutRoom,
        WarmUp warmUp) {
    /// Returns whether this class serves a path.
    static boolean has(String path) {
        return path.equals("/healthz") || path.equals("/readyz") || path.equals("/metrics");
    }

    /// @throws GatewayError if the caller may not see the endpoint
    void serve(String path, RoutingRequest request, RoutingResponse response) {
        switch (path) {
            case "/healthz" -> text(response, 200, "ok\n");
            case "/readyz" -> {
                var why = connections.isDraining()
                        ? Optional.of("draining")
                        : warmUp.isOver() ? withoutRoom.get() : Optional.of("starting");
                text(response, why.isPresent() ? 503 : 200, why.orElse("ok") + "\n");
            }
            default ->
                metrics(
                        gateway.metrics().orElseThrow(() -> GatewayError.notFound("metrics are disabled")),
                        request,
                        response);
        }
    }

    private void metrics(Metrics metrics, RoutingRequest request, RoutingResponse response) {
        if (!mayRead(request)) throw GatewayError.noMetrics();
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"));
        response.send(metrics.text(connections::count));
    }

    private boolean mayRead(RoutingRequest request) {
        var access = gateway.access();
        if (access.mode() == MetricsAccess.Mode.PUBLIC
                || access.mode() == MetricsAccess.Mode.LOCAL && isFromHere(request)) return true;
        var token = access.token().get();
        for (var header : request.headers().all(HeaderNames.AUTHORIZATION, List::of)) {
            if (token.isPresent()
                    && header.regionMatches(true, 0, "Bearer ", 0, 7)
                    && token.get().matches(header.substring(7).strip())) return true;
        }
        // Without authentication every caller would count as an administrator.
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
            DnsRebindingGuard.check(request, scheme);
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
