package lib.agents;

import java.util.Optional;

/// The flag of `rpkai run` that prints a launch instead of carrying it out.
///
/// @param name the flag, such as `--print-plan`
/// @param prints the flag's help text: `Print … of the launch instead of launching.`
/// @param file the name of the one file of the plan to print; empty for the whole plan
public record PlanFlag(String name, String prints, Optional<String> file) {
    /// The flag of most agents.
    public static final PlanFlag PLAN =
            new PlanFlag("--print-plan", "the command line and the environment", Optional.empty());
}
