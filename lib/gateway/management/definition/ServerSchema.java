package lib.gateway.management.definition;

import java.util.List;
import java.util.Map;
import lib.gateway.management.definition.Field.Absent;
import lib.gateway.management.definition.Field.Choice;
import lib.gateway.management.definition.Field.Flag;
import lib.gateway.management.definition.Field.Many;
import lib.gateway.management.definition.Field.Message;
import lib.gateway.management.definition.Field.Never;
import lib.gateway.management.definition.Field.Ours;
import lib.gateway.management.definition.Field.Text;

/// The fields of an MCP server.
final class ServerSchema {
    /// Those of which an `authConfig` has one.
    static final List<String> AUTHS = List.of("none", "staticKey", "tokenPassthrough", "oauth", "userOauth");

    private static final Text LINE = new Text(255);
    private static final Text URL = new Text(2048);
    private static final Message EMPTY = new Message(Map.of());

    static final Message SERVER = new Message(Map.ofEntries(
            Map.entry("name", LINE),
            Map.entry("description", new Text(4000)),
            Map.entry(
                    "type",
                    new Choice(List.of(
                            "MCP_SERVER_TYPE_UNSPECIFIED", "MCP_SERVER_TYPE_REMOTE", "MCP_SERVER_TYPE_MANAGED"))),
            Map.entry("enabled", new Flag()),
            Map.entry("codeMode", new Never("is not possible: this gateway runs no code")),
            Map.entry("credentialMode", LINE),
            Map.entry("url", new Ours()),
            Map.entry("tools", new Ours()),
            Map.entry("createdAt", new Ours()),
            Map.entry("updatedAt", new Ours()),
            Map.entry("createdBy", new Ours()),
            Map.entry("updatedBy", new Ours()),
            Map.entry(
                    "managed",
                    new Absent("is not possible: this gateway runs no servers of its own, it relays to remote ones")),
            Map.entry(
                    "remote",
                    new Message(Map.of(
                            "url", URL,
                            "transport",
                                    new Choice(List.of(
                                            "MCP_TRANSPORT_UNSPECIFIED",
                                            "MCP_TRANSPORT_SSE",
                                            "MCP_TRANSPORT_STREAMABLE_HTTP")),
                            "authConfig",
                                    new Message(Map.of(
                                            "none", EMPTY,
                                            "staticKey", new Message(Map.of("keyRef", LINE, "headerName", LINE)),
                                            "tokenPassthrough", EMPTY,
                                            "oauth",
                                                    new Message(Map.of(
                                                            "clientId",
                                                            LINE,
                                                            "clientSecretRef",
                                                            LINE,
                                                            "tokenUrl",
                                                            URL,
                                                            "scopes",
                                                            new Many(LINE, 100))),
                                            "userOauth",
                                                    new Absent("is not possible: this gateway keeps no sign-ins "
                                                            + "of users at other places"))))))));

    private ServerSchema() {}
}
