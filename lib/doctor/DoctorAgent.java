package lib.doctor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lib.agents.AgentBinary;
import lib.agents.AgentVersion;
import lib.agents.MinimumVersion;
import lib.agents.claude.ClaudeAgent;
import lib.agents.codex.CodexAgent;
import lib.agents.registry.Agents;
import lib.api.Provider;
import lib.api.ProviderType;

/// An agent that a doctor can look at, and what is asked of it: each that `rpkai run` knows.
///
///     DoctorAgent.of("codex")   // Optional[codex, 0.118.0 or later]
///
/// @param launched as `rpkai run` launches it
/// @param oldest the first version that a launch was measured with, or needs; empty for a program that is
///     anybody's
/// @param refusesOlder whether a launch refuses an older one
public record DoctorAgent(lib.agents.Agent launched, Optional<AgentVersion> oldest, boolean refusesOlder) {
    /// Claude Code.
    public static final DoctorAgent CLAUDE = requiring(ClaudeAgent.STANDARD);
    /// Codex.
    public static final DoctorAgent CODEX = requiring(CodexAgent.STANDARD);

    /// One that a launch takes from some version on.
    private static DoctorAgent requiring(lib.agents.Agent agent) {
        return new DoctorAgent(agent, agent.oldest().map(MinimumVersion::version), true);
    }

    /// All of them, in the order of the help.
    public static List<DoctorAgent> all() {
        var others = Agents.ALL.stream()
                .map(entry -> entry.agent().get())
                .map(agent ->
                        new DoctorAgent(agent, AgentVersion.in(agent.binary().version()), false));
        return Stream.concat(Stream.of(CLAUDE, CODEX), others).toList();
    }

    /// The one of that name on the command line.
    public static Optional<DoctorAgent> of(String name) {
        return all().stream().filter(agent -> agent.label().equals(name)).findFirst();
    }

    /// Its name on the command line.
    public String label() {
        return launched.binary().name();
    }

    AgentBinary binary() {
        return launched.binary();
    }

    Set<ProviderType> types() {
        return launched.types();
    }

    /// Whether a launch would take that provider; one that passes the user's own credentials through takes an
    /// agent that has some.
    boolean speaksTo(Provider provider) {
        return types().contains(provider.type()) && !(provider.passthrough() && launched.needsRelay());
    }

    boolean isClaude() {
        return equals(CLAUDE);
    }

    boolean isCodex() {
        return equals(CODEX);
    }
}
