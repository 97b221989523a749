package lib.cli.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import lib.UserError;
import lib.cli.Context;
import lib.cli.Manifests;
import lib.cli.Output;
import lib.providers.LlmChanges;
import lib.providers.LlmManifest;
import lib.providers.LlmProvider;
import lib.providers.LlmProviders;
import lib.providers.ProviderType;

/// What manifests ask of a gateway, one step for each, in their order.
///
///     Reconciliation.plan(context, files, providers).forEach(step -> out.println(step.line()))
final class Reconciliation {
    private Reconciliation() {}

    /// What one manifest asks for.
    sealed interface Step {
        LlmProvider wanted();

        /// There is none of that name.
        record Create(LlmProvider wanted) implements Step {}

        /// There is one, and it differs.
        record Update(LlmProvider wanted, LlmChanges changes) implements Step {}

        /// There is one, as it shall be.
        record Unchanged(LlmProvider wanted) implements Step {}
    }

    /// Reads all manifests, then all providers that they name; nothing is changed.
    ///
    /// @throws UserError when one of the manifests is wrong, or asks for what cannot be
    static List<Step> plan(Context context, List<String> files, LlmProviders providers) {
        var wanted = new ArrayList<LlmProvider>();
        var wheres = new ArrayList<String>();
        var names = new HashSet<String>();
        for (var manifest : Manifests.read(context.host(), files)) {
            var provider = LlmManifest.read(manifest.object(), manifest.where());
            if (!names.add(provider.name())) throw new UserError("%s: provider \"%s\" is there twice".formatted(manifest.where(), provider.name()), "keep one manifest for each provider");
            wanted.add(provider);
            wheres.add(manifest.where());
        }
        var steps = new ArrayList<Step>();
        for (var provider : wanted) {
            var live = providers.existing(provider.name());
            LlmManifest.warnOfUnknown(provider, live, wheres.get(steps.size()), context.host()::warn);
            steps.add(live.map(is -> step(is, provider)).orElseGet(() -> new Step.Create(creatable(provider, wheres.get(steps.size())))));
        }
        return steps;
    }

    private static Step step(LlmProvider live, LlmProvider wanted) {
        var changes = LlmChanges.between(live, wanted);
        return changes.changes().isEmpty() ? new Step.Unchanged(wanted) : new Step.Update(wanted, changes);
    }

    private static LlmProvider creatable(LlmProvider wanted, String where) {
        if (wanted.type().equals(ProviderType.UNSPECIFIED)) throw new UserError("%s: provider \"%s\" has no type".formatted(where, wanted.name()), "add its config, such as anthropicConfig");
        return wanted.settable();
    }

    /// The fields that differ, as people read them.
    static Optional<String> fields(Step step) {
        return switch (step) {
            case Step.Update(_, var changes) -> Optional.of(String.join(", ", changes.mask()));
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
