package lib.cli.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import lib.api.DidYouMean;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.config.OutputFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai mcp tools call`.
@Command(
        name = "call",
        description = "Calls a tool of an MCP server and prints its answer.",
        footer = {
            "",
            "Arguments are converted to the types in the tool's schema: -a limit=5 becomes "
                    + "a number if the schema says so; objects and arrays are given as JSON. The exit "
                    + "code is 1 if the tool reports a failure.",
            "",
            "Examples:",
            "  rpkai mcp tools call everything echo -a message=hello",
            "  rpkai mcp tools call github find --input '{\"query\":\"rpkai\"}' -o json",
            "  rpkai mcp tools call github github_search --code-mode -a query=issues"
        })
public final class ToolsCall implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SERVER", description = "The MCP server.")
    String server;

    @Parameters(index = "1", paramLabel = "TOOL", description = "The tool.")
    String tool;

    @Option(
            names = {"-a", "--arg"},
            paramLabel = "KEY=VALUE",
            description = "An argument; repeatable.")
    List<String> given = List.of();

    @Option(
            names = {"--input", "--args"},
            paramLabel = "JSON",
            description = "All arguments as a JSON object; - reads it from standard input, @FILE from a "
                    + "file. --arg overrides it.")
    String input;

    @Mixin
    ToolsAccess access;

    private static final Set<String> KNOWN = Set.of("text", "image", "audio", "resource", "resource_link");

    private final Context context;

    public ToolsCall(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var arguments = ToolArguments.read(input, given, context.host());
        var settings = context.settings();
        try (var session = access.open(server, context, settings);
                var _ = context.progress().on("Waiting for " + Output.printable(tool))) {
            var tools = session.tools();
            var schema = tools.stream()
                    .filter(each -> each.path("name").asText().equals(tool))
                    .findFirst()
                    .orElseThrow(() -> new UserError(
                            "MCP server \"%s\" has no tool \"%s\"".formatted(server, tool),
                            DidYouMean.hint(
                                    tool,
                                    tools.stream()
                                            .map(each -> each.path("name").asText(""))
                                            .toList(),
                                    "run rpkai mcp tools list %s".formatted(server))))
                    .path("inputSchema");
            var result = session.call(tool, arguments.fitted(schema));
            var failed = result.path("isError").asBoolean();
            if (settings.format() == OutputFormat.TABLE
                    || settings.format() == OutputFormat.WIDE
                    || settings.format() == OutputFormat.MARKDOWN) print(result, failed);
            else Output.object(context, settings.format(), result);
            return failed ? UserError.FAILED : 0;
        }
    }

    /// Prints the result: text line by line, other known content as a description, everything else as JSON.
    private void print(JsonNode result, boolean failed) {
        var out = failed ? context.host().err() : context.host().out();
        if (!result.path("content").isArray() && result.hasNonNull("content"))
            out.println(printable(result.path("content").toString()));
        for (var part : result.path("content").isArray() ? result.path("content") : MissingNode.getInstance()) {
            if (!KNOWN.contains(part.path("type").asText())) {
                out.println(printable(part.toString()));
                continue;
            }
            var text = part.path("type").asText().equals("resource")
                    ? part.path("resource").path("text")
                    : part.path("text");
            if (text.isTextual()) text.asText().lines().forEach(line -> out.println(printable(line)));
            else out.println(printable("[%s%s]".formatted(part.path("type").asText(), described(part))));
        }
        if (result.path("content").isEmpty() && result.hasNonNull("structuredContent"))
            out.println(printable(result.path("structuredContent").toString()));
    }

    private static String described(JsonNode part) {
        var at = part.path("resource").isObject() ? part.path("resource") : part;
        var size = at.path("data").asText(at.path("blob").asText("")).length() * 3 / 4;
        return (at.path("mimeType").asText("").isEmpty()
                        ? ""
                        : " " + at.path("mimeType").asText())
                + (at.path("uri").asText("").isEmpty()
                        ? ""
                        : " " + at.path("uri").asText())
                + (size == 0 ? "" : ", %d bytes; use -o json to see it".formatted(size));
    }

    /// Escapes characters that move the cursor or reverse the writing direction. Tabs are kept.
    private static String printable(String line) {
        return line.replaceAll("[\\p{Cc}&&[^\\t]]|[\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]", " ");
    }
}
