package lib.cli.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lib.api.Resource;
import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.manage.ListFlags;
import lib.config.OutputFormat;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai mcp list`.
public final class McpList implements Runnable {
    private static final List<String> COLUMNS = List.of("NAME", "TYPE", "ENABLED", "DESCRIPTION");
    private static final List<String> WIDE =
            List.of("NAME", "TYPE", "ENABLED", "DESCRIPTION", "UPSTREAM", "SIGNS IN BY", "CODE MODE", "TOOLS", "URL");

    private final Context context;
    private final ListFlags flags = new ListFlags();

    private McpList(Context context) {
        this.context = context;
    }

    public static CommandSpec spec(Context context) {
        var command = new McpList(context);
        var spec = CommandSpec.wrapWithoutInspection(command).name("list").aliases("ls");
        spec.usageMessage()
                .description("Lists the MCP servers.")
                .footer(
                        "",
                        "Examples:",
                        "  rpkai mcp list -o wide",
                        "  rpkai mcp list --name-contains git --order-by 'name desc'");
        command.flags.addTo(spec);
        return spec;
    }

    @Override
    public void run() {
        var query = flags.query();
        context.asking((connect, settings) -> {
            var wide = settings.format() == OutputFormat.WIDE;
            var listing = new Resources(connect, ResourceKind.MCP).list(query);
            var rows = listing.items().stream()
                    .map(server -> row(Resource.of(ResourceKind.MCP, server), wide))
                    .toList();
            Output.list(context, settings.format(), wide ? WIDE : COLUMNS, rows, listing.json());
            ListFlags.sayNext(context, listing);
        });
    }

    private static List<String> row(Resource server, boolean wide) {
        var row = new ArrayList<>(List.of(
                server.name(),
                server.typeLabel(),
                server.enabled() ? "yes" : "no",
                server.at("description").asText("")));
        if (wide) {
            var auth = server.at("remote.authConfig").properties().stream()
                    .map(field -> field.getKey())
                    .collect(Collectors.joining(", "));
            row.addAll(List.of(
                    server.at("remote.url").asText(""),
                    auth,
                    server.at("codeMode").asBoolean() ? "yes" : "no",
                    server.at("tools").isEmpty()
                            ? ""
                            : Integer.toString(server.at("tools").size()),
                    server.at("url").asText("")));
        }
        return row;
    }
}
