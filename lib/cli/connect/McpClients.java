package lib.cli.connect;

import static lib.cli.connect.ConnectTarget.quoted;

import java.net.URI;
import java.util.List;
import lib.base.ShellWord;

/// Snippets for using an MCP server of the gateway from a client.
///
///     new McpClients("github", url, List.of("rpkai", "auth", "token"), false).all()
///
/// @param server its name
/// @param url its endpoint
/// @param tokenCommand the command that prints the gateway token; empty for a gateway without sign-in
/// @param passthrough whether `Authorization` is the caller's own and is passed to the server
record McpClients(String server, URI url, List<String> tokenCommand, boolean passthrough) {
    private static final String VARIABLE = "RPKAI_GATEWAY_TOKEN";

    /// All snippets. There is none for Codex with passthrough: Codex can set one token only, in the header that
    /// the caller's own credential then needs.
    List<Snippet> all() {
        return passthrough && !tokenCommand.isEmpty() ? List.of(claude(), curl()) : List.of(claude(), codex(), curl());
    }

    /// A snippet for all folders: a helper configured for one folder runs only if that folder is trusted.
    private Snippet claude() {
        var where = "--scope user " + server;
        if (tokenCommand.isEmpty())
            return new Snippet(
                    "claude",
                    "Claude Code",
                    "claude mcp add --transport http %s %s\n".formatted(where, ShellWord.quote(url.toString())));
        var helper = "echo \"{\\\"%s\\\":\\\"%s$(%s)\\\"}\""
                .formatted(header(), passthrough ? "" : "Bearer ", ShellWord.join(tokenCommand));
        var json =
                "{\"type\":\"http\",\"url\":%s,\"headersHelper\":%s}".formatted(quoted(url.toString()), quoted(helper));
        return new Snippet(
                "claude", "Claude Code", "claude mcp add-json %s %s\n".formatted(where, ShellWord.quote(json)));
    }

    private Snippet codex() {
        var add = "codex mcp add %s --url %s".formatted(server, ShellWord.quote(url.toString()));
        return new Snippet(
                "codex",
                "Codex",
                tokenCommand.isEmpty() ? add + "\n" : """
                %s --bearer-token-env-var %s
                %2$s="$(%3$s)" codex
                """.formatted(add, VARIABLE, ShellWord.join(tokenCommand)));
    }

    /// A snippet that reads the token from stdin: every user of the machine can see arguments.
    private Snippet curl() {
        var token = tokenCommand.isEmpty()
                ? ""
                : "printf '%s: %s%%s' \"$(%s)\" |\n"
                        .formatted(header(), passthrough ? "" : "Bearer ", ShellWord.join(tokenCommand));
        return new Snippet(
                "curl",
                "curl",
                token + """
                curl -sS %s \\
                %s  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\
                  -d '{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": \
                "2025-11-25", "capabilities": {}, "clientInfo": {"name": "curl", "version": "1"}}}'
                """.formatted(ShellWord.quote(url.toString()), tokenCommand.isEmpty() ? "" : "  -H @- \\\n"));
    }

    private String header() {
        return passthrough ? "X-Redpanda-Cloud-Token" : "Authorization";
    }
}
