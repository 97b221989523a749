package tests.support.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import tests.support.TestJson;

/// MCP servers in the API's shape.
public final class McpJson {

    private McpJson() {}

    /// A remote one that the gateway signs in at with a key.
    public static ObjectNode remote(String name) {
        var server = TestJson.object()
                .put("name", name)
                .put("type", "MCP_SERVER_TYPE_REMOTE")
                .put("enabled", true);
        var remote = server.putObject("remote")
                .put("url", "https://" + name + ".example/mcp")
                .put("transport", "MCP_TRANSPORT_STREAMABLE_HTTP");
        remote.putObject("authConfig").putObject("staticKey").put("keyRef", "K");
        return server;
    }
}
