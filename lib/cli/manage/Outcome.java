package lib.cli.manage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.api.Resource;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.config.OutputFormat;
import lib.config.Settings;

/// Prints the result of a change: a line for people, or the resource itself for programs.
final class Outcome {
    private Outcome() {}

    static void print(Context context, Settings settings, Resource resource, String what) {
        context.host()
                .err()
                .println(Output.printable("%s %s.".formatted(resource.kind().sentence(resource.name()), what)));
        if (settings.format() == OutputFormat.JSON || settings.format() == OutputFormat.YAML)
            Output.object(context, settings.format(), resource.json());
    }

    /// Prints the request that would be sent. Table formats can't show it.
    static void dryRun(Context context, Settings settings, ObjectNode request) {
        Output.object(context, settings.format() == OutputFormat.JSON ? OutputFormat.JSON : OutputFormat.YAML, request);
    }
}
