package lib.api;

import java.util.LinkedHashMap;
import java.util.List;
import lib.api.ResourceKind.Field;

/// The fields of an `MCPServer`.
final class McpKind {
    private McpKind() {}

    static ResourceKind made() {
        var configs = new LinkedHashMap<String, String>();
        configs.put("remote", "MCP_SERVER_TYPE_REMOTE");
        configs.put("managed", "MCP_SERVER_TYPE_MANAGED");
        var fields = new LinkedHashMap<String, Field>();
        for (var text : List.of("name", "description", "type", "credentialMode")) fields.put(text, Field.TEXT);
        for (var said : List.of("url", "tools", "createdAt", "updatedAt", "createdBy", "updatedBy"))
            fields.put(said, Field.OUTPUT);
        fields.put("enabled", Field.FLAG);
        fields.put("codeMode", Field.FLAG);
        fields.put("remote", Field.MESSAGE);
        fields.put("remote.url", Field.TEXT);
        fields.put("remote.transport", Field.TEXT);
        var auth = "remote.authConfig";
        fields.put(auth, Field.MESSAGE);
        fields.put(auth + ".none", Field.MESSAGE);
        fields.put(auth + ".staticKey", Field.MESSAGE);
        fields.put(auth + ".staticKey.keyRef", Field.REFERENCE);
        fields.put(auth + ".staticKey.headerName", Field.TEXT);
        fields.put(auth + ".tokenPassthrough", Field.MESSAGE);
        fields.put(auth + ".oauth", Field.MESSAGE);
        for (var text : List.of("clientId", "tokenUrl")) fields.put(auth + ".oauth." + text, Field.TEXT);
        fields.put(auth + ".oauth.clientSecretRef", Field.REFERENCE);
        fields.put(auth + ".oauth.scopes", Field.TEXTS);
        fields.put(auth + ".userOauth", Field.MESSAGE);
        fields.put(auth + ".userOauth.providerName", Field.TEXT);
        fields.put(auth + ".userOauth.requiredScopes", Field.TEXTS);
        fields.put(auth + ".userOauth.injection", Field.MESSAGE);
        for (var text : List.of("headerName", "headerPrefix"))
            fields.put(auth + ".userOauth.injection." + text, Field.TEXT);
        fields.put("managed", Field.MESSAGE);
        return new ResourceKind("MCP server", "mcp", "MCPServer", "mcpServer", fields, configs, "MCP_SERVER_TYPE_");
    }
}
