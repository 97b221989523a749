package lib.agents;

import java.util.List;

/// The flags that one agent has besides those of every launch, and the agent that they configure. An agent with
/// flags implements this interface as well as [Agent]; an agent without flags uses [#none].
///
///     options.flags().forEach(command::add);   // the command line fills them in
///     options.agent()
public interface AgentOptions {
    /// The flags. Each remembers the value that it was given.
    List<AgentFlag> flags();

    /// The agent with the options given so far.
    Agent agent();

    /// Options for an agent without flags of its own.
    static AgentOptions none(Agent agent) {
        return new AgentOptions() {
            @Override
            public List<AgentFlag> flags() {
                return List.of();
            }

            @Override
            public Agent agent() {
                return agent;
            }
        };
    }
}
