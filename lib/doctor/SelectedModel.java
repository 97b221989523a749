package lib.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import lib.agents.SettingsFile;
import lib.agents.claude.ClaudeCode;
import lib.agents.claude.ClaudeMode;
import lib.agents.claude.ClaudeModelName;
import lib.api.Provider;

/// The model that a session starts with, and who chose it.
///
///     SelectedModel.forClaude(Optional.empty(), files, env, ClaudeMode.MANAGED, provider)   // claude-opus-5-5, Claude
/// Code's default
///
/// @param name its id; empty where only the agent knows
/// @param by who chose it
record SelectedModel(Optional<String> name, String by) {
    /// What Claude Code makes of its own short names, by the API and on Bedrock.
    private static final Map<String, List<String>> ALIASES = Map.of(
            "default", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "opus", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "opusplan", List.of("claude-sonnet-5-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            "sonnet", List.of("claude-sonnet-5-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            "best", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "haiku", List.of("claude-haiku-5-5", "us.anthropic.claude-haiku-4-5-20251001-v1:0"));

    /// @param asked `-m`
    /// @param inherited the variables that Claude Code would inherit
    static SelectedModel forClaude(
            Optional<String> asked,
            List<SettingsFile> files,
            Map<String, String> inherited,
            ClaudeMode mode,
            Optional<Provider> provider) {
        Function<String, Optional<String>> variable = name -> files.stream()
                .flatMap(file -> file.variable(name).stream())
                .findFirst()
                .or(() -> Optional.ofNullable(inherited.get(name)).filter(value -> !value.isEmpty()));
        if (asked.isPresent()) return new SelectedModel(Optional.of(id(asked.get(), mode, variable)), "-m");
        for (var file : files) {
            var model = file.json().path("model").asText("");
            if (!model.isEmpty())
                return new SelectedModel(
                        Optional.of(id(model, mode, variable)), file.path().toString());
        }
        var assigned = new ClaudeModelName("default").assigned(variable);
        if (assigned.isPresent()) return new SelectedModel(assigned, "ANTHROPIC_DEFAULT_OPUS_MODEL");
        // On Bedrock the prefix follows the region, which the provider knows and nobody here does.
        var prefixed = provider.stream()
                .flatMap(p -> p.models().stream())
                .filter(m -> m.endsWith(ClaudeCode.DEFAULT_MODEL))
                .findFirst();
        return new SelectedModel(
                prefixed.or(() -> Optional.of(id("default", mode, variable))), "Claude Code's default");
    }

    /// @param asked `-m`
    static SelectedModel forCodex(Optional<String> asked, Optional<Provider> provider) {
        if (asked.isPresent()) return new SelectedModel(asked, "-m");
        var only = provider.map(Provider::models)
                .filter(models -> models.size() == 1)
                .map(List::getFirst);
        return new SelectedModel(only, "the only one allowed");
    }

    /// An agent without models of its own starts with the first that is allowed.
    ///
    /// @param asked `-m`
    static SelectedModel forAnother(Optional<String> asked, Optional<Provider> provider) {
        if (asked.isPresent()) return new SelectedModel(asked, "-m");
        return new SelectedModel(
                provider.map(Provider::models).flatMap(models -> models.stream().findFirst()),
                "the first that is allowed");
    }

    private static String id(String name, ClaudeMode mode, Function<String, Optional<String>> variable) {
        var model = new ClaudeModelName(name);
        var ids = model.alias().map(ALIASES::get);
        return model.assigned(variable)
                .or(() -> ids.map(each -> each.get(mode == ClaudeMode.BEDROCK ? 1 : 0)))
                .orElseGet(model::plain);
    }
}
