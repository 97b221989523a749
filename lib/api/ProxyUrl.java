package lib.api;

import java.net.URI;
import java.util.regex.Pattern;
import lib.base.UserError;

/// Makes the URLs at which a gateway serves providers, `<gateway>/llm/v1/providers/<name>`, and MCP servers.
///
///     ProxyUrl.of(URI.create("http://localhost:8090"), "demo")   // http://localhost:8090/llm/v1/providers/demo
public final class ProxyUrl {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    private ProxyUrl() {}

    /// Returns the URL of a provider's proxy on a gateway.
    public static URI of(URI gateway, String provider) {
        return URI.create(gateway + "/llm/v1/providers/" + checked(provider));
    }

    /// Returns the URL of an MCP server on a gateway, `<gateway>/mcp/v1/<name>`. Its code mode has a URL of its
    /// own.
    ///
    /// @see ResourceKind#MCP
    public static URI ofServer(URI gateway, String server, boolean codeMode) {
        return URI.create(gateway + "/mcp/v1/" + checked(ResourceKind.MCP, server) + (codeMode ? "-code" : ""));
    }

    /// Returns the name of a provider if it is valid. A name with a slash or a dot would be another path on the
    /// gateway.
    public static String checked(String provider) {
        // A valid name must not load the kinds of resources, which a launch does not need.
        return NAME.matcher(provider).matches() ? provider : checked(ResourceKind.LLM, provider);
    }

    /// Returns the name of a resource of that kind if it is valid.
    public static String checked(ResourceKind kind, String name) {
        if (NAME.matcher(name).matches()) return name;
        throw UserError.usage(
                "\"%s\" is not %s name".formatted(name, kind.one()),
                ("use lower-case letters, digits and dashes, starting with a letter, at most 63; rpkai %s "
                                + "list shows them")
                        .formatted(kind.command()));
    }
}
