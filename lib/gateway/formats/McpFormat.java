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
import lib.gateway.exchange.McpSessionIds;
import lib.gateway.exchange.ProxyPath;

/// What MCP servers speak: JSON-RPC, of which the gateway understands nothing but how to say no.
///
/// @see <a href="https://www.jsonrpc.org/specification#error_object">JSON-RPC's errors</a>
///
/// @param sessions how ids of sessions look to the caller; empty where nothing is relayed
/// @param session the server's own id of the session that the request is of
/// @param id of the request, which its answers name; null where that is not known
public record McpFormat(Optional<McpSessionIds> sessions, Optional<String> session, JsonNode id) implements ApiFormat {
    public static final HeaderName SESSION = HeaderNames.create("mcp-session-id");

    /// The first of those that JSON-RPC leaves to implementations.
    private static final int REFUSED = -32000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] COMMENT = {':', '\n', '\n'};

    /// That of messages only.
    public McpFormat() {
        this(Optional.empty(), Optional.empty(), NullNode.instance);
    }

    public McpFormat(McpSessionIds sessions, Optional<String> session) {
        this(Optional.of(sessions), session, NullNode.instance);
    }

    /// The same for a request that has been read.
    ///
    /// @param body of one message
    public McpFormat asked(byte[] body) {
        try {
            var message = JSON.readTree(body);
            var named = message.path("id");
            return message.path("method").isTextual() && (named.isTextual() || named.isIntegralNumber())
                    ? new McpFormat(sessions, session, named)
                    : this;
        } catch (IOException malformed) {
            // The server says so.
            return this;
        }
    }

    /// The client of a stream waits for the answer to its request, until its own patience ends. Half an event may
    /// be before it, which a blank line ends.
    @Override
    public byte[] closing(Exchange exchange, String contentType) {
        if (id.isNull() || !contentType.startsWith("text/event-stream")) return new byte[0];
        var error =
                error(GatewayError.unreachable(exchange.subject(), "it ended the connection before it had answered"));
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

    /// The server's own URL, and nothing below it.
    @Override
    public URI upstream(URI baseUrl, ProxyPath target) {
        return URI.create(baseUrl + target.query());
    }

    /// A client opens a stream to hear of what happens, which may be nothing for long; a comment of its format
    /// opens it at once.
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
