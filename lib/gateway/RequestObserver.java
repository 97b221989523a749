package lib.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import lib.gateway.config.Operations;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.server.Client;
import lib.gateway.telemetry.AccessLog;

/// Reports every finished request to the configured operations hooks.
///
/// @param operations the hooks to call
/// @param front the public endpoint, which resolves client addresses behind trusted proxies
/// @param clock the source of the current time
record RequestObserver(Operations operations, PublicEndpoint front, InstantSource clock) {
    private static final List<HeaderName> CREDENTIALS = Stream.of(
                    "authorization", "x-api-key", "x-goog-api-key", "x-redpanda-cloud-token")
            .map(HeaderNames::create)
            .toList();
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /// Registers the start of a request.
    ///
    /// @return the start time, to be passed to [#end]
    long begin() {
        operations.metrics().ifPresent(metrics -> metrics.begin());
        return System.nanoTime();
    }

    void end(long begin, Client client, RoutingRequest request, RoutingResponse response) {
        var took = Duration.ofNanos(System.nanoTime() - begin);
        var method = request.prologue().method().text();
        var path = request.prologue().uriPath().rawPath();
        var status = response.status().code();
        operations
                .metrics()
                .ifPresent(metrics -> metrics.request(
                        METHODS.contains(method) ? method : "_OTHER",
                        GatewayRoute.of(path).label(),
                        status,
                        took));
        operations
                .log()
                .ifPresent(log -> log.add(new AccessLog.Entry(
                        clock.instant().minus(took),
                        peer(client, request),
                        method,
                        withoutSecrets(path, request),
                        client.caller(),
                        client.provider(),
                        first(request, HeaderNames.USER_AGENT),
                        status,
                        response.bytesWritten(),
                        took,
                        client.isAnswered())));
    }

    private String peer(Client client, RoutingRequest request) {
        if (front.proxies().networks().isEmpty()) return client.peer();
        return front.client(request).map(InetAddress::getHostAddress).orElse(client.peer());
    }

    /// Removes tokens from a path, so that a token that a client put there by mistake is not logged.
    private static String withoutSecrets(String path, RoutingRequest request) {
        for (var header : CREDENTIALS) {
            var value = first(request, header);
            var secret = value.substring(value.lastIndexOf(' ') + 1);
            if (secret.length() >= 8 && path.contains(secret)) return "(withheld: it holds a token)";
        }
        return path;
    }

    private static String first(RoutingRequest request, HeaderName header) {
        var values = request.headers().all(header, List::of);
        return values.isEmpty() ? "" : values.getFirst();
    }
}
