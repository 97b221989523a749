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
public final class GetCommand extends KindCommand implements Runnable {
    @Parameters(paramLabel = "{LABEL}", description = "The {noun}.")
    String name;

    private GetCommand(Context context, ResourceKind kind) {
        super(context, kind);
    }

    public static CommandSpec spec(Context context, ResourceKind kind) {
        return new GetCommand(context, kind).spec();
    }

    @Override
    public void run() {
        context.asking((connect, settings) -> Output.object(
                context,
                settings.format(),
                new Resources(connect, kind).get(name).json()));
    }
}
