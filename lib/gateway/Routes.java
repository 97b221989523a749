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
import lib.gateway.state.GatewayState;
import lib.gateway.state.NoRoom;
import lib.usage.store.Accounting;

/// The gateway's front door: which part of it a request is for. Implemented on Helidon's own seam instead of its route
/// table, since only here the connection can be seen on which a request came.
final class Routes implements HttpRouting {
    /// What RFC 9113 counts for each line besides its text.
    private static final int HEADER_OVERHEAD = 32;

    private final HttpSecurity security = HttpSecurity.create();
    private final Front front;
    private final boolean asksNobody;
    private final Management management;
    private final Optional<UsageApi> usage;
    private final Proxy proxy;
    private final Optional<ServerProxy> servers;
    private final Connections connections;
    private final StatusPages status;
    private final Visits visits;
    private final Operations operations;

    Routes(GatewayConfig config, HostedProviders providers, Relay relay, LazyClient client, Connections connections, WarmUp warmUp) {
        var check = new ConnectionCheck(client);
        var watch = new ClientWatch(connections);
        this.connections = connections;
        operations = config.operations();
        status = new StatusPages(operations, connections, config.callers(), config.front().scheme(), () -> withoutRoom(config), warmUp);
        visits = new Visits(operations, config.front(), InstantSource.system());
        front = config.front();
        asksNobody = config.callers().withoutToken().isPresent();
        management = new Management(new ProviderService(providers, config.state(), check), config.state(), config.callers(), front);
        servers = config.state().map(state -> new ServerProxy(state, config.callers(), relay, watch, new ClientCredentials(client, state.clock())));
        usage = config.accounting().map(accounting -> new UsageApi(accounting, config.callers()));
        proxy = new Proxy(providers, config.callers(), new Demo(config.script(), config.pace()), relay, watch, config.meter(),
                config.accounting().map(Accounting::admission));
    }

    /// Whose disk is full; empty where none is.
    private static Optional<String> withoutRoom(GatewayConfig config) {
        if (!config.state().map(GatewayState::isWritable).orElse(true)) return Optional.of("the disk of the gateway's state is full");
        return config.accounting().filter(Accounting::isFull).map(_ -> "the disk of the usage store is full");
    }

    @Override
    public void route(ConnectionContext context, RoutingRequest request, RoutingResponse response) {
        // They are made in one place, [Connections].
        if (context instanceof SharedConnection shared) {
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

    /// Ends a connection on which the client asks no more. Helidon leaves that to the client, and there are some that read until
    /// then.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, section 9.6</a>
    private static void end(RoutingRequest request) {
        // Where something of the request was not read, the system would end it with a reset, and the client might lose the answer.
        if (request.content().hasEntity() && !request.content().consumed()) {
            if (request.headers().contentLength().orElse(Long.MAX_VALUE) > RequestBody.SMALL) return;
            request.content().consume();
        }
        throw new CloseConnectionException("the client asks no more");
    }

    private void serve(Client client, RoutingRequest request, RoutingResponse response) {
        client.asks(HopByHop.closes(request.headers().all(HeaderNames.CONNECTION, List::of)));
        var path = request.prologue().uriPath().rawPath();
        if (StatusPages.has(path)) {
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

    private void answer(Runnable page, RoutingRequest request, RoutingResponse response) {
        try {
            page.run();
        } catch (Refusal refusal) {
            Answers.refuse(request, response, refusal, Wires.ANTHROPIC);
        } catch (ConnectError error) {
            error.answer(response);
        } catch (RoleMissing missing) {
            Answers.refuse(request, response, Refusal.foreign(missing.getMessage()), Wires.ANTHROPIC);
        } catch (KeysUnavailable unavailable) {
            Answers.refuse(request, response, Refusal.unavailable(unavailable.getMessage()), Wires.ANTHROPIC);
        } catch (NoRoom full) {
            Answers.refuse(request, response, Refusal.diskFull(), Wires.ANTHROPIC);
        } catch (CloseConnectionException gone) {
            throw gone;
        } catch (BadRequestException malformed) {
            // Helidon looks at some headers only when they are asked for. Its message may quote them.
            Answers.refuse(request, response, Refusal.invalid("the HTTP request has a malformed header"), Wires.ANTHROPIC);
        } catch (OutOfMemoryError full) {
            // Not the client's fault, and over when others have been answered.
            if (response.hasEntity()) throw new CloseConnectionException("failed after the answer began", full);
            Answers.refuse(request, response, Refusal.busy(), Wires.ANTHROPIC);
        } catch (RuntimeException bug) {
            operations.bugs().accept(request.prologue().method().text() + " " + request.prologue().uriPath().rawPath(), bug);
            if (response.hasEntity()) throw new CloseConnectionException("failed after the answer began", bug);
            Answers.refuse(request, response, Refusal.broken(), Wires.ANTHROPIC);
        }
        response.commit();
    }

    private void dispatch(Client client, String path, RoutingRequest request, RoutingResponse response) {
        // Of HTTP/2 Helidon limits what arrives, which is compressed.
        if (client instanceof ClientStream) checkHead(request);
        if (asksNobody) LoopbackGuard.check(request, front.scheme());
        if (path.startsWith(ProxyPath.PREFIX)) proxy.serve(client, request, response);
        else if (servers.isPresent() && path.startsWith(ServerProxy.PREFIX)) servers.get().serve(client, request, response);
        else if (path.startsWith(Management.PREFIX)) management.serve(request, response);
        else if (usage.isPresent() && path.startsWith(UsageApi.PREFIX)) usage.get().serve(request, response);
        else if (!front.pages().serve(request, response)) throw Refusal.notFound("nothing here; providers are below " + ProxyPath.PREFIX);
    }

    private static void checkHead(RoutingRequest request) {
        int size = 0;
        for (var header : request.headers()) for (var value : header.allValues()) size += header.name().length() + value.length() + HEADER_OVERHEAD;
        if (size > Connections.LARGEST_HEAD) throw Refusal.largeHead(Connections.LARGEST_HEAD);
    }

    @Override
    public HttpSecurity security() {
        return security;
    }
}
