package lib.cli.gateway;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import lib.agents.process.Exec;
import lib.base.Host;
import lib.install.RunningProgram;

/// The process of a server. Every command runs in a JVM that is tuned to start quickly, and a running JVM can't
/// be tuned again. So a server restarts in the same process, with a JVM that is tuned to run for long. The installed
/// command starts most servers in such a JVM at once.
final class ServerProcess {
    private ServerProcess() {}

    /// Restarts as a server. Does not return if this JVM is one for short commands.
    ///
    /// @param args the command line
    static void become(Host host, List<String> args) {
        RunningProgram.server().ifPresent(start -> {
            var words = new ArrayList<>(start);
            words.addAll(args);
            var environment = new HashMap<>(host.env());
            RunningProgram.SERVER_VARIABLES.forEach(environment::putIfAbsent);
            Exec.replace(Path.of(words.getFirst()), words, environment, Set.of());
        });
    }
}
