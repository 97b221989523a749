package lib.gateway;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.net.InetSocketAddress;
import java.util.List;
import lib.gateway.telemetry.Metrics;

/// What whoever runs a gateway asks it: `/healthz`, whether it is there; `/readyz`, whether it wants more requests;
/// `/metrics`, what it did. The first two say nothing and are for everyone. The third names providers and models, and is for
/// this machine and for administrators.
///
/// @param gateway how it is run
/// @param connections of its clients
/// @param callers who may see everything
/// @param scheme that is spoken here
record StatusPages(Operations gateway, Connections connections, Callers callers, String scheme) {
    /// Whether a path is one of these.
    static boolean has(String path) {
        return path.equals("/healthz") || path.equals("/readyz") || path.equals("/metrics");
    }

    /// @throws Refusal for whom it is not
    void serve(String path, RoutingRequest request, RoutingResponse response) {
        switch (path) {
            case "/healthz" -> text(response, 200, "ok\n");
            case "/readyz" -> text(response, connections.isDraining() ? 503 : 200, connections.isDraining() ? "draining\n" : "ok\n");
            default -> metrics(gateway.metrics().orElseThrow(() -> Refusal.notFound("this gateway counts nothing")), request, response);
        }
    }

    private void metrics(Metrics metrics, RoutingRequest request, RoutingResponse response) {
        if (!isFromHere(request) && Credentials.ofBearer(request.headers(), callers).filter(credentials -> credentials.caller().role() == Caller.Role.ADMIN).isEmpty()) {
            throw Refusal.unauthenticated();
        }
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"));
        response.send(metrics.text(connections::count));
    }

    /// Not what a proxy on this machine passes on, nor a page in a browser on it.
    private boolean isFromHere(RoutingRequest request) {
        if (!(request.remotePeer().address() instanceof InetSocketAddress peer) || !peer.getAddress().isLoopbackAddress()) return false;
        for (var header : List.of("Forwarded", "X-Forwarded-For", "Via")) if (request.headers().contains(HeaderNames.create(header))) return false;
        try {
            LoopbackGuard.check(request, scheme);
            return true;
        } catch (Refusal elsewhere) {
            return false;
        }
    }

    private static void text(RoutingResponse response, int status, String text) {
        response.status(Status.create(status)).header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8"));
        response.send(text);
    }
}
