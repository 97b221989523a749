package lib.cli.manage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import lib.api.ConnectClient;
import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.auth.SignedOut;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.manage.Reconciliation.Step;
import lib.config.OutputFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `rpkai llm apply`, `rpkai mcp apply`.
@Command(
        name = "apply",
        description = "Applies manifests: creates {noun}s that are missing and updates those that " + "differ.",
        footer = {
            "",
            "A manifest has the format that {cmd} get -o yaml prints; field names may also "
                    + "be in snake_case. It is the whole desired state: fields that",
            "it omits are cleared, except fields that only the gateway sets{filled}. "
                    + "{Noun}s that no manifest lists are left alone. A file may contain several "
                    + "documents, also of {others}; the files of a folder are read in the order of " + "their names.",
            "",
            "Examples:",
            "  rpkai {cmd} apply -f {folder}/",
            "  rpkai {cmd} get {name} -o yaml | rpkai {cmd} apply -f -"
        })
public final class ApplyCommand extends ManifestCommand {
    private static final String FAILED = "failed";
    private static final List<String> ACTIONS = List.of("created", "updated", "unchanged", FAILED);

    @Option(names = "--dry-run", description = "Print what would be done, but change nothing.")
    boolean dryRun;

    private ApplyCommand(Context context, ResourceKind kind) {
        super(context, kind);
    }

    public static CommandSpec spec(Context context, ResourceKind kind) {
        return new ApplyCommand(context, kind).spec();
    }

    @Override
    public Integer call() {
        var settings = context.settings();
        var connect = context.writable(settings);
        var steps = plan(connect);
        if (dryRun) {
            new DiffReport(context, settings, kind).print(steps);
            return 0;
        }
        Reconciliation.warnOfOmitted(steps, kind, message -> context.host().warn(Output.printable(message)));
        var isText = settings.format() == OutputFormat.TABLE || settings.format() == OutputFormat.WIDE;
        var objects = JsonNodeFactory.instance.arrayNode();
        var rows = new ArrayList<List<String>>();
        for (var step : steps) {
            var name = Reconciliation.named(step.wanted(), kind);
            var object = objects.addObject()
                    .put("kind", step.wanted().kind().key())
                    .put("name", step.wanted().name());
            try {
                var line = done(step, connect);
                object.put("action", action(step));
                if (step instanceof Step.Update(var _, var changes))
                    changes.mask().forEach(object.putArray("fields")::add);
                if (isText) context.host().out().println(name + " " + line);
            } catch (SignedOut e) {
                // The remaining steps would fail in the same way.
                throw e;
            } catch (UserError e) {
                object.put("action", FAILED).put("error", e.getMessage());
                context.host().err().println("rpkai: %s: %s".formatted(name, e.line()));
            }
            rows.add(List.of(
                    name,
                    object.path("action").asText(),
                    Reconciliation.fields(step).orElse(""),
                    object.path("error").asText()));
        }
        if (!isText)
            Output.list(context, settings.format(), List.of("NAME", "ACTION", "FIELDS", "ERROR"), rows, objects);
        var counts = ACTIONS.stream()
                .map(action -> (int) objects.findValues("action").stream()
                        .filter(each -> each.asText().equals(action))
                        .count())
                .toList();
        context.host().err().println(Reconciliation.summary(counts, ACTIONS));
        return counts.getLast() == 0 ? 0 : UserError.FAILED;
    }

    private static String action(Step step) {
        return switch (step) {
            case Step.Create _ -> "created";
            case Step.Update _ -> "updated";
            case Step.Unchanged _ -> "unchanged";
        };
    }

    /// Carries out a step.
    ///
    /// @return the message about it
    private static String done(Step step, ConnectClient connect) {
        var resources = new Resources(connect, step.wanted().kind());
        return switch (step) {
            case Step.Create(var wanted) ->
                resources.create(wanted).enabled()
                        ? action(step)
                        : action(step) + " (disabled: the manifest does not contain enabled: true)";
            case Step.Update(var _, var changes) -> {
                resources.update(changes.payload(), changes.mask());
                yield "%s (%s)".formatted(action(step), String.join(", ", changes.mask()));
            }
            case Step.Unchanged _ -> action(step);
        };
    }
}
