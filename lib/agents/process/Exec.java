package lib.agents.process;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.base.UserError;

/// Replaces this process by another program, as a shell's `exec` does: the process id and the terminal stay the
/// same, and nothing of rpkai remains.
///
///     var inherited = Exec.openFiles();       // first thing in main
///     Exec.replace(program, argv, environment, inherited);   // does not return
///
/// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/exec.html">POSIX exec</a>
public final class Exec {
    private Exec() {}

    /// Returns whether this platform supports it.
    public static boolean isSupported() {
        return File.separatorChar == '/';
    }

    /// Returns the file descriptors above standard error that are open now. Called first thing, it returns those
    /// that the shell passed, which the program gets too, and none that the JVM opens later.
    public static Set<Integer> openFiles() {
        return OpenFiles.inherited();
    }

    /// Replaces this process by `program`.
    ///
    /// @param argv the whole command line, including its first word
    /// @param environment the whole environment
    /// @param keep descriptors that stay open besides the standard three
    /// @throws UserError if the program can't be started; the state of this process is then restored
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
