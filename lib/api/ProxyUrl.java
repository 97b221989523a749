package lib.api;

import java.net.URI;
import java.util.regex.Pattern;
import lib.base.UserError;

/// Where a provider's native API is served: `<gateway>/llm/v1/providers/<name>`.
///
///     ProxyUrl.of(URI.create("http://localhost:8090"), "demo")   // http://localhost:8090/llm/v1/providers/demo
public final class ProxyUrl {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    private ProxyUrl() {}

    /// The URL of that provider's proxy on that gateway.
    public static URI of(URI gateway, String provider) {
        return URI.create(gateway + "/llm/v1/providers/" + checked(provider));
    }

    /// Where an MCP server is served, `<gateway>/mcp/v1/<name>`; its code-mode sibling has a path of its own.
    ///
    /// @see ResourceKind#MCP
    public static URI ofServer(URI gateway, String server, boolean codeMode) {
        return URI.create(gateway + "/mcp/v1/" + checked(ResourceKind.MCP, server) + (codeMode ? "-code" : ""));
    }

    /// A provider's name, or an error: one with a slash or a dot would be another path on the gateway.
    public static String checked(String provider) {
        // A launch comes by here, and has no use for the kinds.
        return NAME.matcher(provider).matches() ? provider : checked(ResourceKind.LLM, provider);
    }

    /// The same of another kind.
    public static String checked(ResourceKind kind, String name) {
        if (NAME.matcher(name).matches()) return name;
        throw UserError.usage(
                "\"%s\" is not %s name".formatted(name, kind.one()),
                ("use lower-case letters, digits and dashes, starting with a letter, at most 63; rpkai %s "
                                + "list shows them")
                        .formatted(kind.command()));
    }
}
