package lib.agents.claude;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.agents.ModelCheck;
import lib.providers.Provider;

/// What can be said of the model before the launch: whether the allowlist lets it through, and which name was meant.
///
///     ClaudeModelCheck.warnings(ClaudeMode.MANAGED, Optional.of(provider), Optional.of("claude-sonet-4-5"), env)
final class ClaudeModelCheck {
    private ClaudeModelCheck() {}

    /// One line each; none where the provider can't be read or allows everything.
    static List<String> warnings(ClaudeMode mode, Optional<Provider> provider, Optional<String> model, Map<String, String> inherited) {
        var warnings = new ArrayList<String>();
        if (provider.isEmpty() || provider.get().models().isEmpty()) return warnings;
        model.filter(m -> !provider.get().allows(m)).ifPresent(m -> warnings.add(ModelCheck.notAllowed(m, provider.get())));
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
}
