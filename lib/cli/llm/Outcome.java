package lib.cli.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.cli.Context;
import lib.cli.Output;
import lib.config.OutputFormat;
import lib.config.Settings;
import lib.providers.LlmProvider;

/// What a command that changes a provider says in the end: a line for people, and the provider for programs.
final class Outcome {
    private Outcome() {}

    static void print(Context context, Settings settings, LlmProvider provider, String what) {
        context.host().err().println(Output.printable("Provider \"%s\" %s.".formatted(provider.name(), what)));
        if (settings.format() == OutputFormat.JSON || settings.format() == OutputFormat.YAML) Output.object(context, settings.format(), provider.json());
    }

    /// The request that would be sent; there is no table that shows it.
    static void dryRun(Context context, Settings settings, ObjectNode request) {
        Output.object(context, settings.format() == OutputFormat.JSON ? OutputFormat.JSON : OutputFormat.YAML, request);
    }
}
