package lib.cli.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.config.OutputFormat;
import lib.http.Http.Retry;
import picocli.CommandLine.Command;

/// `rpkai mcp types`.
@Command(
        name = "types",
        description = "Lists the types of managed MCP servers that the gateway can run.",
        footer = {"", "Example:", "  rpkai mcp types"})
public final class McpTypes implements Runnable {
    private final Context context;

    public McpTypes(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        context.asking((connect, settings) -> {
            var answer = connect.message(connect.call(
                    "MCPServerService/ListManagedMCPTypes", JsonNodeFactory.instance.objectNode(), Retry.SAFE));
            // The API does not document the field's name, so take the only list in the answer.
            var types = answer.valueStream()
                    .filter(JsonNode::isArray)
                    .findFirst()
                    .orElse(JsonNodeFactory.instance.arrayNode());
            var rows = types.valueStream().map(McpTypes::row).toList();
            if (rows.isEmpty() && settings.format() != OutputFormat.JSON && settings.format() != OutputFormat.YAML)
                context.host()
                        .err()
                        .println("rpkai: this gateway does not run managed MCP servers; remote servers need no "
                                + "type");
            else
                Output.list(
                        context, settings.format(), List.of("TYPE", "NAME", "CATEGORY", "DESCRIPTION"), rows, types);
        });
    }

    private static List<String> row(JsonNode type) {
        if (type.isTextual()) return List.of(type.asText(), "", "", "");
        var url = type.path("typeUrl").asText(type.path("type").asText(""));
        return List.of(
                url.substring(url.lastIndexOf('/') + 1),
                type.path("displayName").asText(""),
                type.path("category").asText(""),
                type.path("description").asText(""));
    }
}
