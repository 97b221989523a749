package lib.agents;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lib.UserError;

/// Replaces this process by another program, as a shell's `exec` does: same process id, same terminal, nothing of rpkai
/// left behind.
///
///     var inherited = Exec.openFiles();       // first thing in main
///     Exec.replace(program, argv, environment, inherited);   // does not return
///
/// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/exec.html">POSIX exec</a>
public final class Exec {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final boolean MAC = System.getProperty("os.name").startsWith("Mac");
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int SIG_SETMASK = MAC ? 3 : 2;
    /// glibc's and musl's `sigset_t` is 128 bytes, macOS's 4.
    private static final int SIGSET_BYTES = 128;
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();

    private Exec() {}

    /// Whether this platform can do it.
    public static boolean isSupported() {
        return File.separatorChar == '/';
    }

    /// The file descriptors above standard error that are open now. What the shell handed us is among them, and is the
    /// program's too; what the JVM opens afterwards is not.
    public static Set<Integer> openFiles() {
        var open = descriptors();
        open.removeIf(Exec::isOurs);
        return open;
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
        try (var arena = Arena.ofConfined()) {
            var execve = function("execve", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS), Linker.Option.captureCallState("errno"));
            var path = text(arena, program.toString());
            var arguments = strings(arena, argv);
            var variables = strings(arena, environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
            var state = arena.allocate(STATE);
            closeOnExec(keep);
            restoreSignalMask(arena);
            var _ = (int) execve.invokeExact(state, path, arguments, variables);
            var errno = (int) STATE.varHandle(MemoryLayout.PathElement.groupElement("errno")).get(state, 0L);
            throw new UserError("%s can't be started (%s)".formatted(program, reason(errno)), "check that it is a program for this machine");
        } catch (UserError e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("execve could not be called", e);
        }
    }

    /// A descriptor that the JVM opened for itself before `main`: its modules file, the jars of its class path.
    private static boolean isOurs(int fd) {
        try {
            var target = Files.readSymbolicLink(Path.of("/proc/self/fd", String.valueOf(fd))).toString();
            return target.startsWith(System.getProperty("java.home")) || target.endsWith(".jar") || target.matches("/proc/\\d+/fd");
        } catch (IOException e) {
            return !MAC;
        }
    }

    private static void closeOnExec(Set<Integer> keep) throws Throwable {
        var fcntl = function("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
        var ours = descriptors();
        ours.removeAll(keep);
        for (int fd : ours) {
            var _ = (int) fcntl.invokeExact(fd, F_SETFD, FD_CLOEXEC);
        }
    }

    private static Set<Integer> descriptors() {
        var open = new TreeSet<Integer>();
        // Listing the folder opens one more descriptor, which is closed again by the time anyone uses its number.
        var names = new File(MAC ? "/dev/fd" : "/proc/self/fd").list();
        for (var name : names == null ? new String[0] : names) open.add(Integer.parseInt(name));
        open.removeIf(fd -> fd <= 2);
        return open;
    }

    /// The JVM blocks some signals in its threads, and a mask survives `exec`. The process's first thread, in which the
    /// launcher only waits, still has the mask that the shell gave.
    private static void restoreSignalMask(Arena arena) throws Throwable {
        var mask = arena.allocate(SIGSET_BYTES);
        mask.set(ValueLayout.JAVA_LONG, 0, originalMask());
        var sigprocmask = function("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        var _ = (int) sigprocmask.invokeExact(SIG_SETMASK, mask, MemorySegment.NULL);
    }

    private static long originalMask() {
        var pid = ProcessHandle.current().pid();
        try {
            return Files.readAllLines(Path.of("/proc/self/task/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("SigBlk:")).map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst().orElse(0L);
        } catch (IOException e) {
            return 0;
        }
    }

    private static String reason(int errno) {
        return switch (errno) {
            case 2 -> "no such file, or its interpreter is missing";
            case 7 -> "its arguments and environment are too long";
            case 8 -> "it is not a program for this machine";
            case 13 -> "permission denied";
            default -> "error " + errno;
        };
    }

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    private static MemorySegment text(Arena arena, String value) {
        return arena.allocateFrom(value, StandardCharsets.UTF_8);
    }

    private static MemorySegment strings(Arena arena, List<String> values) {
        var array = arena.allocate(ADDRESS, values.size() + 1L);
        for (int i = 0; i < values.size(); i++) array.setAtIndex(ADDRESS, i, text(arena, values.get(i)));
        array.setAtIndex(ADDRESS, values.size(), MemorySegment.NULL);
        return array;
    }
}
