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

/// What manifests ask of a gateway, one step for each, in their order.
///
///     Reconciliation.plan(context, files, connect, ResourceKind.LLM).forEach(step -> out.println(step.line()))
final class Reconciliation {
    private Reconciliation() {}

    /// What one manifest asks for.
    sealed interface Step {
        Resource wanted();

        /// There is none of that name.
        record Create(Resource wanted) implements Step {}

        /// There is one, and it differs.
        record Update(Resource wanted, ResourceDiff changes) implements Step {}

        /// There is one, as it shall be.
        record Unchanged(Resource wanted) implements Step {}
    }

    /// Reads all manifests, then all that they name; nothing is changed. Manifests of different kinds may stand
    /// beside each other.
    ///
    /// @param usual the kind of those that do not say their own
    /// @param omitted what a field means that a manifest does not name
    /// @throws UserError when one of the manifests is wrong, or asks for what cannot be
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

    /// Says which fields applying clears because their manifests do not name them.
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

    /// Its name; with its kind where that is not the usual one.
    static String named(Resource resource, ResourceKind usual) {
        return resource.kind().equals(usual) ? resource.name() : resource.kind().noun() + " " + resource.name();
    }

    /// The fields that differ, as people read them.
    static Optional<String> fields(Step step) {
        return switch (step) {
            case Step.Update(var _, var changes) -> Optional.of(String.join(", ", changes.mask()));
            default -> Optional.empty();
        };
    }

    /// A value on one line.
    static String shown(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) return "(nothing)";
        var text = Output.printable(value.isTextual() ? value.asText() : value.toString());
        return text.length() <= 200 ? text : text.substring(0, 200) + " ...";
    }

    /// `1 created, 2 updated, 3 unchanged`.
    static String summary(List<Integer> counts, List<String> words) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < counts.size(); i++) {
            if (counts.get(i) > 0) parts.add(counts.get(i) + " " + words.get(i));
        }
        return parts.isEmpty() ? "nothing to do" : String.join(", ", parts);
    }
}
