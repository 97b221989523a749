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
        return new ClaudeModelName(name).id(mode, this::variable);
    }

    private Optional<String> variable(String name) {
        return files.stream()
                .flatMap(file -> file.variable(name).stream())
                .findFirst()
                .or(() -> Optional.ofNullable(env.get(name)).filter(value -> !value.isEmpty()));
    }
}
