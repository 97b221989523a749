package lib.cli.llm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import lib.api.Provider;
import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.manage.ListFlags;
import lib.config.OutputFormat;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai llm list`.
public final class LlmList implements Runnable {
    private static final List<String> COLUMNS = List.of("NAME", "TYPE", "ENABLED", "MODELS");
    private static final List<String> WIDE =
            List.of("NAME", "TYPE", "ENABLED", "MODELS", "CREDENTIAL", "REGION", "DISPLAY NAME", "URL");

    private final Context context;
    private final ListFlags flags = new ListFlags();

    private LlmList(Context context) {
        this.context = context;
    }

    /// Builds the command without annotations, because reading them takes longer than the call, and it is the
    /// most frequent command.
    public static CommandSpec spec(Context context) {
        var command = new LlmList(context);
        var spec = CommandSpec.wrapWithoutInspection(command).name("list").aliases("ls");
        spec.usageMessage()
                .description("Lists the providers.")
                .footer(
                        "",
                        "Examples:",
                        "  rpkai llm list -o json",
                        "  rpkai llm list --filter 'type = bedrock AND enabled = true'");
        command.flags.addTo(spec);
        return spec;
    }

    @Override
    public void run() {
        var query = flags.query();
        var settings = context.settings();
        try (var session = context.session(settings)) {
            var wide = settings.format() == OutputFormat.WIDE;
            var columns = wide ? WIDE : COLUMNS;
            var isForPrograms = settings.format() == OutputFormat.JSON || settings.format() == OutputFormat.YAML;
            if (query.isPlain() && !isForPrograms) {
                var rows = session.providers().list().stream()
                        .map(provider -> row(provider, wide))
                        .toList();
                Output.list(context, settings.format(), columns, rows, JsonNodeFactory.instance.arrayNode());
                return;
            }
            var listing = new Resources(session.connect(context.host(), context.http(), settings), ResourceKind.LLM)
                    .list(query);
            var rows = listing.items().stream()
                    .map(provider -> row(Provider.fromJson(provider), wide))
                    .toList();
            Output.list(context, settings.format(), columns, rows, listing.json());
            ListFlags.sayNext(context, listing);
        }
    }

    private static List<String> row(Provider provider, boolean wide) {
        var row = new ArrayList<>(List.of(
                provider.name(),
                provider.type().label(),
                provider.enabled() ? "yes" : "no",
                provider.models().isEmpty() ? "any" : String.join(", ", provider.models())));
        if (wide)
            row.addAll(List.of(
                    provider.passthrough() ? "the caller's" : "the gateway's",
                    provider.region(),
                    provider.displayName(),
                    provider.url()));
        return row;
    }
}
