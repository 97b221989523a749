package lib.cli.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.config.OutputFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `rpkai mcp tools list`.
@Command(
        name = "list",
        aliases = "ls",
        description = "Lists the tools of an MCP server; -o wide adds their arguments, -o json their schemas.",
        footer = {"", "Examples:", "  rpkai mcp tools list github", "  rpkai mcp tools list github --code-mode -o json"
        })
public final class ToolsList implements Runnable {
    @Parameters(paramLabel = "SERVER", description = "The MCP server.")
    String server;

    @Mixin
    ToolsAccess access;

    private final Context context;

    public ToolsList(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = context.settings();
        try (var session = access.open(server, context, settings)) {
            var wide = settings.format() == OutputFormat.WIDE;
            var objects = JsonNodeFactory.instance.arrayNode();
            var rows = new ArrayList<List<String>>();
            for (var tool : session.tools()) {
                objects.add(tool);
                var row = new ArrayList<>(List.of(
                        tool.path("name").asText(""),
                        firstLine(
                                tool.path("description")
                                        .asText(tool.path("title").asText("")),
                                wide)));
                if (wide) row.add(1, arguments(tool.path("inputSchema")));
                rows.add(row);
            }
            Output.list(
                    context,
                    settings.format(),
                    wide ? List.of("NAME", "ARGUMENTS", "DESCRIPTION") : List.of("NAME", "DESCRIPTION"),
                    rows,
                    objects);
        }
    }

    private static String firstLine(String description, boolean wide) {
        return wide ? description : description.strip().lines().findFirst().orElse("");
    }

    /// Returns a tool's arguments, such as `path, [limit]`; those in brackets are optional.
    private static String arguments(JsonNode schema) {
        var required =
                schema.path("required").valueStream().map(JsonNode::asText).toList();
        return String.join(
                ", ",
                schema.path("properties").properties().stream()
                        .map(field -> required.contains(field.getKey()) ? field.getKey() : "[" + field.getKey() + "]")
                        .toList());
    }
}
