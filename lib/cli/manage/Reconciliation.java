package lib.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import lib.api.ConnectClient;
import lib.api.Manifest;
import lib.api.Resource;
import lib.api.ResourceDiff;
import lib.api.ResourceDiff.Omitted;
import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.ManifestInput;
import lib.cli.base.Output;

/// Compares manifests with a gateway. The result has one step for each manifest, in the order of the manifests.
///
///     Reconciliation.plan(context, files, connect, ResourceKind.LLM).forEach(step -> out.println(step.line()))
final class Reconciliation {
    private Reconciliation() {}

    /// The step for one manifest.
    sealed interface Step {
        Resource wanted();

        /// The resource does not exist yet.
        record Create(Resource wanted) implements Step {}

        /// The resource exists and differs.
        record Update(Resource wanted, ResourceDiff changes) implements Step {}

        /// The resource exists and needs no change.
        record Unchanged(Resource wanted) implements Step {}
    }

    /// Reads all manifests, then all resources that they name. Nothing is changed. Manifests of different kinds
    /// can be mixed.
    ///
    /// @param usual the kind of manifests that don't state their own
    /// @param omitted the meaning of a field that a manifest leaves out
    /// @throws UserError when a manifest is invalid, or requests an impossible change
    static List<Step> plan(
            Context context, List<String> files, ConnectClient connect, ResourceKind usual, Omitted omitted) {
        var wanted = new LinkedHashMap<Resource, String>();
        var names = new HashSet<String>();
        for (var manifest : ManifestInput.read(context.host(), files)) {
            var resource = Manifest.read(usual, manifest.object(), manifest.where());
            var named = resource.kind().named(resource.name());
            if (!names.add(named))
                throw new UserError(
                        "%s: %s occurs twice".formatted(manifest.where(), named),
                        "keep one manifest per " + resource.kind().noun());
            wanted.put(resource, manifest.where());
        }
        var steps = new ArrayList<Step>();
        wanted.forEach((resource, where) -> {
            var live = new Resources(connect, resource.kind()).existing(resource.name());
            Manifest.warnOfUnknown(resource, live, where, context.host()::warn);
            steps.add(live.map(is -> step(is, resource, where, omitted))
                    .orElseGet(() -> new Step.Create(creatable(resource, where))));
        });
        return steps;
    }

    private static Step step(Resource live, Resource wanted, String where, Omitted omitted) {
        try {
            var changes = ResourceDiff.between(live, wanted, omitted);
            return changes.changes().isEmpty() ? new Step.Unchanged(wanted) : new Step.Update(wanted, changes);
        } catch (UserError e) {
            throw new UserError("%s: %s".formatted(where, e.getMessage()), e.remedy());
        }
    }

    /// Warns about fields that will be cleared because their manifests leave them out.
    static void warnOfOmitted(List<Step> steps, ResourceKind usual, Consumer<String> warn) {
        for (var step : steps) {
            if (!(step instanceof Step.Update(var wanted, var changes))
                    || changes.omitted().isEmpty()) continue;
            warn.accept(
                    ("%s: the manifest omits %s, so that the gateway's value is cleared; " + "--keep-omitted keeps it")
                            .formatted(named(wanted, usual), String.join(", ", changes.omitted())));
        }
    }

    private static Resource creatable(Resource wanted, String where) {
        var kind = wanted.kind();
        if (wanted.type().isEmpty())
            throw new UserError(
                    "%s: %s has no type".formatted(where, kind.named(wanted.name())),
                    "add its config, such as " + (kind.equals(ResourceKind.LLM) ? "anthropicConfig" : "remote"));
        return wanted.settable();
    }

    /// The resource's name, with its kind if that is not the usual one.
    static String named(Resource resource, ResourceKind usual) {
        return resource.kind().equals(usual) ? resource.name() : resource.kind().noun() + " " + resource.name();
    }

    /// The fields that differ, in a form for people.
    static Optional<String> fields(Step step) {
        return switch (step) {
            case Step.Update(var _, var changes) -> Optional.of(String.join(", ", changes.mask()));
            default -> Optional.empty();
        };
    }

    /// Returns a value on one line.
    static String shown(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) return "(nothing)";
        var text = Output.printable(value.isTextual() ? value.asText() : value.toString());
        return text.length() <= 200 ? text : text.substring(0, 200) + " ...";
    }

    /// Returns a summary: `1 created, 2 updated, 3 unchanged`.
    static String summary(List<Integer> counts, List<String> words) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < counts.size(); i++) {
            if (counts.get(i) > 0) parts.add(counts.get(i) + " " + words.get(i));
        }
        return parts.isEmpty() ? "nothing to do" : String.join(", ", parts);
    }
}
