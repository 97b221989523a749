package lib.agents;

import java.util.List;

/// The flags that one agent has besides those of every launch, and the agent that comes of them. An agent with flags
/// implements this beside the [Agent]; one without needs [#none] only.
///
///     options.flags().forEach(command::add);   // the command line fills them in
///     options.agent()
public interface AgentOptions {
    /// The flags, each of which remembers what was given.
    List<AgentFlag> flags();

    /// The agent with the options that were given so far.
    Agent agent();

    /// An agent that has no flags of its own.
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
