package lib.cli.mcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lib.cli.Context;
import lib.cli.Output;
import lib.config.OutputFormat;
import lib.providers.Kind;
import lib.providers.Resource;
import lib.providers.Resources;

/// `rpkai mcp list`.
public final class McpList implements Runnable {
    private static final List<String> COLUMNS = List.of("NAME", "TYPE", "ENABLED", "DESCRIPTION");
    private static final List<String> WIDE = List.of("NAME", "TYPE", "ENABLED", "DESCRIPTION", "UPSTREAM", "SIGNS IN BY", "CODE MODE", "TOOLS", "URL");

    private final Context context;

    public McpList(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = context.settings();
        try (var session = context.session(settings)) {
            var wide = settings.format() == OutputFormat.WIDE;
            var objects = JsonNodeFactory.instance.arrayNode();
            var rows = new ArrayList<List<String>>();
            for (var server : new Resources(session.connect(context.host(), context.http(), settings), Kind.MCP).list()) {
                objects.add(server.json());
                rows.add(row(server, wide));
            }
            Output.list(context, settings.format(), wide ? WIDE : COLUMNS, rows, objects);
        }
    }

    private static List<String> row(Resource server, boolean wide) {
        var row = new ArrayList<>(List.of(server.name(), server.typeLabel(), server.enabled() ? "yes" : "no", server.at("description").asText("")));
        if (wide) {
            var auth = server.at("remote.authConfig").properties().stream().map(field -> field.getKey()).collect(Collectors.joining(", "));
            row.addAll(List.of(server.at("remote.url").asText(""), auth, server.at("codeMode").asBoolean() ? "yes" : "no", server.at("tools").isEmpty() ? "" : Integer.toString(server.at("tools").size()), server.at("url").asText("")));
        }
        return row;
    }
}
