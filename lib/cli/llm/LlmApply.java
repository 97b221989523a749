package lib.cli.llm;

import java.util.List;
import java.util.concurrent.Callable;
import lib.UserError;
import lib.auth.SignedOut;
import lib.cli.Context;
import lib.cli.llm.Reconciliation.Step;
import lib.providers.LlmProviders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rpkai llm apply`.
@Command(name = "apply", description = "Makes providers what manifests say: creates those that are missing, updates those that differ.",
        footer = {"", "A manifest is what llm get -o yaml prints. What it leaves out stays as it is; to clear a field, write it",
            "empty. Nothing is deleted. Files may hold several documents; folders are read in the order of their names.", "", "Examples:",
            "  rpkai llm apply -f providers/", "  rpkai llm get anthropic -o yaml | rpkai llm apply -f -"})
public final class LlmApply implements Callable<Integer> {
    @Option(names = {"-f", "--filename"}, required = true, paramLabel = "FILE", description = "A file, a folder, or - for stdin; repeatable.")
    List<String> files;

    @Option(names = "--dry-run", description = "Say what would be done, and change nothing.")
    boolean dryRun;

    private final Context context;

    public LlmApply(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var settings = context.settings();
        var providers = new LlmProviders(context.writable(settings));
        var steps = Reconciliation.plan(context, files, providers);
        if (dryRun) {
            new DiffReport(context, settings).print(steps);
            return 0;
        }
        var out = context.host().out();
        int created = 0;
        int updated = 0;
        int failed = 0;
        for (var step : steps) {
            try {
                switch (step) {
                    case Step.Create(var wanted) -> {
                        var enabled = providers.create(wanted).provider().enabled();
                        out.println("%s created%s".formatted(wanted.name(), enabled ? "" : " (disabled: the manifest does not say enabled: true)"));
                        created++;
                    }
                    case Step.Update(var wanted, var changes) -> {
                        providers.update(changes.payload(), changes.mask());
                        out.println("%s updated (%s)".formatted(wanted.name(), String.join(", ", changes.mask())));
                        updated++;
                    }
                    case Step.Unchanged(var wanted) -> out.println("%s unchanged".formatted(wanted.name()));
                }
            } catch (SignedOut e) {
                // The rest would fail in the same way.
                throw e;
            } catch (UserError e) {
                context.host().err().println("rpkai: %s: %s".formatted(step.wanted().name(), e.line()));
                failed++;
            }
        }
        context.host().err().println(Reconciliation.summary(List.of(created, updated, steps.size() - created - updated - failed, failed), List.of("created", "updated", "unchanged", "failed")));
        return failed == 0 ? 0 : UserError.FAILED;
    }
}
