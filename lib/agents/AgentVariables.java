package lib.agents;

import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The variables that the user adds to the agent's environment.
///
///     AgentVariables.NONE.withSet("TICKET", "42").withInherited(List.of("OPENAI_API_KEY"))
///
/// @param set variables to set; they don't displace those of the launch
/// @param inherited names of variables that the agent inherits although a launch normally withholds them,
///     `--pass-env`
public record AgentVariables(SortedMap<String, String> set, SortedSet<String> inherited) {
    /// No variables.
    public static final AgentVariables NONE = new AgentVariables(new TreeMap<>(), new TreeSet<>());

    public AgentVariables {
        set = new TreeMap<>(set);
        inherited = new TreeSet<>(inherited);
    }

    /// Returns a copy that also sets this variable.
    public AgentVariables withSet(String name, String value) {
        var all = new TreeMap<>(set);
        all.put(name, value);
        return new AgentVariables(all, inherited);
    }

    /// Returns a copy with these variables inherited, instead of the previous ones.
    public AgentVariables withInherited(Collection<String> names) {
        return new AgentVariables(set, new TreeSet<>(names));
    }
}
