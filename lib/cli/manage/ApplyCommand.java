package lib.cli.manage;

import java.util.List;
import java.util.concurrent.Callable;
import lib.UserError;
import lib.auth.SignedOut;
import lib.cli.Context;
import lib.cli.manage.Reconciliation.Step;
import lib.providers.Connect;
import lib.providers.Kind;
import lib.providers.Resources;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `rpkai llm apply`, `rpkai mcp apply`.
@Command(name = "apply", description = "Makes {noun}s what manifests say: creates those that are missing, updates those that differ.",
        footer = {"", "A manifest is what {cmd} get -o yaml prints. What it leaves out stays as it is; to clear a field, write it",
            "empty. Nothing is deleted. Files may hold several documents, {others} among them; folders are read in the order of their names.", "", "Examples:",
            "  rpkai {cmd} apply -f {folder}/", "  rpkai {cmd} get {name} -o yaml | rpkai {cmd} apply -f -"})
public final class ApplyCommand implements Callable<Integer> {
    @Option(names = {"-f", "--filename"}, required = true, paramLabel = "FILE", description = "A file, a folder, or - for stdin; repeatable.")
    List<String> files;

    @Option(names = "--dry-run", description = "Say what would be done, and change nothing.")
    boolean dryRun;

    private final Context context;
    private final Kind kind;

    private ApplyCommand(Context context, Kind kind) {
        this.context = context;
        this.kind = kind;
    }

    public static CommandSpec spec(Context context, Kind kind) {
        return Words.in(CommandSpec.forAnnotatedObject(new ApplyCommand(context, kind)), kind);
    }

    @Override
    public Integer call() {
        var settings = context.settings();
        var connect = context.writable(settings);
        var steps = Reconciliation.plan(context, files, connect, kind);
        if (dryRun) {
            new DiffReport(context, settings, kind).print(steps);
            return 0;
        }
        int created = 0;
        int updated = 0;
        int failed = 0;
        for (var step : steps) {
            try {
                context.host().out().println("%s %s".formatted(Reconciliation.named(step.wanted(), kind), done(step, connect)));
                if (step instanceof Step.Create) created++;
                if (step instanceof Step.Update) updated++;
            } catch (SignedOut e) {
                // The rest would fail in the same way.
                throw e;
            } catch (UserError e) {
                context.host().err().println("rpkai: %s: %s".formatted(Reconciliation.named(step.wanted(), kind), e.line()));
                failed++;
            }
        }
        context.host().err().println(Reconciliation.summary(List.of(created, updated, steps.size() - created - updated - failed, failed), List.of("created", "updated", "unchanged", "failed")));
        return failed == 0 ? 0 : UserError.FAILED;
    }

    private static String done(Step step, Connect connect) {
        var resources = new Resources(connect, step.wanted().kind());
        return switch (step) {
            case Step.Create(var wanted) -> resources.create(wanted).enabled() ? "created" : "created (disabled: the manifest does not say enabled: true)";
            case Step.Update(_, var changes) -> {
                resources.update(changes.payload(), changes.mask());
                yield "updated (%s)".formatted(String.join(", ", changes.mask()));
            }
            case Step.Unchanged _ -> "unchanged";
        };
    }
}
