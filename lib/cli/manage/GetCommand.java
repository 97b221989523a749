package lib.cli.manage;

import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.cli.base.Context;
import lib.cli.base.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/// `rpkai llm get`, `rpkai mcp get`.
@Command(name = "get", description = "Shows one {noun}; -o yaml prints a manifest for {cmd} apply.")
public final class GetCommand implements Runnable {
    @Parameters(paramLabel = "{LABEL}", description = "The {noun}.")
    String name;

    private final Context context;
    private final ResourceKind kind;

    private GetCommand(Context context, ResourceKind kind) {
        this.context = context;
        this.kind = kind;
    }

    public static CommandSpec spec(Context context, ResourceKind kind) {
        return HelpVariables.in(CommandSpec.forAnnotatedObject(new GetCommand(context, kind)), kind);
    }

    @Override
    public void run() {
        var settings = context.settings();
        try (var session = context.session(settings)) {
            Output.object(
                    context,
                    settings.format(),
                    new Resources(session.connect(context.host(), context.http(), settings), kind)
                            .get(name)
                            .json());
        }
    }
}
