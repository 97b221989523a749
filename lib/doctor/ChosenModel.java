package lib.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.agents.SettingsFile;
import lib.agents.claude.ClaudeCode;
import lib.agents.claude.ClaudeMode;
import lib.providers.Provider;

/// The model that a session starts with, and who chose it.
///
///     ChosenModel.forClaude(Optional.empty(), files, ClaudeMode.MANAGED, provider)   // claude-opus-5-5, Claude Code's default
///
/// @param name its id; empty where only the agent knows
/// @param by who chose it
record ChosenModel(Optional<String> name, String by) {
    /// What Claude Code makes of its own short names, by the API and on Bedrock.
    private static final Map<String, List<String>> ALIASES = Map.of(
            "default", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "opus", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "opusplan", List.of("claude-sonnet-5-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            "sonnet", List.of("claude-sonnet-5-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            "haiku", List.of("claude-haiku-5-5", "us.anthropic.claude-haiku-4-5-20251001-v1:0"));

    /// @param asked `-m`
    static ChosenModel forClaude(Optional<String> asked, List<SettingsFile> files, ClaudeMode mode, Optional<Provider> provider) {
        if (asked.isPresent()) return new ChosenModel(Optional.of(id(asked.get(), mode)), "-m");
        for (var file : files) {
            var model = file.json().path("model").asText("");
            if (!model.isEmpty()) return new ChosenModel(Optional.of(id(model, mode)), file.path().toString());
        }
        // On Bedrock the prefix follows the region, which the provider knows and nobody here does.
        var prefixed = provider.stream().flatMap(p -> p.models().stream()).filter(m -> m.endsWith(ClaudeCode.DEFAULT_MODEL)).findFirst();
        return new ChosenModel(prefixed.or(() -> Optional.of(id("default", mode))), "Claude Code's default");
    }

    /// @param asked `-m`
    static ChosenModel forCodex(Optional<String> asked, Optional<Provider> provider) {
        if (asked.isPresent()) return new ChosenModel(asked, "-m");
        var only = provider.map(Provider::models).filter(models -> models.size() == 1).map(List::getFirst);
        return new ChosenModel(only, "the only one allowed");
    }

    /// An agent without models of its own starts with the first that is allowed.
    ///
    /// @param asked `-m`
    static ChosenModel forAnother(Optional<String> asked, Optional<Provider> provider) {
        if (asked.isPresent()) return new ChosenModel(asked, "-m");
        return new ChosenModel(provider.map(Provider::models).flatMap(models -> models.stream().findFirst()), "the first that is allowed");
    }

    private static String id(String name, ClaudeMode mode) {
        var ids = ALIASES.get(name.replaceFirst("\\[1m]$", ""));
        return ids == null ? name : ids.get(mode == ClaudeMode.BEDROCK ? 1 : 0);
    }
}
