package lib.agents.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sun.misc.Signal;

/// Starts the agent as a child and interferes as little as possible. The child is in the same process group, so
/// that the terminal's signals reach it directly. This process ignores signals that the agent handles, passes
/// on signals that were sent to this process alone, and stops and continues together with the agent.
///
///     int exitCode = ForegroundChild.run(program, argv, environment, inheritedFiles);
///
/// If this process is killed with -9, it can pass nothing on: the agent lives on without its gateway and
/// without the keyboard, which the shell has back, until the terminal is closed or the agent is killed. Linux's
/// `PR_SET_PDEATHSIG` would have to be set by the child between fork and exec, where no Java can run.
public final class ForegroundChild {
    /// Signals from the keyboard. They reach both processes, and only the agent handles them: Ctrl-C; Ctrl-\, for
    /// which the JVM would print all its threads; and Ctrl-Z, for which this process stops only once the agent
    /// has stopped. If Ctrl-Z stopped this process directly, that could happen while this process is about to
    /// stop with the agent, and it would stop once more after the shell's `fg`.
    private static final List<Integer> THE_AGENTS = List.of(Libc.SIGINT, Libc.SIGQUIT, Libc.SIGTSTP);
    private static final List<String> PASSED_ON = List.of("TERM", "HUP", "USR1", "USR2");

    private final List<Integer> early = new ArrayList<>();
    private int child;
    private boolean ended;

    private ForegroundChild() {}

    /// Runs the program to its end. Afterwards this process still ignores the signals that would have ended it,
    /// so that the remaining clean-up is done, and the exit code is the agent's.
    ///
    /// @return the exit code of the program, or 128+n if signal n ended it
    /// @throws lib.base.UserError if it can't be started
    public static int run(Path program, List<String> argv, Map<String, String> environment, Set<Integer> keep) {
        var parent = new ForegroundChild();
        try (var arena = Arena.ofConfined()) {
            var terminal = Terminal.remember(arena);
            parent.spawn(arena, ExecRequest.of(arena, program, argv, environment), keep);
            return switch (parent.await(arena)) {
                case WaitStatus.Killed(int signal) -> {
                    terminal.restore();
                    yield 128 + signal;
                }
                case WaitStatus.Exited(int code) -> {
                    // A wrapper, such as npm's for Codex, reports in this way that a signal ended the wrapped
                    // program.
                    if (code > 128) terminal.restore();
                    yield code;
                }
                case WaitStatus other -> throw new IllegalStateException("not an end: " + other);
            };
        }
    }

    private void spawn(Arena arena, ExecRequest image, Set<Integer> keep) {
        var inherited = InheritedState.restore(keep);
        var ignored = inherited.ignored();
        THE_AGENTS.forEach(inherited::ignore);
        // If SIGCHLD were ignored, the kernel would discard the exit code of the child.
        Libc.disposition(arena, Libc.SIGCHLD, Libc.SIG_DFL);
        for (var name : PASSED_ON) {
            var signal = new Signal(name);
            if ((ignored & Libc.bit(signal.getNumber())) == 0) Signal.handle(signal, s -> passOn(s.getNumber()));
        }
        var attributes = Libc.struct(arena);
        Libc.call("posix_spawnattr_init", attributes);
        // Signals with a handler return to the default on exec; ignored signals would stay ignored.
        var defaults = (THE_AGENTS.stream().mapToLong(Libc::bit).sum() | Libc.LIBRARY_SIGNALS) & ~ignored;
        Libc.call("posix_spawnattr_setsigdefault", attributes, Libc.signals(arena, defaults));
        Libc.call("posix_spawnattr_setsigmask", attributes, Libc.signals(arena, InheritedState.signalMask()));
        Libc.call("posix_spawnattr_setflags", attributes, Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK);
        var pid = arena.allocate(JAVA_INT);
        OwnMemory.seal();
        var error = Libc.call(
                        "posix_spawn",
                        pid,
                        image.path(),
                        MemorySegment.NULL,
                        attributes,
                        image.argv(),
                        image.environment())
                .value();
        Libc.call("posix_spawnattr_destroy", attributes);
        if (error != 0) {
            inherited.close();
            throw image.failure(error);
        }
        started(pid.get(JAVA_INT, 0));
    }

    private WaitStatus await(Arena arena) {
        var status = arena.allocate(JAVA_INT);
        while (true) {
            var outcome = Libc.call("waitpid", child, status, Libc.WUNTRACED | Libc.WCONTINUED);
            if (outcome.value() < 0) {
                if (outcome.errno() == Libc.EINTR) continue;
                throw new IllegalStateException("waitpid failed, error " + outcome.errno());
            }
            switch (WaitStatus.of(status.get(JAVA_INT, 0))) {
                case WaitStatus.Stopped _ -> stopAsWell();
                case WaitStatus.Continued _ -> {}
                case WaitStatus end -> {
                    ended();
                    return end;
                }
            }
        }
    }

    /// Stops this process too, so that the shell shows its prompt: for a shell, a job has stopped once the
    /// process that it started has stopped.
    private void stopAsWell() {
        // The signal is sent to this thread. If it were sent to the process, another thread could take it, and
        // this one would continue with the next line.
        Libc.call("raise", Libc.SIGSTOP);
        passOn(Libc.SIGCONT);
    }

    private synchronized void started(int pid) {
        child = pid;
        early.forEach(this::passOn);
    }

    private synchronized void passOn(int signal) {
        if (child == 0) early.add(signal);
        else if (!ended) Libc.call("kill", child, signal);
    }

    private synchronized void ended() {
        ended = true;
    }
}
