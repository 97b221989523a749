package lib.gateway;

import io.helidon.http.BadRequestException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpSecurity;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import lib.database.StoreFull;
import lib.gateway.access.KeysUnavailable;
import lib.gateway.access.MissingRole;
import lib.gateway.catalog.HostedProviders;
import lib.gateway.config.GatewayConfig;
import lib.gateway.config.Operations;
import lib.gateway.demo.DemoModel;
import lib.gateway.exchange.ClientAgent;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.HopByHop;
import lib.gateway.exchange.JsonResponses;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.exchange.RequestBody;
import lib.gateway.formats.Formats;
import lib.gateway.management.ConnectError;
import lib.gateway.management.ConnectionCheck;
import lib.gateway.management.ManagementApi;
import lib.gateway.management.ProviderService;
import lib.gateway.management.UsageApi;
import lib.gateway.proxy.LlmProxy;
import lib.gateway.proxy.McpProxy;
import lib.gateway.server.Client;
import lib.gateway.server.ClientConnection;
import lib.gateway.server.ClientStream;
import lib.gateway.server.Connections;
import lib.gateway.server.DisconnectDetector;
import lib.gateway.server.DnsRebindingGuard;
import lib.gateway.server.Http2Connection;
import lib.gateway.state.StateUnavailable;
import lib.gateway.upstream.LazyHttpClient;
import lib.gateway.upstream.OAuthClientCredentials;
import lib.gateway.upstream.Relay;
import lib.usage.store.UsageService;

/// Routes each request to the part of the gateway that serves it. It implements Helidon's `HttpRouting` instead
/// of using a route table, because only `HttpRouting` gives access to the connection of a request.
final class Router implements HttpRouting {
    /// The bytes that RFC 9113 adds to each header besides its name and value.
    private static final int HEADER_OVERHEAD = 32;

    private final HttpSecurity security = HttpSecurity.create();
    private final PublicEndpoint front;
    private final boolean asksNobody;
    private final ManagementApi management;
    private final Optional<UsageApi> usage;
    private final LlmProxy proxy;
    private final Optional<McpProxy> servers;
    private final Connections connections;
    private final HealthEndpoints status;
    private final RequestObserver visits;
    private final Operations operations;
    private final RunningRequests running = new RunningRequests();

    Router(
            GatewayConfig config,
            HostedProviders providers,
            Relay relay,
            LazyHttpClient client,
            Connections connections,
            WarmUp warmUp) {
        var check = new ConnectionCheck(client);
        var watch = new DisconnectDetector(connections);
        this.connections = connections;
        operations = config.operations();
        status = new HealthEndpoints(config, connections, warmUp);
        visits = new RequestObserver(operations, config.listen().endpoint(), InstantSource.system());
        front = config.listen().endpoint();
        asksNobody = config.serve().callers().withoutToken().isPresent();
        management = new ManagementApi(
                new ProviderService(providers, config.keep().state(), check),
                config.keep().state(),
                config.serve().callers(),
                front);
        servers = config.keep()
                .state()
                .map(state -> new McpProxy(
                        state,
                        config.serve().callers(),
                        relay,
                        watch,
                        new OAuthClientCredentials(client, state.clock())));
        usage = config.keep()
                .usage()
                .map(accounting -> new UsageApi(accounting, config.serve().callers()));
        proxy = new LlmProxy(
                providers,
                config.serve().callers(),
                new DemoModel(config.serve().script(), config.serve().pace()),
                relay,
                watch,
                config.keep().meter(),
                config.keep().usage().map(UsageService::admission));
    }

    /// Returns the requests that are being served.
    RunningRequests running() {
        return running;
    }

    @Override
    public void route(ConnectionContext context, RoutingRequest request, RoutingResponse response) {
        running.during(() -> routeRunning(context, request, response));
    }

    private void routeRunning(ConnectionContext context, RoutingRequest request, RoutingResponse response) {
        // [Connections] creates every connection.
        if (context instanceof Http2Connection shared) {
            try {
                serve(shared.begin(request.id()), request, response);
            } finally {
                shared.end(request.id());
            }
        } else {
            var client = (ClientConnection) context;
            if (connections.isDraining()) response.header(HeaderValues.CONNECTION_CLOSE);
            serve(client, request, response);
            if (client.asksNoMore()) end(request);
        }
    }

    /// Ends a connection on which the client sends no more requests. Helidon leaves that to the client, and some
    /// clients read until the server closes.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, section 9.6</a>
    private static void end(RoutingRequest request) {
        // If part of the request is unread, the operating system would reset the connection, and the client might
        // lose the answer.
        if (request.content().hasEntity() && !request.content().consumed()) {
            if (request.headers().contentLength().orElse(Long.MAX_VALUE) > RequestBody.SMALL) return;
            request.content().consume();
        }
        throw new CloseConnectionException("the client no longer waits");
    }

    private void serve(Client client, RoutingRequest request, RoutingResponse response) {
        client.asks(HopByHop.closes(request.headers().all(HeaderNames.CONNECTION, List::of)));
        var path = request.prologue().uriPath().rawPath();
        if (HealthEndpoints.has(path)) {
            answer(() -> status.serve(path, request, response), request, response);
            client.rests();
        } else {
            var begin = visits.begin();
            try {
                answer(() -> dispatch(client, path, request, response), request, response);
                client.rests();
            } finally {
                visits.end(begin, client, request, response);
            }
        }
    }

    /// Answers a request that is for no provider. All errors of such requests are handled here.
    private void answer(Runnable page, RoutingRequest request, RoutingResponse response) {
        try {
            page.run();
        } catch (ConnectError error) {
            error.answer(response);
        } catch (CloseConnectionException gone) {
            throw gone;
        } catch (RuntimeException | OutOfMemoryError failed) {
            var refusal = refusal(failed, request);
            if (isOurs(refusal) && response.hasEntity())
                throw new CloseConnectionException("failed after the answer began", failed);
            refuse(request, response, refusal);
        }
        response.commit();
    }

    private GatewayError refusal(Throwable failed, RoutingRequest request) {
        return switch (failed) {
            case GatewayError refusal -> refusal;
            case MissingRole missing -> GatewayError.foreign(missing.getMessage());
            case KeysUnavailable unavailable -> GatewayError.unavailable(unavailable.getMessage());
            case StoreFull _ -> GatewayError.diskFull();
            case StateUnavailable away -> GatewayError.stateUnavailable(away);
            // Helidon parses some headers lazily. Its message may quote them.
            case BadRequestException _ -> GatewayError.invalid("the HTTP request has a malformed header");
            // Not the client's fault; memory is available again when other requests have finished.
            case OutOfMemoryError _ -> GatewayError.busy();
            default -> {
                operations
                        .bugs()
                        .accept(
                                request.prologue().method().text() + " "
                                        + request.prologue().uriPath().rawPath(),
                                (RuntimeException) failed);
                yield GatewayError.broken();
            }
        };
    }

    private static boolean isOurs(GatewayError refusal) {
        return refusal.kind() == GatewayError.Kind.BUSY || refusal.kind() == GatewayError.Kind.BROKEN;
    }

    private static void refuse(RoutingRequest request, RoutingResponse response, GatewayError refusal) {
        // Coding agents retry a missing provider until the status tells them to stop.
        var status = refusal.kind() == GatewayError.Kind.NO_PROVIDER
                ? ClientAgent.of(request.headers()).status(refusal, false)
                : refusal.kind().status();
        JsonResponses.refuse(request, response, refusal, Formats.ANTHROPIC, status);
    }

    private void dispatch(Client client, String path, RoutingRequest request, RoutingResponse response) {
        // Helidon limits the size of HTTP/2 headers only as they arrive, compressed.
        if (client instanceof ClientStream) checkHead(request);
        if (asksNobody) DnsRebindingGuard.check(request, front.scheme());
        switch (GatewayRoute.of(path)) {
            case PROVIDERS -> proxy.serve(client, request, response);
            case SERVERS ->
                servers.ifPresentOrElse(mcp -> mcp.serve(client, request, response), () -> page(request, response));
            case MANAGEMENT -> management.serve(request, response);
            case USAGE -> usage.ifPresentOrElse(api -> api.serve(request, response), () -> page(request, response));
            case PAGES -> page(request, response);
        }
    }

    private void page(RoutingRequest request, RoutingResponse response) {
        if (!front.pages().serve(request, response))
            throw GatewayError.notFound("nothing here; providers are below " + ProxyPath.PREFIX);
    }

    private static void checkHead(RoutingRequest request) {
        int size = 0;
        for (var header : request.headers())
            for (var value : header.allValues()) size += header.name().length() + value.length() + HEADER_OVERHEAD;
        if (size > Connections.LARGEST_HEAD) throw GatewayError.largeHead(Connections.LARGEST_HEAD);
    }

    @Override
    public HttpSecurity security() {
        return security;
    }
}
