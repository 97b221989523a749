package lib.agents;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.providers.Provider;

/// What can be said of the model before the launch: whether the allowlist lets it through, and which name was meant.
///
///     ModelCheck.warnings(ClaudeMode.MANAGED, Optional.of(provider), Optional.of("claude-sonet-4-5"), env)
final class ModelCheck {
    private ModelCheck() {}

    /// One line each; none where the provider can't be read or allows everything.
    static List<String> warnings(ClaudeMode mode, Optional<Provider> provider, Optional<String> model, Map<String, String> inherited) {
        var warnings = new ArrayList<String>();
        if (provider.isEmpty() || provider.get().models().isEmpty()) return warnings;
        model.filter(m -> !provider.get().allows(m)).ifPresent(m -> warnings.add(notAllowed(m, provider.get())));
        if (model.isEmpty() && provider.get().models().stream().noneMatch(m -> m.endsWith(ClaudeCode.DEFAULT_MODEL))) {
            warnings.add("no model is chosen, and Claude Code's default (%s) is not allowed by provider \"%s\": pass -m with one of %s"
                    .formatted(ClaudeCode.DEFAULT_MODEL, provider.get().name(), String.join(", ", provider.get().models())));
        }
        var small = Optional.ofNullable(inherited.get("ANTHROPIC_DEFAULT_HAIKU_MODEL")).or(() -> Optional.ofNullable(inherited.get("ANTHROPIC_SMALL_FAST_MODEL")));
        if (mode == ClaudeMode.BEDROCK && small.isEmpty() && provider.get().models().stream().noneMatch(m -> m.contains("haiku"))) {
            warnings.add("provider \"%s\" allows no small model, which Claude Code uses for titles and summaries: set ANTHROPIC_DEFAULT_HAIKU_MODEL to one of %s"
                    .formatted(provider.get().name(), String.join(", ", provider.get().models())));
        }
        return warnings;
    }

    /// `model "x" is not allowed …; allowed: …; did you mean "y"?`
    static String notAllowed(String model, Provider provider) {
        var nearest = provider.models().stream().min(Comparator.comparingInt(m -> distance(m, model))).filter(m -> distance(m, model) <= Math.max(3, model.length() / 3));
        return "model \"%s\" is not allowed by provider \"%s\"; allowed: %s%s".formatted(
                model, provider.name(), String.join(", ", provider.models()), nearest.map("; did you mean \"%s\"?"::formatted).orElse(""));
    }

    /// Levenshtein's, row by row.
    private static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= one.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                var above = row[j];
                var cost = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + cost);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
