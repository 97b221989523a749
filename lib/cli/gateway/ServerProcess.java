package lib.cli.gateway;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import lib.agents.process.Exec;
import lib.base.Host;
import lib.install.RunningProgram;

/// The process of a server. Every other command is told to start quickly, and the JVM cannot be told otherwise
/// later: so a server starts anew, in the same process, with a JVM for staying.
final class ServerProcess {
    private ServerProcess() {}

    /// Does not return where the JVM is one for short commands.
    ///
    /// @param args the command line
    static void become(Host host, List<String> args) {
        RunningProgram.server().ifPresent(start -> {
            var words = new ArrayList<>(start);
            words.addAll(args);
            var environment = new HashMap<>(host.env());
            // Else glibc keeps a heap for each thread that ever was.
            environment.putIfAbsent("MALLOC_ARENA_MAX", "1");
            Exec.replace(Path.of(words.getFirst()), words, environment, Set.of());
        });
    }
}
