package lib.gateway.management.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Set;

/// The rules for an MCP server whose fields are well-formed.
final class ServerRules {
    /// The headers that frame a request or identify its sender. None of them may carry the secret.
    private static final Set<String> TAKEN = Set.of(
            "host",
            "content-length",
            "content-type",
            "transfer-encoding",
            "connection",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "accept",
            "cookie",
            "mcp-session-id",
            "mcp-protocol-version",
            "last-event-id");

    private ServerRules() {}

    /// Checks all rules and reports violations.
    static void check(ObjectNode server, Problems problems) {
        Rules.checkName(server, problems);
        if (!server.path("type").asText().equals("MCP_SERVER_TYPE_REMOTE")) {
            problems.add(
                    "type",
                    server.has("type")
                            ? "is not supported: this gateway only relays to remote servers"
                            : "is required: add remote");
            return;
        }
        var remote = server.path("remote");
        var url = remote.path("url").asText();
        if (url.isEmpty()) problems.add("remote.url", "is required");
        else BaseUrl.problem(url).ifPresent(why -> problems.add("remote.url", why));
        if (remote.path("transport").asText().equals("MCP_TRANSPORT_SSE"))
            problems.add("remote.transport", "is not supported: this gateway only relays streamable HTTP");
        checkAuth("remote.authConfig", remote.path("authConfig"), problems);
    }

    private static void checkAuth(String at, JsonNode auth, Problems problems) {
        var given = ServerSchema.AUTHS.stream().filter(auth::has).toList();
        if (given.size() > 1) problems.add(at + "." + given.get(1), "cannot be combined with " + given.getFirst());
        if (auth.has("staticKey")) {
            var key = auth.path("staticKey");
            if (!key.has("keyRef")) problems.add(at + ".staticKey.keyRef", "is required");
            Rules.checkReference(at + ".staticKey", key, "keyRef", problems);
            var header = key.path("headerName").asText();
            if (!header.isEmpty()
                    && (!header.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")
                            || TAKEN.contains(header.toLowerCase(Locale.ROOT))))
                problems.add(at + ".staticKey.headerName", "is not a header that can carry a key");
        }
        if (auth.has("oauth")) {
            var oauth = auth.path("oauth");
            for (var field : new String[] {"clientId", "clientSecretRef", "tokenUrl"})
                if (!oauth.has(field)) problems.add(at + ".oauth." + field, "is required");
            Rules.checkReference(at + ".oauth", oauth, "clientSecretRef", problems);
            if (oauth.has("tokenUrl"))
                BaseUrl.problem(oauth.path("tokenUrl").asText())
                        .ifPresent(why -> problems.add(at + ".oauth.tokenUrl", why));
        }
    }
}
