package lib.api;

import java.util.LinkedHashMap;
import java.util.List;
import lib.api.type.FieldKind;

/// The fields of an `MCPServer`.
final class McpKind {
    private McpKind() {}

    static ResourceKind made() {
        var configs = new LinkedHashMap<String, String>();
        configs.put("remote", "MCP_SERVER_TYPE_REMOTE");
        configs.put("managed", "MCP_SERVER_TYPE_MANAGED");
        var fields = new LinkedHashMap<String, FieldKind>();
        for (var text : List.of("name", "description", "type", "credentialMode")) fields.put(text, FieldKind.TEXT);
        for (var said : List.of("url", "tools", "createdAt", "updatedAt", "createdBy", "updatedBy"))
            fields.put(said, FieldKind.OUTPUT);
        fields.put("enabled", FieldKind.FLAG);
        fields.put("codeMode", FieldKind.FLAG);
        fields.put("remote", FieldKind.MESSAGE);
        fields.put("remote.url", FieldKind.TEXT);
        fields.put("remote.transport", FieldKind.TEXT);
        var auth = "remote.authConfig";
        fields.put(auth, FieldKind.MESSAGE);
        fields.put(auth + ".none", FieldKind.MESSAGE);
        fields.put(auth + ".staticKey", FieldKind.MESSAGE);
        fields.put(auth + ".staticKey.keyRef", FieldKind.REFERENCE);
        fields.put(auth + ".staticKey.headerName", FieldKind.TEXT);
        fields.put(auth + ".tokenPassthrough", FieldKind.MESSAGE);
        fields.put(auth + ".oauth", FieldKind.MESSAGE);
        for (var text : List.of("clientId", "tokenUrl")) fields.put(auth + ".oauth." + text, FieldKind.TEXT);
        fields.put(auth + ".oauth.clientSecretRef", FieldKind.REFERENCE);
        fields.put(auth + ".oauth.scopes", FieldKind.TEXTS);
        fields.put(auth + ".userOauth", FieldKind.MESSAGE);
        fields.put(auth + ".userOauth.providerName", FieldKind.TEXT);
        fields.put(auth + ".userOauth.requiredScopes", FieldKind.TEXTS);
        fields.put(auth + ".userOauth.injection", FieldKind.MESSAGE);
        for (var text : List.of("headerName", "headerPrefix"))
            fields.put(auth + ".userOauth.injection." + text, FieldKind.TEXT);
        fields.put("managed", FieldKind.MESSAGE);
        var names = new ResourceKind.KindNames("MCP server", "mcp", "MCPServer", "mcpServer");
        return new ResourceKind(
                names, fields, configs, new TypeNames("MCP_SERVER_TYPE_", List.copyOf(configs.values())));
    }
}
