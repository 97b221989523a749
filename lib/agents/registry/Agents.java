package lib.agents.registry;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import lib.agents.Agent;
import lib.agents.AgentOptions;
import lib.agents.claude.ClaudeOptions;
import lib.agents.codex.CodexOptions;
import lib.agents.exec.GenericProgram;
import lib.agents.gemini.GeminiCli;
import lib.agents.gemini.QwenCode;
import lib.agents.opencode.OpenCode;

/// The agents that `rpkai` launches, in the order of the help. The commands `run` and `explain`, the doctor and the
/// shells' completion read this list and know no agent by name.
///
///     Agents.ALL.getFirst().name()   // claude
public final class Agents {
    private Agents() {}

    /// An agent by its name. Its classes are loaded only when it is needed.
    ///
    /// @param name the word after `rpkai run`
    /// @param summary its description in the help, one sentence
    /// @param examples command lines that users can type, the simplest first
    /// @param options makes its options, and with them the agent
    public record Entry(String name, String summary, List<String> examples, Supplier<AgentOptions> options) {
        /// Makes an entry for an agent without flags of its own.
        ///
        /// @param example a command line that users can type
        /// @param agent makes the agent
        static Entry plain(String name, String summary, String example, Supplier<Agent> agent) {
            return new Entry(name, summary, List.of(example), () -> AgentOptions.none(agent.get()));
        }

        /// The agent without any of its own options.
        public Agent agent() {
            return options.get().agent();
        }
    }

    /// All agents.
    public static final List<Entry> ALL = List.of(
            new Entry(
                    "claude",
                    "Launches Claude Code through the AI Gateway.",
                    List.of(
                            "rpkai run claude -L anthropic",
                            "rpkai run claude -L anthropic -m claude-sonnet-5-5 -- -p \"Say hello\""),
                    ClaudeOptions::new),
            new Entry(
                    "codex",
                    "Launches Codex through the AI Gateway.",
                    List.of(
                            "rpkai run codex -L openai",
                            "rpkai run codex -L openai -m gpt-6.1-sol -e high -- exec \"Say hello\"",
                            "rpkai run codex -L openai --codex-home ~/codex-work -- resume"),
                    CodexOptions::new),
            Entry.plain(
                    "opencode",
                    "Launches OpenCode through the AI Gateway.",
                    "rpkai run opencode -L anthropic -m claude-sonnet-5-5",
                    OpenCode::new),
            Entry.plain(
                    "gemini",
                    "Launches Gemini CLI through the AI Gateway.",
                    "rpkai run gemini -L google",
                    GeminiCli::new),
            Entry.plain(
                    "qwen",
                    "Launches Qwen Code through the AI Gateway.",
                    "rpkai run qwen -L openai -m gpt-6.1-sol",
                    QwenCode::new),
            Entry.plain(
                    "exec",
                    "Runs any program with its SDK pointed at the AI Gateway.",
                    "rpkai run exec -L openai -- python ask.py",
                    GenericProgram::new));

    /// The entry with that name.
    public static Optional<Entry> of(String name) {
        return ALL.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }
}
