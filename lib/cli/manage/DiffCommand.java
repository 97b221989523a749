package lib.cli.manage;

import java.util.List;
import java.util.concurrent.Callable;
import lib.api.ResourceDiff.Omitted;
import lib.api.ResourceKind;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.manage.Reconciliation.Step;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `rpkai llm diff`, `rpkai mcp diff`.
@Command(
        name = "diff",
        description = "Shows what {cmd} apply would change.",
        footer = {
            "",
            "The exit code is 0 if nothing would change, 1 if something would, and 2 on an "
                    + "error, so that CI can check it.",
            "A field that a manifest omits counts as empty{filled}. {Noun}s that no " + "manifest lists are ignored.",
            "",
            "Example:",
            "  rpkai {cmd} diff -f {folder}/"
        })
public final class DiffCommand implements Callable<Integer> {
    private static final int PENDING = 1;

    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE",
            description = "A file, a folder, or - for standard input; repeatable.")
    List<String> files;

    @Option(names = "--keep-omitted", description = "Keep fields that a manifest omits, instead of clearing them.")
    boolean keepOmitted;

    private final Context context;
    private final ResourceKind kind;

    private DiffCommand(Context context, ResourceKind kind) {
        this.context = context;
        this.kind = kind;
    }

    public static CommandSpec spec(Context context, ResourceKind kind) {
        return HelpVariables.in(CommandSpec.forAnnotatedObject(new DiffCommand(context, kind)), kind);
    }

    @Override
    public Integer call() {
        try {
            var settings = context.settings();
            var steps = Reconciliation.plan(
                    context, files, context.writable(settings), kind, keepOmitted ? Omitted.KEPT : Omitted.CLEARED);
            new DiffReport(context, settings, kind).print(steps);
            return steps.stream().allMatch(Step.Unchanged.class::isInstance) ? 0 : PENDING;
        } catch (UserError e) {
            // 1 says that something is pending.
            throw UserError.usage(e.getMessage(), e.remedy());
        }
    }
}
