package lib.doctor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.agents.AgentBinary;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import lib.providers.ProviderType;

/// An agent that a doctor can look at, and what is asked of it.
///
///     Agent.of("codex")   // Optional[CODEX]
public enum Agent {
    CLAUDE(ClaudeCode.BINARY, ClaudeCode.TYPES, new Version(2, 1, 197), false),
    /// The one before 0.118.0 ignores the command that gives it its token, without a word.
    CODEX(Codex.BINARY, Codex.TYPES, new Version(0, 118, 0), true);

    private final AgentBinary binary;
    private final Set<ProviderType> types;
    private final Version oldest;
    private final boolean refused;

    Agent(AgentBinary binary, Set<ProviderType> types, Version oldest, boolean refused) {
        this.binary = binary;
        this.types = types;
        this.oldest = oldest;
        this.refused = refused;
    }

    /// The one of that name on the command line.
    public static Optional<Agent> of(String name) {
        return Arrays.stream(values()).filter(agent -> agent.label().equals(name)).findFirst();
    }

    /// Its name on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    AgentBinary binary() {
        return binary;
    }

    Set<ProviderType> types() {
        return types;
    }

    /// The first version that a launch was measured with, or needs.
    Version oldest() {
        return oldest;
    }

    /// Whether a launch refuses an older one.
    boolean refusesOlder() {
        return refused;
    }
}
