package lib.agents.process;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.base.UserError;

/// Replaces this process by another program, as a shell's `exec` does: same process id, same terminal, nothing of
/// rpkai left behind.
///
///     var inherited = Exec.openFiles();       // first thing in main
///     Exec.replace(program, argv, environment, inherited);   // does not return
///
/// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/exec.html">POSIX exec</a>
public final class Exec {
    private Exec() {}

    /// Whether this platform can do it.
    public static boolean isSupported() {
        return File.separatorChar == '/';
    }

    /// Makes ready what [#replace] takes, while this thread does something else: 30 ms that a launch need not
    /// wait for.
    public static void prepare() {
        if (!isSupported()) return;
        // What goes wrong here goes wrong again where it can be said.
        Thread.ofPlatform().daemon().uncaughtExceptionHandler((_, _) -> {}).start(() -> Libc.call("getpid"));
    }

    /// The file descriptors above standard error that are open now. What the shell handed us is among them, and
    /// is the program's too; what the JVM opens afterwards is not.
    public static Set<Integer> openFiles() {
        return OpenFiles.inherited();
    }

    /// Becomes `program`.
    ///
    /// @param argv the whole command line, its first word included
    /// @param environment the whole environment
    /// @param keep descriptors that stay open besides the standard three
    /// @throws UserError when the program can't be started; nothing has changed then
    public static void replace(Path program, List<String> argv, Map<String, String> environment, Set<Integer> keep) {
        System.out.flush();
        System.err.flush();
        try (var arena = Arena.ofConfined();
                var _ = InheritedState.restore(keep)) {
            var image = ExecRequest.of(arena, program, argv, environment);
            var before = Libc.struct(arena);
            Libc.call("pthread_sigmask", Libc.SIG_SETMASK, Libc.signals(arena, InheritedState.signalMask()), before);
            var outcome = Libc.call("execve", image.path(), image.argv(), image.environment());
            Libc.call("pthread_sigmask", Libc.SIG_SETMASK, before, MemorySegment.NULL);
            throw image.failure(outcome.errno());
        }
    }
}
