package lib.gateway.management.definition;

import java.util.List;
import java.util.Map;
import lib.api.ResourceKind;
import lib.gateway.management.definition.Field.Absent;
import lib.gateway.management.definition.Field.Choice;
import lib.gateway.management.definition.Field.Many;
import lib.gateway.management.definition.Field.Message;
import lib.gateway.management.definition.Field.Never;
import lib.gateway.management.definition.Field.Text;

/// The fields of an MCP server.
final class ServerSchema {
    private static final String AUTH = "remote.authConfig";

    /// The fields of `authConfig`, of which only one may be set.
    static final List<String> AUTHS = ResourceKind.MCP.below(AUTH);

    static final Message SERVER = KindSchema.of(
            ResourceKind.MCP,
            Map.of(
                    "description",
                    new Text(4000),
                    "type",
                    new Choice(List.of(
                            "MCP_SERVER_TYPE_UNSPECIFIED", "MCP_SERVER_TYPE_REMOTE", "MCP_SERVER_TYPE_MANAGED")),
                    "codeMode",
                    new Never("is not supported: this gateway does not run code"),
                    "managed",
                    new Absent("is not supported: this gateway does not run managed servers; it only relays to "
                            + "remote ones"),
                    "remote.url",
                    KindSchema.URL,
                    "remote.transport",
                    new Choice(
                            List.of("MCP_TRANSPORT_UNSPECIFIED", "MCP_TRANSPORT_SSE", "MCP_TRANSPORT_STREAMABLE_HTTP")),
                    AUTH + ".oauth.tokenUrl",
                    KindSchema.URL,
                    AUTH + ".oauth.scopes",
                    new Many(KindSchema.LINE, 100),
                    AUTH + ".userOauth",
                    new Absent(
                            "is not supported: this gateway does not store users' sign-ins at other " + "services")));

    private ServerSchema() {}
}
