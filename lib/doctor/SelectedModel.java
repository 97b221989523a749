package lib.doctor;

import java.util.Optional;

/// The model that a session starts with, and who selected it.
///
///     new SelectedModel(Optional.of("claude-opus-5-5"), "Claude Code's default")
///
/// @param name its id; empty where only the agent knows
/// @param source who selected it
public record SelectedModel(Optional<String> name, String source) {
    /// The model of `-m`, where one is given.
    static Optional<SelectedModel> asked(Optional<String> model) {
        return model.map(name -> new SelectedModel(model, "-m"));
    }
}
