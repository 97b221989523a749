package lib.cli.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lib.api.Resource;
import lib.api.ResourceKind;
import lib.base.UserError;
import lib.cli.manage.Draft;
import lib.cli.manage.DraftFlags;
import lib.cli.manage.FieldFlags;
import picocli.CommandLine.Model.CommandSpec;

/// The flags that describe an MCP server, one for each field, for `mcp create` and `mcp update`.
///
///     ServerFlags.toCreate(spec).create("github", Optional.empty()).resource().json()
public final class ServerFlags implements DraftFlags {
    private static final String AUTH = "remote.authConfig.";
    private static final String TRANSPORT = "remote.transport";
    private static final String TRANSPORT_PREFIX = "MCP_TRANSPORT_";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final FieldFlags fields = new FieldFlags(ResourceKind.MCP);

    private ServerFlags() {}

    /// Adds the flags of `mcp create`.
    public static ServerFlags toCreate(CommandSpec spec) {
        spec.usageMessage()
                .footer(
                        "",
                        "The gateway authenticates to a remote server for its callers. Flags never "
                                + "contain keys: a reference names a secret that the gateway keeps. To create a "
                                + "managed server, use a manifest (-f).",
                        "",
                        "Examples:",
                        "  rpkai mcp create docs --url https://docs.example/mcp",
                        "  rpkai mcp create github --url https://github.example/mcp --key-ref GITHUB_KEY",
                        "  rpkai mcp create web --url https://web.example --key-ref W --header-name X-Key");
        return addTo(spec);
    }

    /// Adds the flags of `mcp update`.
    public static ServerFlags toUpdate(CommandSpec spec) {
        spec.usageMessage()
                .footer(
                        "",
                        "Flags of one way to authenticate replace another way.",
                        "",
                        "Examples:",
                        "  rpkai mcp update github --enabled=false",
                        "  rpkai mcp update docs --no-auth",
                        "  rpkai mcp update github --clear description");
        return addTo(spec);
    }

    private static ServerFlags addTo(CommandSpec spec) {
        var flags = new ServerFlags();
        var fields = flags.fields;
        spec.usageMessage().abbreviateSynopsis(true);
        FieldFlags.section(
                spec,
                "For every type",
                List.of(
                        fields.add("description", "TEXT", "A description."),
                        fields.add("enabled", "", "Whether the gateway accepts calls of the server."),
                        fields.add(
                                "codeMode",
                                "",
                                "Whether the server gets a second endpoint, where a model searches tools and "
                                        + "runs code."),
                        fields.add(
                                "credentialMode", "MODE", "The credential mode of the server, as spelt in the API.")));
        FieldFlags.section(
                spec,
                "For a remote server",
                List.of(
                        fields.add("remote.url", "URL", "The URL of the MCP endpoint.", "--url"),
                        fields.add(
                                TRANSPORT,
                                "streamable_http|sse",
                                "The transport of the server. Default: streamable_http.",
                                "--transport")));
        FieldFlags.section(
                spec,
                "How the gateway authenticates to the server (choose one way)",
                List.of(
                        fields.add(AUTH + "none", "", "Without a credential.", "--no-auth"),
                        fields.add(
                                AUTH + "staticKey.keyRef",
                                "REF",
                                "With a key: the name of the secret that holds the key.",
                                "--key-ref"),
                        fields.add(
                                AUTH + "staticKey.headerName",
                                "HEADER",
                                "The header for the key. Default: Authorization, as a bearer token.",
                                "--header-name"),
                        fields.add(
                                AUTH + "tokenPassthrough",
                                "",
                                "With the caller's own Authorization header.",
                                "--token-passthrough"),
                        fields.add(
                                AUTH + "oauth.clientId",
                                "ID",
                                "With OAuth client credentials: the client's id.",
                                "--oauth-client-id"),
                        fields.add(
                                AUTH + "oauth.clientSecretRef",
                                "REF",
                                "The name of the secret that holds the client's secret.",
                                "--oauth-client-secret-ref"),
                        fields.add(
                                AUTH + "oauth.tokenUrl", "URL", "The URL of the token endpoint.", "--oauth-token-url"),
                        fields.add(
                                AUTH + "oauth.scopes",
                                "SCOPE",
                                "A scope to request; repeatable or separated by commas.",
                                "--oauth-scopes"),
                        fields.add(
                                AUTH + "userOauth.providerName",
                                "NAME",
                                "As the user, with this OAuth provider of the gateway.",
                                "--user-oauth-provider"),
                        fields.add(
                                AUTH + "userOauth.requiredScopes",
                                "SCOPE",
                                "A scope that users must have granted; repeatable.",
                                "--user-oauth-scopes")));
        return flags;
    }

    @Override
    public Optional<String> name() {
        return Optional.empty();
    }

    @Override
    public Draft create(String name, Optional<Resource> manifest) {
        var draft = put(Draft.of(ResourceKind.MCP, name, manifest));
        var resource = draft.resource();
        if (resource.config().isEmpty())
            throw UserError.usage("the MCP server's URL is missing", "add --url, or use -f for a managed server");
        if (resource.config().get().equals("remote") && !resource.at("remote").has("transport"))
            draft = draft.with(TRANSPORT, NODES.textNode(TRANSPORT_PREFIX + "STREAMABLE_HTTP"));
        return draft.made(resource.type(), manifest.isEmpty());
    }

    @Override
    public Draft update(String name, Optional<Resource> manifest, Supplier<Resource> live) {
        return put(Draft.changing(ResourceKind.MCP, name, manifest, live));
    }

    private Draft put(Draft before) {
        var draft = before;
        var given = fields.given();
        for (var field : given.entrySet()) draft = draft.with(field.getKey(), value(field));
        var auths = given.keySet().stream()
                .filter(path -> path.startsWith(AUTH))
                .map(ServerFlags::auth)
                .distinct()
                .toList();
        if (auths.size() > 1)
            throw UserError.usage(
                    "two ways to authenticate to the server are given, %s and %s".formatted(auths.get(0), auths.get(1)),
                    "use flags of one way only");
        for (var rival : auths.isEmpty() ? List.<String>of() : ResourceKind.MCP.settable()) {
            if (rival.startsWith(AUTH)
                    && rival.indexOf('.', AUTH.length()) < 0
                    && !auth(rival).equals(auths.getFirst())) draft = draft.clearing(List.of(rival));
        }
        return draft;
    }

    private static String auth(String path) {
        return path.substring(AUTH.length()).split("\\.")[0];
    }

    private static JsonNode value(Map.Entry<String, JsonNode> field) {
        if (!field.getKey().equals(TRANSPORT) || field.getValue().asText().startsWith(TRANSPORT_PREFIX))
            return field.getValue();
        var label = field.getValue().asText().replace('-', '_').toUpperCase(Locale.ROOT);
        if (!label.matches("SSE|STREAMABLE_HTTP"))
            throw UserError.usage(
                    "unknown --transport \"%s\"".formatted(field.getValue().asText()), "use streamable_http or sse");
        return NODES.textNode(TRANSPORT_PREFIX + label);
    }
}
