package lib.agents.registry;

import java.util.List;
import java.util.function.Supplier;
import lib.agents.Agent;
import lib.agents.exec.GenericProgram;
import lib.agents.gemini.GeminiCli;
import lib.agents.gemini.QwenCode;
import lib.agents.opencode.OpenCode;

/// The agents that `rpkai run` launches without flags of their own, a line each. Claude Code and Codex, which
/// have some, are commands of their own.
///
///     Agents.ALL.getFirst().name()   // opencode
public final class Agents {
    private Agents() {}

    /// An agent by its name: nothing of it is loaded before it is asked for.
    ///
    /// @param name the word behind `rpkai run`
    /// @param summary what the help says, in one sentence
    /// @param example a command line that one can type
    /// @param agent makes it
    public record Entry(String name, String summary, String example, Supplier<Agent> agent) {}

    /// Each made by a lambda of its own: a reference to its constructor would load it with this class.
    public static final List<Entry> ALL = List.of(
            new Entry(
                    "opencode",
                    "Launches OpenCode through the AI Gateway.",
                    "rpkai run opencode -L anthropic -m claude-sonnet-5-5",
                    () -> new OpenCode()),
            new Entry(
                    "gemini",
                    "Launches Gemini CLI through the AI Gateway.",
                    "rpkai run gemini -L google",
                    () -> new GeminiCli()),
            new Entry(
                    "qwen",
                    "Launches Qwen Code through the AI Gateway.",
                    "rpkai run qwen -L openai -m gpt-6.1-sol",
                    () -> new QwenCode()),
            new Entry(
                    "exec",
                    "Runs any program with its SDK pointed at the AI Gateway.",
                    "rpkai run exec -L openai -- python ask.py",
                    () -> new GenericProgram()));
}
