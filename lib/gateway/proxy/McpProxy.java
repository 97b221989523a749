package lib.gateway.proxy;

import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.api.ResourceKind;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.StoredServer;
import lib.gateway.exchange.CallerCredentials;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.exchange.RequestBody;
import lib.gateway.formats.McpFormat;
import lib.gateway.formats.McpSessionIds;
import lib.gateway.server.Client;
import lib.gateway.server.DisconnectDetector;
import lib.gateway.state.GatewayState;
import lib.gateway.upstream.OAuthClientCredentials;
import lib.gateway.upstream.Relay;

/// The proxy for MCP servers, `/mcp/v1/<name>`. It forwards streamable HTTP to the remote server, without the
/// gateway's token and with the server's own secret. A session belongs to the caller who opened it, see
/// [McpSessionIds].
///
/// @see <a
///     href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http">Streamable
///     HTTP</a>
public final class McpProxy {
    public static final String PREFIX = "/mcp/v1/";

    private static final String CODE = "-code";
    private static final Set<String> METHODS = Set.of("POST", "GET", "DELETE");
    private static final Set<String> SESSION = Set.of("sessionid", "mcpsessionid");
    private static final McpFormat WIRE = new McpFormat();

    private final GatewayState state;
    private final Authenticator callers;
    private final Relay relay;
    private final OAuthClientCredentials oauth;
    private final DisconnectDetector watch;

    public McpProxy(
            GatewayState state,
            Authenticator callers,
            Relay relay,
            DisconnectDetector watch,
            OAuthClientCredentials oauth) {
        this.state = state;
        this.callers = callers;
        this.relay = relay;
        this.oauth = oauth;
        this.watch = watch;
    }

    /// Answers a request below [#PREFIX].
    public void serve(Client client, RoutingRequest request, RoutingResponse response) {
        var name = request.prologue().uriPath().rawPath().substring(PREFIX.length());
        var query =
                request.prologue().hasQuery() ? "?" + request.prologue().query().rawValue() : "";
        var kept = Optional.ofNullable(state.servers().known().get(name))
                .map(stored -> new StoredServer(name, stored.definition(), state.secrets(), oauth));
        var provider = Provider.of(name, ProviderType.of(ResourceKind.MCP.message()))
                .withOption(
                        Provider.Option.PASSTHROUGH,
                        kept.map(StoredServer::passthrough).orElse(false));
        var exchange = new Exchange(
                request,
                response,
                provider,
                WIRE,
                new ProxyPath(name, "", query),
                RequestBody.of(request, Optional.empty(), relay.bodies()),
                Optional.empty());
        try {
            if (!exchange.answering(() -> serve(client, exchange, kept))) drop(exchange);
        } finally {
            exchange.body().release();
        }
    }

    private void serve(Client client, Exchange exchange, Optional<StoredServer> kept) {
        state.requireCurrent();
        var request = exchange.request();
        var name = exchange.provider().name();
        var credentials = exchange.provider().passthrough()
                ? CallerCredentials.besideTheCallersOwn(request.headers(), callers)
                : CallerCredentials.of(request.headers(), callers);
        var server = kept.orElseThrow(() -> unknown(name));
        client.asks(name, credentials.caller());
        if (!server.enabled())
            throw GatewayError.foreign(
                    "%s is disabled: run rpkai mcp update %s --enabled".formatted(WIRE.subject(name), name));
        if (!METHODS.contains(exchange.method()))
            throw GatewayError.invalid("an MCP endpoint accepts POST, GET and DELETE");
        if (!exchange.target().parameters(McpProxy::isSession).isEmpty())
            throw GatewayError.invalid("a session belongs in the header Mcp-Session-Id, not in the URL");
        var sessions = new McpSessionIds(state::sessionKey, credentials.caller().name(), name + " " + server.url());
        var wire = new McpFormat(sessions, session(request, sessions));
        var relayed = exchange.speaking(wire);
        var remote = server.remote();
        watch.during(client, exchange.body(), () -> {
            var asked = read(relayed, wire);
            asked.answering(() -> relay.relay(asked, credentials, remote));
        });
    }

    /// Returns whether a query parameter names a session. Older servers read it, and any caller could send any
    /// session.
    private static boolean isSession(String parameter) {
        return SESSION.contains(
                parameter.strip().toLowerCase(Locale.ROOT).replace("_", "").replace("-", ""));
    }

    /// Reads the id of a small JSON-RPC request, and returns the exchange with that id, which the gateway's own
    /// errors must repeat. An exchange with a larger body is returned unchanged.
    private static Exchange read(Exchange exchange, McpFormat wire) {
        try {
            return exchange.body()
                    .small()
                    .map(body -> exchange.speaking(wire.asked(body)))
                    .orElse(exchange);
        } catch (GatewayError wrong) {
            // The relay reads the body too, meets the same error and reports it.
            return exchange;
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// Returns the server's own id of the request's session; empty for a request outside a session.
    ///
    /// @throws GatewayError if the session is not the caller's own. Clients open a new session at 404, as the
    ///     specification requires.
    private static Optional<String> session(RoutingRequest request, McpSessionIds sessions) {
        var sent = request.headers().all(McpFormat.SESSION, List::of);
        if (sent.size() > 1) throw GatewayError.invalid("the request names more than one Mcp-Session-Id");
        return sent.stream()
                .findFirst()
                .map(id -> sessions.own(id.strip())
                        .orElseThrow(() -> GatewayError.notFound(
                                "you have no such session; it may have ended: initialize a new one")));
    }

    /// Discards the rest of the request, so that its connection can be reused.
    private static void drop(Exchange exchange) {
        try {
            exchange.body().small();
        } catch (IOException gone) {
            throw new CloseConnectionException("the client went away", gone);
        } catch (GatewayError malformed) {
            // The request was rejected already.
        }
    }

    private GatewayError unknown(String name) {
        var whole = name.endsWith(CODE) ? name.substring(0, name.length() - CODE.length()) : "";
        if (state.servers().all().containsKey(whole))
            return GatewayError.notFound(
                    "%s has no code mode: this gateway does not run code".formatted(WIRE.subject(whole)));
        return GatewayError.notFound(
                "there is no MCP server \"%s\"".formatted(name.matches("[a-z0-9-]{1,80}") ? name : "?"));
    }
}
