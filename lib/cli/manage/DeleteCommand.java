package lib.cli.manage;

import java.util.List;
import lib.api.ProxyUrl;
import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.cli.base.Context;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai llm delete`, `rpkai mcp delete`.
@Command(
        name = "delete",
        aliases = "rm",
        description = "Deletes {noun}s without asking for confirmation.",
        footer = {"", "Example:", "  rpkai {cmd} delete {name}"})
public final class DeleteCommand extends KindCommand implements Runnable {
    @Parameters(paramLabel = "{LABEL}", arity = "1..*", description = "The {noun}s.")
    List<String> names;

    @Option(names = "--dry-run", description = "Print what would be deleted, but delete nothing.")
    boolean dryRun;

    private DeleteCommand(Context context, ResourceKind kind) {
        super(context, kind);
    }

    public static CommandSpec spec(Context context, ResourceKind kind) {
        return new DeleteCommand(context, kind).spec();
    }

    @Override
    public void run() {
        names.forEach(name -> ProxyUrl.checked(kind, name));
        var resources = new Resources(context.writable(context.settings()), kind);
        for (var name : names) {
            if (dryRun) resources.get(name);
            else resources.delete(name);
            context.host()
                    .err()
                    .println(
                            "%s %s.".formatted(kind.sentence(name), dryRun ? "would be deleted (dry run)" : "deleted"));
        }
    }
}
