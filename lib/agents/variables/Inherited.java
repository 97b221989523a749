package lib.agents.variables;

import java.nio.file.Path;
import java.util.Map;
import lib.base.Host;

/// The environment and folder that an agent's process would inherit from rpkai.
///
///     Inherited.from(host).variables().get("PATH")
///
/// @param variables its environment
/// @param cwd the folder in which it starts
public record Inherited(Map<String, String> variables, Path cwd) {
    /// The environment and folder of this machine.
    public static Inherited from(Host host) {
        return new Inherited(host.env(), host.cwd());
    }
}
