package lib.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.agents.SettingsFile;
import lib.agents.claude.ClaudeCode;
import lib.agents.claude.ClaudeMode;
import lib.agents.claude.ClaudeModelName;
import lib.api.Provider;

/// How Claude Code selects the model of a session.
///
///     new ClaudeModels(files, env, ClaudeMode.MANAGED).select(Optional.empty(), provider)
///     // claude-opus-5-5, Claude Code's default
///
/// @param files the settings files that it reads
/// @param env the variables that it inherits
record ClaudeModels(List<SettingsFile> files, Map<String, String> env, ClaudeMode mode) {
    /// The ids of its own short names, by the API and on Bedrock.
    private static final Map<String, List<String>> ALIASES = Map.of(
            "default", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "opus", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "opusplan", List.of("claude-sonnet-5-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            "sonnet", List.of("claude-sonnet-5-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            "best", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "haiku", List.of("claude-haiku-5-5", "us.anthropic.claude-haiku-4-5-20251001-v1:0"));

    /// @param asked `-m`
    /// @param provider empty where it can't be read
    SelectedModel select(Optional<String> asked, Optional<Provider> provider) {
        if (asked.isPresent()) return new SelectedModel(Optional.of(id(asked.get())), "-m");
        for (var file : files) {
            var model = file.json().path("model").asText("");
            if (!model.isEmpty())
                return new SelectedModel(Optional.of(id(model)), file.path().toString());
        }
        var assigned = new ClaudeModelName("default").assigned(this::variable);
        if (assigned.isPresent()) return new SelectedModel(assigned, "ANTHROPIC_DEFAULT_OPUS_MODEL");
        // On Bedrock the id begins with the region, which only the provider's list of models tells.
        var regional = provider.stream()
                .flatMap(p -> p.models().stream())
                .filter(name -> name.endsWith(ClaudeCode.DEFAULT_MODEL))
                .findFirst();
        return new SelectedModel(regional.or(() -> Optional.of(id("default"))), "Claude Code's default");
    }

    private String id(String name) {
        var model = new ClaudeModelName(name);
        var ids = model.alias().map(ALIASES::get);
        return model.assigned(this::variable)
                .or(() -> ids.map(each -> each.get(mode == ClaudeMode.BEDROCK ? 1 : 0)))
                .orElseGet(model::plain);
    }

    private Optional<String> variable(String name) {
        return files.stream()
                .flatMap(file -> file.variable(name).stream())
                .findFirst()
                .or(() -> Optional.ofNullable(env.get(name)).filter(value -> !value.isEmpty()));
    }
}
