package lib.gateway.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import lib.gateway.exchange.ApiFormat;
import lib.gateway.exchange.CallerHeaders;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.GatewayError.Kind;
import lib.gateway.exchange.KnownCalls;
import lib.gateway.exchange.ProxyPath;

/// The format of MCP servers: JSON-RPC. The gateway only needs to send errors in it.
///
/// @see <a href="https://www.jsonrpc.org/specification#error_object">JSON-RPC's errors</a>
///
/// @param sessions the conversion of session ids for the caller; empty if nothing is relayed
/// @param session the server's own id of the request's session
/// @param id the id of the request, which its answers repeat; null if it is unknown
public record McpFormat(Optional<McpSessionIds> sessions, Optional<String> session, JsonNode id) implements ApiFormat {
    public static final HeaderName SESSION = HeaderNames.create("mcp-session-id");

    /// The first code that JSON-RPC reserves for implementations.
    private static final int REFUSED = -32000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] COMMENT = {':', '\n', '\n'};

    /// Creates a format for errors outside any session.
    public McpFormat() {
        this(Optional.empty(), Optional.empty(), NullNode.instance);
    }

    public McpFormat(McpSessionIds sessions, Optional<String> session) {
        this(Optional.of(sessions), session, NullNode.instance);
    }

    /// Returns a copy for a request that has been read.
    ///
    /// @param body the body with one message
    public McpFormat asked(byte[] body) {
        try {
            var message = JSON.readTree(body);
            var named = message.path("id");
            return message.path("method").isTextual() && (named.isTextual() || named.isIntegralNumber())
                    ? new McpFormat(sessions, session, named)
                    : this;
        } catch (IOException malformed) {
            // The server reports the error.
            return this;
        }
    }

    /// Ends a stream with an error for the request, because the client would otherwise wait until its own
    /// timeout. A blank line first ends an event that was cut off.
    @Override
    public byte[] closing(Exchange exchange, String contentType) {
        if (id.isNull() || !contentType.startsWith("text/event-stream")) return new byte[0];
        var error = error(GatewayError.unreachable(exchange.subject(), "it closed the connection before it answered"));
        return ("\n\nevent: message\ndata: " + error + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Optional<String> header(String name, String value) {
        return CallerHeaders.isSame(name, SESSION.lowerCase()) ? session : Optional.of(value);
    }

    @Override
    public String answerHeader(String name, String value) {
        return sessions.isPresent() && name.equalsIgnoreCase(SESSION.lowerCase())
                ? sessions.get().handedOut(value)
                : value;
    }

    @Override
    public KnownCalls.Call call(Exchange exchange) {
        return KnownCalls.Call.UNKNOWN;
    }

    /// Returns the server's own URL; no path is appended.
    @Override
    public URI upstream(URI baseUrl, ProxyPath target) {
        return URI.create(baseUrl + target.query());
    }

    /// Opens a stream at once with a comment. A client opens it to wait for notifications, and there may be none
    /// for a long time.
    @Override
    public byte[] opening(Exchange exchange, String contentType) {
        return exchange.method().equals("GET") && contentType.startsWith("text/event-stream")
                ? COMMENT.clone()
                : new byte[0];
    }

    @Override
    public String subject(String name) {
        return "MCP server \"%s\"".formatted(name);
    }

    @Override
    public ObjectNode error(GatewayError refusal) {
        var json = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        json.set("id", id);
        json.putObject("error").put("code", REFUSED).put("message", refusal.getMessage());
        return json;
    }

    @Override
    public Map<String, String> errorHeaders(GatewayError refusal) {
        return refusal.kind() == Kind.UNAUTHENTICATED ? Map.of("WWW-Authenticate", "Bearer") : Map.of();
    }
}
