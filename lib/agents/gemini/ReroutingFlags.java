package lib.agents.gemini;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import lib.agents.AgentBinary;
import lib.base.UserError;

/// The flags of Gemini CLI and related agents that send its traffic to another place than the launch's.
///
///     new ReroutingFlags(QwenCode.BINARY, Set.of("proxy")).check(List.of("--proxy=http://x"))   // throws
///
/// @param agent the agent with these flags
/// @param names the flags in lower case, without dashes: the agent treats `--openai-base-url` and
///     `--openaiBaseUrl` alike
record ReroutingFlags(AgentBinary agent, Set<String> names) {
    ReroutingFlags {
        names = Set.copyOf(names);
    }

    /// @param args the agent's own arguments
    /// @throws UserError for one of the flags; bad usage
    void check(List<String> args) {
        for (var arg : args) {
            if (arg.equals("--")) return;
            if (!arg.startsWith("--")) continue;
            var typed = arg.split("=", 2)[0];
            if (names.contains(typed.replace("-", "").toLowerCase(Locale.ROOT))) {
                throw UserError.usage("%s would let %s bypass the gateway".formatted(typed, agent.title()), "omit it");
            }
        }
    }
}
