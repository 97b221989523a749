package lib.cli.manage;

import lib.api.ResourceKind;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.manage.Reconciliation.Step;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai llm diff`, `rpkai mcp diff`.
@Command(
        name = "diff",
        description = "Shows what {cmd} apply would change.",
        footer = {
            "",
            "The exit code is 0 if nothing would change, 1 if something would, and 2 on an "
                    + "error, so that CI can check it.",
            "A field that a manifest omits counts as empty, except fields that only the "
                    + "gateway sets{filled}. {Noun}s that no manifest lists are ignored.",
            "",
            "Example:",
            "  rpkai {cmd} diff -f {folder}/"
        })
public final class DiffCommand extends ManifestCommand {
    private static final int PENDING = 1;

    private DiffCommand(Context context, ResourceKind kind) {
        super(context, kind);
    }

    public static CommandSpec spec(Context context, ResourceKind kind) {
        return new DiffCommand(context, kind).spec();
    }

    @Override
    public Integer call() {
        try {
            var settings = context.settings();
            var steps = plan(context.writable(settings));
            new DiffReport(context, settings, kind).print(steps);
            return steps.stream().allMatch(Step.Unchanged.class::isInstance) ? 0 : PENDING;
        } catch (UserError e) {
            // Exit code 1 means that changes are pending, so errors must use another.
            throw UserError.usage(e.getMessage(), e.remedy());
        }
    }
}
