package lib.cli;

import picocli.CommandLine.Command;

/// `rpkai run`: launches an agent.
@Command(name = "run", description = "Launches a coding agent through the AI Gateway.")
final class RunCommand {}
