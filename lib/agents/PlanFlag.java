package lib.agents;

import java.util.Optional;

/// The flag of `rpkai run` that prints a launch instead of carrying it out.
///
/// @param name such as `--print-plan`
/// @param prints what it prints, as the help says it: `Print … of the launch instead of launching.`
/// @param file the file of the plan that it prints, by its name; empty for the plan as a whole
public record PlanFlag(String name, String prints, Optional<String> file) {
    /// The usual one.
    public static final PlanFlag PLAN =
            new PlanFlag("--print-plan", "the command line and the environment", Optional.empty());
}
