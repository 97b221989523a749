package lib.cli;

import lib.base.Host;
import lib.launch.RpkaiCommand;

/// The command line for scripts. `META-INF/services` names this class.
///
///     RpkaiCommand.run("auth", "status");
public final class ScriptCommand implements RpkaiCommand {
    @Override
    public int start(Host host, String... args) {
        return Cli.start(host, args);
    }
}
