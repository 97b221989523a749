package lib.cli.mcp;

import java.time.Duration;
import lib.api.ProxyUrl;
import lib.auth.Tokens;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Durations;
import lib.config.Settings;
import lib.mcp.McpEndpoint;
import lib.mcp.McpSession;
import picocli.CommandLine.Option;

/// The flags for the way to the tools of an MCP server.
public final class ToolsAccess {
    @Option(
            names = "--code-mode",
            description = "Use the tools of the server's code mode, where a model searches tools and runs "
                    + "code; not all gateways support it.")
    boolean codeMode;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = Durations.class,
            description = "The maximum time for one answer (default ${DEFAULT-VALUE}).")
    Duration patience;

    /// @throws UserError when the server can't be used
    McpSession open(String server, Context context, Settings settings) {
        if (settings.wantsEmbeddedGateway())
            throw new UserError(
                    "the embedded gateway has no MCP servers",
                    "run rpkai gateway, and select it with rpkai env add or --endpoint");
        if (patience.isZero()) throw UserError.usage("--timeout must be at least 1s", "omit it for 60s");
        var endpoint = new McpEndpoint(server, ProxyUrl.ofServer(settings.gateway(), server, codeMode), context.http());
        try (var _ = context.progress().on("Waiting for MCP server \"%s\"".formatted(server))) {
            return McpSession.open(
                    endpoint, Tokens.of(settings, context.host(), context.http()), patience, context.host());
        }
    }
}
