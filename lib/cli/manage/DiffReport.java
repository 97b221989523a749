package lib.cli.manage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import lib.api.ResourceKind;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.manage.Reconciliation.Step;
import lib.config.Settings;

/// Shows the pending changes, field by field.
final class DiffReport {
    private final Context context;
    private final Settings settings;
    private final ResourceKind kind;

    /// @param kind the default kind, which lines leave out
    DiffReport(Context context, Settings settings, ResourceKind kind) {
        this.kind = kind;
        this.context = context;
        this.settings = settings;
    }

    void print(List<Step> steps) {
        var out = context.host().out();
        var style = context.style();
        switch (settings.format()) {
            case TABLE, WIDE ->
                steps.forEach(step -> {
                    switch (step) {
                        case Step.Create(var wanted) ->
                            out.println(style.green("+ %s (create, %s)"
                                    .formatted(
                                            Reconciliation.named(wanted, kind), Output.printable(wanted.typeLabel()))));
                        case Step.Update(var wanted, var changes) -> {
                            out.println(style.yellow("~ %s (update)".formatted(Reconciliation.named(wanted, kind))));
                            changes.changes()
                                    .forEach(change -> out.println(Output.printable("    %s: %s -> %s"
                                            .formatted(
                                                    change.path(),
                                                    Reconciliation.shown(change.before()),
                                                    change.omitted()
                                                            ? "(cleared: the manifest omits it)"
                                                            : Reconciliation.shown(change.after())))));
                        }
                        case Step.Unchanged _ -> {}
                    }
                });
            case JSON, YAML, MARKDOWN, CSV -> list(steps);
        }
        context.host()
                .err()
                .println(Reconciliation.summary(
                        List.of(
                                count(steps, Step.Create.class),
                                count(steps, Step.Update.class),
                                count(steps, Step.Unchanged.class)),
                        List.of("to create", "to update", "unchanged")));
    }

    private void list(List<Step> steps) {
        var rows = new ArrayList<List<String>>();
        var objects = JsonNodeFactory.instance.arrayNode();
        for (var step : steps) {
            var action = switch (step) {
                case Step.Create _ -> "create";
                case Step.Update _ -> "update";
                case Step.Unchanged _ -> "none";
            };
            var object = objects.addObject()
                    .put("kind", step.wanted().kind().key())
                    .put("name", step.wanted().name())
                    .put("action", action);
            if (step instanceof Step.Update(var _, var changes)) {
                changes.changes().forEach(change -> {
                    var one = object.withArray("changes").addObject().put("path", change.path());
                    if (!change.before().isMissingNode()) one.set("before", change.before());
                    if (!change.after().isMissingNode()) one.set("after", change.after());
                    if (change.omitted()) one.put("omitted", true);
                });
            }
            rows.add(List.of(
                    Reconciliation.named(step.wanted(), kind),
                    action,
                    Reconciliation.fields(step).orElse("")));
        }
        Output.list(context, settings.format(), List.of("NAME", "ACTION", "FIELDS"), rows, objects);
    }

    static int count(List<Step> steps, Class<? extends Step> kind) {
        return (int) steps.stream().filter(kind::isInstance).count();
    }
}
