package lib.gateway;

import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.gateway.state.GatewayState;
import lib.providers.Kind;
import lib.providers.Provider;
import lib.providers.ProviderType;

/// The endpoints of the MCP servers, `/mcp/v1/<name>`: each relays streamable HTTP to the remote server, without the gateway's
/// token, and with the server's own secret. A session belongs to the caller who opened it, see [SessionIds].
///
/// @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http">Streamable HTTP</a>
final class ServerProxy {
    static final String PREFIX = "/mcp/v1/";

    private static final String CODE = "-code";
    private static final Set<String> METHODS = Set.of("POST", "GET", "DELETE");
    private static final Set<String> SESSION = Set.of("sessionid", "mcpsessionid");
    private static final McpWire WIRE = new McpWire();

    private final GatewayState state;
    private final Callers callers;
    private final Relay relay;
    private final ClientCredentials oauth;
    private final ClientWatch watch;

    ServerProxy(GatewayState state, Callers callers, Relay relay, ClientWatch watch, ClientCredentials oauth) {
        this.state = state;
        this.callers = callers;
        this.relay = relay;
        this.oauth = oauth;
        this.watch = watch;
    }

    /// Answers one request below [#PREFIX].
    void serve(Client client, RoutingRequest request, RoutingResponse response) {
        var name = request.prologue().uriPath().rawPath().substring(PREFIX.length());
        var query = request.prologue().hasQuery() ? "?" + request.prologue().query().rawValue() : "";
        var kept = Optional.ofNullable(state.servers().all().get(name)).map(stored -> new StoredServer(name, stored.definition(), state.secrets(), oauth));
        var provider = new Provider(name, "", new ProviderType(Kind.MCP.message()), List.of(), true, "", kept.map(StoredServer::passthrough).orElse(false));
        var exchange = new Exchange(request, response, provider, WIRE, new ProxyPath(name, "", query), RequestBody.of(request, Optional.empty(), relay.bodies()), Optional.empty());
        try {
            var credentials = provider.passthrough() ? Credentials.besideTheCallersOwn(request.headers(), callers) : Credentials.of(request.headers(), callers);
            var server = kept.orElseThrow(() -> unknown(name));
            client.asks(name, credentials.caller());
            if (!server.enabled()) throw Refusal.foreign("%s is disabled: run rpkai mcp update %s --enabled".formatted(WIRE.subject(name), name));
            if (!METHODS.contains(exchange.method())) throw Refusal.invalid("an MCP endpoint takes POST, GET and DELETE");
            if (!exchange.target().parameters(ServerProxy::isSession).isEmpty()) throw Refusal.invalid("a session belongs in the header Mcp-Session-Id, not in the URL");
            var sessions = new SessionIds(state::sessionKey, credentials.caller().name(), name + " " + server.url());
            var wire = new McpWire(sessions, session(request, sessions));
            var relayed = exchange.speaking(wire);
            var remote = server.remote();
            watch.during(client, exchange.body(), () -> relay.relay(read(relayed, wire), credentials, remote));
        } catch (Refusal refusal) {
            exchange.refuse(refusal);
            drop(exchange);
        } finally {
            exchange.body().release();
        }
    }

    /// Older servers read a session from the query, where it would be anyone's.
    private static boolean isSession(String parameter) {
        return SESSION.contains(parameter.strip().toLowerCase(Locale.ROOT).replace("_", "").replace("-", ""));
    }

    /// The same with what a small request says of itself, for what is said in place of its answer.
    private static Exchange read(Exchange exchange, McpWire wire) {
        try {
            return exchange.body().small().map(body -> exchange.speaking(wire.asked(body))).orElse(exchange);
        } catch (Refusal wrong) {
            // The relay comes upon it, too, and says so.
            return exchange;
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// The server's id of the session that a request is of; empty for a request outside one.
    ///
    /// @throws Refusal where it is not the caller's own. Clients open a new session at 404, as the specification wants.
    private static Optional<String> session(RoutingRequest request, SessionIds sessions) {
        var sent = request.headers().all(McpWire.SESSION, List::of);
        if (sent.size() > 1) throw Refusal.invalid("the request names more than one Mcp-Session-Id");
        return sent.stream().findFirst().map(id -> sessions.own(id.strip())
                .orElseThrow(() -> Refusal.notFound("you have no such session here; it may have ended: initialize a new one")));
    }

    /// So that its connection can be used again.
    private static void drop(Exchange exchange) {
        try {
            exchange.body().small();
        } catch (IOException gone) {
            throw new CloseConnectionException("the client went away", gone);
        } catch (Refusal malformed) {
            // It has been refused already.
        }
    }

    private Refusal unknown(String name) {
        var whole = name.endsWith(CODE) ? name.substring(0, name.length() - CODE.length()) : "";
        if (state.servers().all().containsKey(whole)) return Refusal.notFound("%s has no code mode here: this gateway runs no code".formatted(WIRE.subject(whole)));
        return Refusal.notFound("no MCP server is named \"%s\"".formatted(name.matches("[a-z0-9-]{1,80}") ? name : "?"));
    }
}
