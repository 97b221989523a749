package tests.support.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import tests.support.TestJson;
import tests.support.upstream.Recorded;
import tests.support.upstream.Reply;

/// An MCP server that speaks streamable HTTP, strictly: a session begins with `initialize`, every later message
/// names it, both content types are accepted, notifications are answered 202. It opens no streams of its own.
///
///     var server = new McpStub().tool("echo", TestJson.object(), arguments ->
///             McpStub.text(arguments.path("message").asText()));
///     upstream.handle(server::answer);
///
/// @see <a
///     href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http">Streamable
///     HTTP</a>
public class McpStub {

    private static final String SESSION = "session-1";

    private final Map<String, ObjectNode> tools = new ConcurrentSkipListMap<>();
    private final Map<String, Function<JsonNode, ObjectNode>> calls = new ConcurrentSkipListMap<>();
    private volatile boolean streams;
    private volatile int page = Integer.MAX_VALUE;

    /// Adds a tool.
    ///
    /// @param call makes the result from the arguments
    public McpStub tool(ObjectNode description, Function<JsonNode, ObjectNode> call) {
        tools.put(description.path("name").asText(), description);
        calls.put(description.path("name").asText(), call);
        return this;
    }

    /// Answers in event streams, as many servers do.
    public McpStub streaming() {
        streams = true;
        return this;
    }

    /// The most tools on a page.
    public McpStub largestPage(int tools) {
        page = tools;
        return this;
    }

    /// A result of one text.
    public static ObjectNode text(String text) {
        var result = TestJson.object();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    /// Answers one request.
    public Reply answer(Recorded call) {
        if (call.method().equals("DELETE")) {
            return Reply.of(call.header("Mcp-Session-Id").isPresent() ? 200 : 400, "text/plain", "");
        }
        if (!call.method().equals("POST")) {
            return Reply.of(405, "text/plain", "").header("Allow", "POST, DELETE");
        }
        var accept = String.join(",", call.headers("Accept"));
        if (!accept.contains("application/json") || !accept.contains("text/event-stream")) {
            return Reply.of(406, "text/plain", "both types are to be accepted");
        }
        var message = call.json();
        var method = message.path("method").asText();
        if (!message.path("jsonrpc").asText().equals("2.0")) {
            return Reply.of(400, "text/plain", "not JSON-RPC");
        }
        if (!method.equals("initialize")
                && !call.header("Mcp-Session-Id").filter(SESSION::equals).isPresent()) {
            return Reply.of(400, "text/plain", "no session");
        }
        if (message.path("id").isMissingNode()) {
            return Reply.of(202, "text/plain", "");
        }
        return switch (method) {
            case "initialize" -> result(message, initialized()).header("Mcp-Session-Id", SESSION);
            case "tools/list" ->
                result(message, list(message.path("params").path("cursor").asText("0")));
            case "tools/call" -> called(message);
            case "ping" -> result(message, TestJson.object());
            default -> error(message, -32601, "Method not found");
        };
    }

    private static ObjectNode initialized() {
        var result = TestJson.object().put("protocolVersion", "2025-06-18");
        result.putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "stub").put("version", "1");
        return result;
    }

    private ObjectNode list(String cursor) {
        var all = List.copyOf(tools.values());
        var from = Integer.parseInt(cursor);
        var to = (int) Math.min(all.size(), (long) from + page);
        var result = TestJson.object();
        var list = result.putArray("tools");
        IntStream.range(from, to).mapToObj(all::get).forEach(list::add);
        return to < all.size() ? result.put("nextCursor", Integer.toString(to)) : result;
    }

    private Reply called(JsonNode message) {
        var call = calls.get(message.path("params").path("name").asText());
        return call == null
                ? error(message, -32602, "Unknown tool")
                : result(message, call.apply(message.path("params").path("arguments")));
    }

    private Reply result(JsonNode message, ObjectNode result) {
        var body = TestJson.object().put("jsonrpc", "2.0");
        body.set("id", message.path("id"));
        body.set("result", result);
        return reply(body);
    }

    private Reply error(JsonNode message, int code, String text) {
        var body = TestJson.object().put("jsonrpc", "2.0");
        body.set("id", message.path("id"));
        body.putObject("error").put("code", code).put("message", text);
        return reply(body);
    }

    private Reply reply(ObjectNode body) {
        return streams ? Reply.events(List.of("event: message\ndata: " + body + "\n\n")) : Reply.json(200, body);
    }
}
