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

/// Starts the agent as a child and stands behind it, as little in between as can be: in the same process group,
/// so that the terminal's signals reach the agent without us; deaf to those that it decides about; passing on
/// those that were sent to us alone; stopping and continuing with it.
///
///     int exitCode = ForegroundChild.run(program, argv, environment, inheritedFiles);
///
/// Killed with -9, it can pass nothing on: the agent lives on without its gateway and without the keyboard, which
/// the shell has back, until its terminal is closed or someone ends it. Linux's `PR_SET_PDEATHSIG` would have to
/// be set by the child between fork and exec, where no Java can run.
public final class ForegroundChild {
    /// What the keyboard sends to both of us, and only the agent answers: a Ctrl-C; a Ctrl-\, for which the JVM
    /// would print all its threads; a Ctrl-Z, for which we stop when the agent has. Stopped by it ourselves, we
    /// could be in the midst of following the agent, and would stop once more after the shell's `fg`.
    private static final List<Integer> THE_AGENTS = List.of(Libc.SIGINT, Libc.SIGQUIT, Libc.SIGTSTP);
    private static final List<String> PASSED_ON = List.of("TERM", "HUP", "USR1", "USR2");

    private final List<Integer> early = new ArrayList<>();
    private int child;
    private boolean ended;

    private ForegroundChild() {}

    /// Runs the program to its end. Thereafter, too, this process ignores the signals that would have ended it
    /// before: whatever is left to clean up gets done, and the exit code is the agent's.
    ///
    /// @return its exit code, 128+n when signal n ended it
    /// @throws lib.UserError when it can't be started
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
                    // So does a wrapper, as npm's for Codex is, tell that a signal ended what it wraps.
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
        // An ignored SIGCHLD would leave nothing to wait for.
        Libc.disposition(arena, Libc.SIGCHLD, Libc.SIG_DFL);
        for (var name : PASSED_ON) {
            var signal = new Signal(name);
            if ((ignored & Libc.bit(signal.getNumber())) == 0) Signal.handle(signal, s -> passOn(s.getNumber()));
        }
        var attributes = Libc.struct(arena);
        Libc.call("posix_spawnattr_init", attributes);
        // What we handle ourselves is the default again by exec; what we ignore would stay ignored.
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

    /// Lets the shell have its prompt: for a shell a job has stopped once the process that it started has.
    private void stopAsWell() {
        // To this very thread: sent to the process it may reach another one first, and we would come to the next
        // line.
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
