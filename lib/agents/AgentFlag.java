package lib.agents;

import java.util.List;
import java.util.function.Consumer;

/// A flag of `rpkai run` that only one agent has.
///
///     new AgentFlag.Text(List.of("-e", "--effort"), "LEVEL", "Reasoning effort.", value -> effort = value)
public sealed interface AgentFlag {
    /// Its names, such as `-e` and `--effort`.
    List<String> names();

    /// Its help text, one sentence.
    String description();

    /// A flag with a value.
    ///
    /// @param label the name of the value in the help; words with `|` between them are offered as choices
    /// @param value the receiver of the value; it gets null if the flag was not given
    record Text(List<String> names, String label, String description, Consumer<String> value) implements AgentFlag {}

    /// A flag that is given or not.
    record Switch(List<String> names, String description, Consumer<Boolean> value) implements AgentFlag {}
}
