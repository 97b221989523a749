package lib.agents.claude;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.agents.DisallowedModel;
import lib.agents.SettingsFile;
import lib.agents.SettingsFile.Layer;

/// Checks the model before the launch: whether the allowlist contains it, and which name was probably meant.
///
///     new ClaudeModelCheck(input, arguments).warnings()
///
/// @param input the input from which the launch is planned
/// @param arguments the user's own arguments
record ClaudeModelCheck(ClaudeLaunchInput input, ClaudeArguments arguments) {

    /// Warnings of one line each; empty if the provider can't be read or allows everything.
    List<String> warnings() {
        var warnings = new ArrayList<String>();
        if (input.provider().isEmpty() || input.provider().get().models().isEmpty()) return warnings;
        var provider = input.provider().get();
        denied().ifPresent(model -> warnings.add(DisallowedModel.notAllowed(model, provider)));
        // A subscription has its own default model, which depends on its plan.
        if (chosen().isEmpty() && input.mode() != ClaudeMode.PASSTHROUGH && isDefaultMissing()) {
            warnings.add(("no model is selected, and provider \"%2$s\" does not allow Claude Code's "
                            + "default (%1$s): pass -m with one of %3$s")
                    .formatted(ClaudeCode.DEFAULT_MODEL, provider.name(), String.join(", ", provider.models())));
        }
        var small = variable("ANTHROPIC_DEFAULT_HAIKU_MODEL").or(() -> variable("ANTHROPIC_SMALL_FAST_MODEL"));
        if (input.mode() == ClaudeMode.BEDROCK
                && small.isEmpty()
                && provider.models().stream().noneMatch(m -> m.contains("haiku"))) {
            warnings.add(("provider \"%s\" allows no small model, but Claude Code uses one for titles and "
                            + "summaries: set ANTHROPIC_DEFAULT_HAIKU_MODEL to one of %s")
                    .formatted(provider.name(), String.join(", ", provider.models())));
        }
        return warnings;
    }

    /// The model that the session starts with, if the provider is known not to allow it.
    Optional<String> denied() {
        if (input.provider().isEmpty() || input.provider().get().models().isEmpty()) return Optional.empty();
        return chosen().filter(model -> overrides(model).isEmpty())
                .filter(model ->
                        new ClaudeModelName(model).isDenied(input.provider().get(), input.mode(), this::variable));
    }

    /// The model that the session starts with; empty if none was chosen.
    private Optional<String> chosen() {
        return arguments
                .model()
                .or(input::model)
                .or(() -> text(settings(Layer.MANAGED), "model"))
                .or(() -> text(Stream.of(arguments.settings()), "model"))
                .or(() -> text(settings(Layer.REPOSITORY), "model"))
                .or(() -> text(settings(Layer.USER), "model"));
    }

    /// The model that settings substitute for this one; a substituted model is not checked.
    private Optional<String> overrides(String model) {
        var all = Stream.concat(
                Stream.of((JsonNode) arguments.settings()),
                input.settingsFiles().stream().map(SettingsFile::json));
        return text(all.map(json -> json.path("modelOverrides")), model);
    }

    /// The value of a variable in Claude Code's process: settings outrank inherited values.
    private Optional<String> variable(String name) {
        var own = text(Stream.of(arguments.settings().path("env")), name);
        return own.or(() -> input.settingsFiles().stream()
                        .flatMap(file -> file.variable(name).stream())
                        .findFirst())
                .or(() -> Optional.ofNullable(input.variables().get(name)).filter(value -> !value.isEmpty()));
    }

    private boolean isDefaultMissing() {
        var provider = input.provider().orElseThrow();
        var assigned = variable("ANTHROPIC_DEFAULT_OPUS_MODEL").map(model -> new ClaudeModelName(model).plain());
        return assigned.map(model -> !provider.allows(model))
                .orElseGet(() -> provider.models().stream().noneMatch(m -> m.endsWith(ClaudeCode.DEFAULT_MODEL)));
    }

    private Stream<JsonNode> settings(Layer layer) {
        return input.settingsFiles().stream()
                .filter(file -> file.layer() == layer)
                .map(SettingsFile::json);
    }

    private static Optional<String> text(Stream<? extends JsonNode> nodes, String key) {
        return nodes.map(node -> node.path(key).asText(""))
                .filter(text -> !text.isEmpty())
                .findFirst();
    }
}
