package lib.cli.manage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.function.Function;
import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.cli.base.Context;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai llm create`, `rpkai mcp create`.
@Command(name = "create", description = "Creates {one}.")
public final class CreateCommand extends DraftCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "The {noun}'s name: lower-case letters, digits and dashes. It cannot be changed " + "later.")
    String name;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "A manifest (YAML or JSON; - for standard input); flags override it.")
    String file;

    @Option(names = "--dry-run", description = "Print the request, but do not send it.")
    boolean dryRun;

    private CreateCommand(Context context, ResourceKind kind) {
        super(context, kind);
    }

    /// @param flags adds the kind's own flags to a command
    public static CommandSpec spec(Context context, ResourceKind kind, Function<CommandSpec, DraftFlags> flags) {
        return new CreateCommand(context, kind).spec(flags);
    }

    @Override
    public void run() {
        var manifest = manifest(file);
        var draft = flags.create(name(name, manifest), manifest).resource();
        var settings = context.settings();
        if (dryRun) {
            Outcome.dryRun(
                    context, settings, JsonNodeFactory.instance.objectNode().set(kind.key(), draft.json()));
            return;
        }
        var created = new Resources(context.writable(settings), kind).create(draft);
        Outcome.print(
                context,
                settings,
                created,
                created.enabled()
                        ? "created"
                        : "created; it is disabled (rpkai %s update %s --enabled)"
                                .formatted(kind.command(), created.name()));
    }
}
