package lib.agents.variables;

import java.nio.file.Path;
import java.util.Map;
import lib.base.Host;

/// What an agent's process would inherit from the one that launches it.
///
///     Inherited.from(host).variables().get("PATH")
///
/// @param variables its environment
/// @param cwd where it starts
public record Inherited(Map<String, String> variables, Path cwd) {
    /// What this machine's environment hands on.
    public static Inherited from(Host host) {
        return new Inherited(host.env(), host.cwd());
    }
}
