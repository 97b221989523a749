package lib.cli.llm;

import lib.cli.Context;
import lib.cli.Output;
import lib.providers.LlmProviders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `rpkai llm get`.
@Command(name = "get", description = "Shows one provider; as YAML it is a manifest for llm apply.", footer = {"", "Example:", "  rpkai llm get demo -o yaml"})
public final class LlmGet implements Runnable {
    @Parameters(paramLabel = "PROVIDER", description = "The provider.")
    String name;

    private final Context context;

    public LlmGet(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = context.settings();
        try (var session = context.session(settings)) {
            Output.object(context, settings.format(), new LlmProviders(session.connect(context.host(), context.http(), settings)).get(name).json());
        }
    }
}
