package tests.support.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import tests.support.TestJson;
import tests.support.upstream.Reply;

/// `MCPServerService` by Connect JSON, from the wire page's section 2 and as strictly as that can be read: a
/// field that it does not name is refused, an enum has the values that it names, `authConfig` is one of five.
final class McpApi {

    static final String SERVICE = "/redpanda.api.adp.v1alpha1.MCPServerService/";

    private static final Set<String> AUTHS = Set.of("tokenPassthrough", "oauth", "staticKey", "none", "userOauth");
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "",
                    Set.of(
                            "name",
                            "type",
                            "enabled",
                            "description",
                            "url",
                            "codeMode",
                            "credentialMode",
                            "tools",
                            "remote",
                            "managed"),
            "remote", Set.of("url", "transport", "authConfig"),
            "remote.authConfig", AUTHS,
            "remote.authConfig.tokenPassthrough", Set.of(),
            "remote.authConfig.none", Set.of(),
            "remote.authConfig.oauth", Set.of("clientId", "clientSecretRef", "tokenUrl", "scopes"),
            "remote.authConfig.staticKey", Set.of("keyRef", "headerName"),
            "remote.authConfig.userOauth", Set.of("providerName", "requiredScopes", "injection"),
            "remote.authConfig.userOauth.injection", Set.of("headerName", "headerPrefix"));

    private final Map<String, ObjectNode> servers = new ConcurrentSkipListMap<>();
    private final Function<String, String> endpoint;
    volatile int largestPage = 50;

    McpApi(Function<String, String> endpoint) {
        this.endpoint = endpoint;
    }

    void put(ObjectNode server) {
        var name = server.path("name").asText();
        servers.put(name, dropZeros(server.deepCopy(), "").put("url", endpoint.apply(name)));
    }

    Optional<ObjectNode> server(String name) {
        return Optional.ofNullable(servers.get(name));
    }

    /// @param method of the service
    Reply answer(String method, ObjectNode request) {
        return switch (method) {
            case "GetMCPServer" -> get(request.path("name").asText());
            case "ListMCPServers" -> list(request);
            case "CreateMCPServer" -> create(request.path("mcpServer"));
            case "UpdateMCPServer" -> update(request);
            case "DeleteMCPServer" ->
                servers.remove(request.path("name").asText()) == null
                        ? notFound(request.path("name").asText())
                        : Reply.json(200, TestJson.object());
            case "ListManagedMCPTypes" -> types();
            default -> Reply.of(404, "text/plain", "404 page not found");
        };
    }

    private Reply get(String name) {
        return server(name)
                .map(server -> Reply.json(200, TestJson.object().set("mcpServer", server)))
                .orElseGet(() -> notFound(name));
    }

    private Reply create(JsonNode server) {
        if (!(server instanceof ObjectNode object)) {
            return Connect.error("invalid_argument", "mcp_server: value is required");
        }
        if (servers.containsKey(server.path("name").asText())) {
            return Connect.error("already_exists", "MCP server " + server.path("name") + " already exists");
        }
        return keep(object.deepCopy());
    }

    private Reply update(ObjectNode request) {
        var change = request.path("mcpServer");
        var before = server(change.path("name").asText());
        if (before.isEmpty()) {
            return notFound(change.path("name").asText());
        }
        var after = before.get().deepCopy();
        var mask = request.path("updateMask").asText();
        for (var path : mask.split(",", -1)) {
            var dot = path.lastIndexOf('.');
            var parent = dot < 0 ? "" : path.substring(0, dot);
            var last = path.substring(dot + 1);
            if (!FIELDS.getOrDefault(parent, Set.of()).contains(last)
                    || Set.of("name", "type", "url", "tools").contains(path)) {
                return Connect.error("invalid_argument", "update_mask: " + path + " cannot be updated");
            }
            var from = at(change, parent).path(last);
            var onto = parent.isEmpty() || at(after, parent).isObject() || !from.isMissingNode()
                    ? object(after, parent)
                    : TestJson.object();
            if (from.isMissingNode()) {
                onto.remove(last);
            } else {
                if (AUTHS.contains(last)) {
                    onto.removeAll(); // a oneof
                }
                onto.set(last, from.deepCopy());
            }
        }
        return keep(after);
    }

    private Reply keep(ObjectNode server) {
        var why = violation(server);
        if (why.isPresent()) {
            return Connect.error("invalid_argument", why.get());
        }
        put(server);
        return get(server.path("name").asText());
    }

    private static Optional<String> violation(ObjectNode server) {
        if (!server.path("name").asText().matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?")) {
            return Optional.of("name: value does not match ^[a-z][a-z0-9-]*$");
        }
        var type = server.path("type").asText();
        var wanted = type.equals("MCP_SERVER_TYPE_REMOTE")
                ? "remote"
                : type.equals("MCP_SERVER_TYPE_MANAGED") ? "managed" : "no config";
        if (!server.has(wanted) || server.has("remote") == server.has("managed")) {
            return Optional.of("config: exactly " + wanted + " is wanted for " + type);
        }
        var remote = server.path("remote");
        if (remote.isObject() && !remote.path("transport").asText().matches("MCP_TRANSPORT_(SSE|STREAMABLE_HTTP)")) {
            return Optional.of("remote.transport: unknown enum value " + remote.path("transport"));
        }
        if (remote.isObject() && remote.path("url").asText().isEmpty()) {
            return Optional.of("remote.url: value is required");
        }
        if (remote.path("authConfig").size() > 1) {
            return Optional.of("remote.auth_config: one of them");
        }
        for (var reference :
                List.of(remote.at("/authConfig/staticKey/keyRef"), remote.at("/authConfig/oauth/clientSecretRef"))) {
            if (!reference.isMissingNode() && !reference.asText().matches("[A-Z][A-Z0-9_]*")) {
                return Optional.of("a reference does not match ^[A-Z][A-Z0-9_]*$");
            }
        }
        return unknown(server, "");
    }

    private static Optional<String> unknown(JsonNode object, String path) {
        for (var field : object.properties()) {
            var at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (!FIELDS.getOrDefault(path, Set.of()).contains(field.getKey())
                    && !field.getKey().contains("uture")) {
                return Optional.of(at + ": unknown field");
            }
            var below = FIELDS.containsKey(at) ? unknown(field.getValue(), at) : Optional.<String>empty();
            if (below.isPresent()) {
                return below;
            }
        }
        return Optional.empty();
    }

    /// Zero values are not there in proto3 JSON; a message that is empty is.
    private static ObjectNode dropZeros(ObjectNode object, String path) {
        for (var name : object.properties().stream().map(Map.Entry::getKey).toList()) {
            var value = object.path(name);
            var at = path.isEmpty() ? name : path + "." + name;
            if (value instanceof ObjectNode message && FIELDS.containsKey(at)) {
                dropZeros(message, at);
            } else if (value.isNull()
                    || value.isBoolean() && !value.asBoolean()
                    || value.isTextual() && value.asText().isEmpty()
                    || value.isArray() && value.isEmpty()) {
                object.remove(name);
            }
        }
        return object;
    }

    private Reply list(ObjectNode request) {
        var all = List.copyOf(servers.values());
        var token = request.path("pageToken").asText("");
        var start = token.isEmpty() ? 0 : Integer.parseInt(token.substring("page-".length()));
        var asked = request.path("pageSize").asInt();
        var end = Math.min(all.size(), start + Math.min(asked > 0 ? asked : 50, largestPage));
        var body = TestJson.object();
        if (end > start) {
            body.putArray("mcpServers").addAll(all.subList(start, end));
        }
        return Reply.json(200, end < all.size() ? body.put("nextPageToken", "page-" + end) : body);
    }

    private static Reply types() {
        var body = TestJson.object();
        body.putArray("managedMcpTypes")
                .addObject()
                .put("typeUrl", "type.googleapis.com/redpanda.mcp.SlackMCPConfig")
                .put("displayName", "Slack")
                .put("category", "COMMUNICATION")
                .put("description", "Reads and posts messages");
        return Reply.json(200, body);
    }

    private static JsonNode at(JsonNode object, String path) {
        var node = object;
        for (var name : path.isEmpty() ? new String[0] : path.split("\\.")) {
            node = node.path(name);
        }
        return node;
    }

    private static ObjectNode object(ObjectNode in, String path) {
        var node = in;
        for (var name : path.isEmpty() ? new String[0] : path.split("\\.")) {
            node = node.path(name) instanceof ObjectNode object ? object : node.putObject(name);
        }
        return node;
    }

    private static Reply notFound(String name) {
        return Connect.error("not_found", "MCP server \"" + name + "\" not found");
    }
}
