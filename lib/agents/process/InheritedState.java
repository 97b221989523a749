package lib.agents.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Set;
import java.util.stream.IntStream;

/// The state that this process inherited and the JVM has changed since: open files, ignored signals, the limit
/// of open files, and the core dump filter. [#restore] restores it for the program to start, and [#close]
/// undoes that.
///
/// The kernel does not remember a signal's disposition from before the JVM changed it. The JVM takes INT, HUP
/// and TERM only when they were not ignored, so these are known. The others (PIPE, XFSZ, USR2, QUIT) are read
/// from the parent if it is a shell: signals that a shell ignores are ignored by its commands too. Any other
/// parent may have reset them, and is not used.
final class InheritedState implements AutoCloseable {
    /// Shells that ignore QUIT for themselves but not for their commands.
    private static final Set<String> BASH = Set.of("bash", "rbash");
    private static final Set<String> SHELLS =
            Set.of("sh", "dash", "ash", "busybox", "bash", "rbash", "zsh", "ksh", "ksh93", "mksh", "yash");
    /// Signals that the JVM handles unless they are ignored. Their state is known from this process alone. The
    /// parent is not asked: an interactive shell ignores TERM, for example, for itself only.
    private static final long TAKEN_WHERE_NOT_IGNORED =
            Libc.bit(Libc.SIGINT) | Libc.bit(Libc.SIGHUP) | Libc.bit(Libc.SIGTERM);
    private static final long FILE_BACKED = 0xC;

    private final Arena arena = Arena.ofAuto();
    private final Deque<Runnable> undo = new ArrayDeque<>();

    private final long ignored;

    private InheritedState(long ignored) {
        this.ignored = ignored;
    }

    /// Restores the inherited state, for the program to start.
    ///
    /// @param keep descriptors that stay open besides the standard three
    static InheritedState restore(Collection<Integer> keep) {
        OpenFiles.closeOnExec(keep);
        var parent = parent();
        var inherited = new InheritedState(ignored(parent));
        IntStream.rangeClosed(1, 64)
                .filter(signal -> (inherited.ignored & Libc.bit(signal)) != 0)
                .forEach(inherited::ignore);
        inherited.limitOpenFiles(parent);
        inherited.filterCoreDump(parent);
        return inherited;
    }

    /// Returns the set of signals that the program must ignore.
    long ignored() {
        return ignored;
    }

    /// Returns the signal mask of the first thread of the process. The JVM's launcher only waits in it; the JVM's
    /// own threads have other masks.
    static long signalMask() {
        return Proc.signals(Proc.text("self", "task/" + ProcessHandle.current().pid() + "/status"), "SigBlk:");
    }

    /// Returns the name of the parent's program; empty if it can't be read.
    static String parentName() {
        return Proc.text(parent(), "comm").strip().replaceFirst("^-", "");
    }

    @Override
    public void close() {
        undo.forEach(Runnable::run);
    }

    private static long parent() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    }

    private static long ignored(long parent) {
        var self = Proc.text("self", "status");
        var ignored = Proc.signals(self, "SigIgn:");
        var name = parentName();
        if (!SHELLS.contains(name)) return ignored;
        var parents = Proc.signals(Proc.text(parent, "status"), "SigIgn:");
        var quit = Libc.bit(Libc.SIGQUIT);
        var interrupt = Libc.bit(Libc.SIGINT);
        // A shell makes a background command of a script ignore INT and QUIT, which the script itself does not
        // ignore.
        var background = (ignored & interrupt) != 0 && (parents & interrupt) == 0;
        if (background) parents |= quit;
        else if (BASH.contains(name) && (ignored & interrupt) == 0) parents &= ~quit;
        return ignored | parents & Proc.signals(self, "SigCgt:") & ~TAKEN_WHERE_NOT_IGNORED;
    }

    /// Ignores a signal from now on.
    void ignore(int signal) {
        var before = Libc.disposition(arena, signal, Libc.SIG_IGN);
        undo.addFirst(() -> Libc.restore(signal, before));
    }

    /// Restores the limit of open files. The JVM raises it to the maximum, unless `-XX:-MaxFDLimit` is given.
    /// rpkai's own `RUNTIME_OPTIONS` contain that option, but a command line typed by hand may not.
    private void limitOpenFiles(long parent) {
        if (Proc.text("self", "cmdline").contains("-XX:-MaxFDLimit")
                || Proc.text("self", "environ").contains("-XX:-MaxFDLimit")) return;
        var label = "Max open files";
        var parents = Proc.line(Proc.text(parent, "limits"), label).split("\\s+");
        var own = Proc.line(Proc.text("self", "limits"), label).split("\\s+");
        if (parents.length < 2
                || own.length < 2
                || !own[0].equals(own[1])
                || parents[0].equals(own[0])
                || !parents[0].matches("\\d+")) return;
        var limit = Libc.struct(arena);
        if (Libc.call("getrlimit", Libc.RLIMIT_NOFILE, limit).value() != 0) return;
        var raised = limit.get(ValueLayout.JAVA_LONG, 0);
        limit.set(ValueLayout.JAVA_LONG, 0, Long.parseLong(parents[0]));
        Libc.call("setrlimit", Libc.RLIMIT_NOFILE, limit);
        undo.addFirst(() -> {
            limit.set(ValueLayout.JAVA_LONG, 0, raised);
            Libc.call("setrlimit", Libc.RLIMIT_NOFILE, limit);
        });
    }

    /// Restores the core dump filter. The JVM adds its archives, which are mapped files, to core dumps. The
    /// filter is inherited, so the parent still has the original one.
    private void filterCoreDump(long parent) {
        var parents = Proc.text(parent, "coredump_filter").strip();
        var own = Proc.text("self", "coredump_filter").strip();
        if (parents.isEmpty() || own.isEmpty()) return;
        var filter = Long.parseLong(own, 16) & ~FILE_BACKED | Long.parseLong(parents, 16) & FILE_BACKED;
        if (write(filter)) undo.addFirst(() -> write(Long.parseLong(own, 16)));
    }

    private static boolean write(long filter) {
        try {
            Files.writeString(Path.of("/proc/self/coredump_filter"), "0x" + Long.toHexString(filter));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
