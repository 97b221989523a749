package lib.cli.llm;

import java.util.List;
import java.util.concurrent.Callable;
import lib.UserError;
import lib.cli.Context;
import lib.cli.llm.Reconciliation.Step;
import lib.providers.LlmProviders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rpkai llm diff`.
@Command(name = "diff", description = "Shows what llm apply would change, and changes nothing.",
        footer = {"", "Exit code 0 when there is nothing to do, 1 when something is pending, 2 when that can't be told: a gate for CI.",
            "Fields that a manifest leaves out, and providers that no manifest names, are not looked at.", "", "Example:", "  rpkai llm diff -f providers/"})
public final class LlmDiff implements Callable<Integer> {
    private static final int PENDING = 1;

    @Option(names = {"-f", "--filename"}, required = true, paramLabel = "FILE", description = "A file, a folder, or - for stdin; repeatable.")
    List<String> files;

    private final Context context;

    public LlmDiff(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try {
            var settings = context.settings();
            var steps = Reconciliation.plan(context, files, new LlmProviders(context.writable(settings)));
            new DiffReport(context, settings).print(steps);
            return steps.stream().allMatch(Step.Unchanged.class::isInstance) ? 0 : PENDING;
        } catch (UserError e) {
            // 1 says that something is pending.
            throw UserError.usage(e.getMessage(), e.hint());
        }
    }
}
