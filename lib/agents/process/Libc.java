package lib.agents.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Calls functions of the C library that starting and watching an agent needs. All differences between Linux
/// (glibc and musl, on every 64-bit processor) and macOS are here.
///
///     if (Libc.call("kill", pid, Libc.SIGCONT).value() < 0) …
///
/// The numbers for macOS come from its headers (`sys/signal.h`, `sys/wait.h`, `sys/resource.h`) and have not been
/// tried on a Mac.
///
/// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/contents.html">the functions, by
///     POSIX</a>
final class Libc {
    static final boolean MAC = System.getProperty("os.name").startsWith("Mac");

    static final int EINTR = 4;
    static final int SIGHUP = 1;
    static final int SIGINT = 2;
    static final int SIGQUIT = 3;
    static final int SIGTERM = 15;
    static final int SIGCHLD = MAC ? 20 : 17;
    static final int SIGCONT = MAC ? 19 : 18;
    static final int SIGSTOP = MAC ? 17 : 19;
    static final int SIGTSTP = MAC ? 18 : 20;
    static final int SIG_SETMASK = MAC ? 3 : 2;
    static final int WUNTRACED = 2;
    static final int WCONTINUED = MAC ? 16 : 8;
    static final int POSIX_SPAWN_SETSIGDEF = 4;
    static final int POSIX_SPAWN_SETSIGMASK = 8;
    /// The signals 32 to 34, which the C libraries of Linux use between threads. Their `posix_spawn` leaves these
    /// signals ignored in the child unless it is told to reset them.
    static final long LIBRARY_SIGNALS = 7L << 31;
    private static final long RT_SIGACTION = System.getProperty("os.arch").equals("amd64") ? 13 : 134;
    static final int RLIMIT_NOFILE = MAC ? 8 : 7;
    static final int F_SETFD = 2;
    static final int FD_CLOEXEC = 1;
    static final int TCSANOW = 0;
    static final long SIG_DFL = 0;
    static final long SIG_IGN = 1;
    /// The size in bytes of a buffer for any structure that is only passed from one function to another:
    /// `sigset_t` has at most 128 bytes, `struct sigaction` 152, `struct termios` 72, `posix_spawnattr_t` 336.
    static final int STRUCT_BYTES = 512;

    private static final Map<String, Integer> VARIADIC = Map.of("fcntl", 2, "prctl", 1, "syscall", 1);
    /// Whether variadic functions are called in the same way as all others on this platform.
    private static final boolean ALIKE = !MAC && Set.of("amd64", "aarch64").contains(System.getProperty("os.arch"));

    /// Holds the objects that take the JVM tens of milliseconds to create.
    @SuppressWarnings("restricted") // native access is what it is for
    private static final class Linked {
        static final Linker LINKER = Linker.nativeLinker();
        static final MemoryLayout STATE = Linker.Option.captureStateLayout();
        /// The signature of a function that takes six words and returns an `int`. Linking a signature is slow,
        /// and all functions here can be called with this one: a register holds an `int` as it holds a pointer,
        /// and functions ignore surplus arguments.
        static final FunctionDescriptor SHAPE =
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        static final MethodHandle FUNCTION = LINKER.downcallHandle(SHAPE, Linker.Option.captureCallState("errno"));
    }

    private Libc() {}

    /// The return value of a function, and the error number that it set.
    record Outcome(int value, int errno) {}

    /// Calls a function that takes up to six `int`s, `long`s and pointers and returns an `int`.
    static Outcome call(String name, Object... arguments) {
        var a = new long[6];
        for (int i = 0; i < arguments.length; i++)
            a[i] = arguments[i] instanceof MemorySegment memory
                    ? memory.address()
                    : ((Number) arguments[i]).longValue();
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linked.STATE);
            var value = (int) function(name)
                    .invokeExact(
                            Linked.LINKER.defaultLookup().findOrThrow(name), state, a[0], a[1], a[2], a[3], a[4], a[5]);
            // The error number is the only captured state.
            return new Outcome(value, state.get(JAVA_INT, 0));
        } catch (Throwable e) {
            throw new IllegalStateException(name + " could not be called", e);
        } finally {
            Reference.reachabilityFence(arguments);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name) {
        if (ALIKE || !VARIADIC.containsKey(name)) return Linked.FUNCTION;
        return Linked.LINKER.downcallHandle(
                Linked.SHAPE,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(VARIADIC.get(name)));
    }

    /// Returns a zeroed structure for the library's own use.
    static MemorySegment struct(Arena arena) {
        return arena.allocate(STRUCT_BYTES, 16);
    }

    /// Returns a `sigset_t` with these signals. Signal n is bit n - 1, as in `/proc/PID/status`.
    static MemorySegment signals(Arena arena, long bits) {
        var set = struct(arena);
        // macOS has four bytes and 31 signals, other systems eight and 64; the first four bytes mean the same
        // on both.
        set.set(JAVA_LONG, 0, bits);
        return set;
    }

    /// Sets a signal's disposition.
    ///
    /// @param handler [#SIG_DFL] or [#SIG_IGN]
    /// @return the previous `struct sigaction`, for [#restore]
    static MemorySegment disposition(Arena arena, int signal, long handler) {
        var action = struct(arena);
        action.set(JAVA_LONG, 0, handler);
        var before = struct(arena);
        act(signal, action, before);
        return before;
    }

    static void restore(int signal, MemorySegment action) {
        act(signal, action, MemorySegment.NULL);
    }

    /// Sets the action of a signal. For the library's own signals, which the library refuses to change, it calls
    /// the kernel directly, whose structure also begins with the handler.
    private static void act(int signal, MemorySegment action, MemorySegment before) {
        if ((LIBRARY_SIGNALS & bit(signal)) == 0 || MAC) call("sigaction", signal, action, before);
        else call("syscall", RT_SIGACTION, (long) signal, action, before, 8L);
    }

    static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /// Returns a NULL-terminated array of C strings.
    static MemorySegment strings(Arena arena, List<byte[]> values) {
        var array = arena.allocate(ADDRESS, values.size() + 1L);
        for (int i = 0; i < values.size(); i++) array.setAtIndex(ADDRESS, i, string(arena, values.get(i)));
        array.setAtIndex(ADDRESS, values.size(), MemorySegment.NULL);
        return array;
    }

    static MemorySegment string(Arena arena, byte[] value) {
        var text = arena.allocate(value.length + 1L);
        MemorySegment.copy(value, 0, text, ValueLayout.JAVA_BYTE, 0, value.length);
        return text;
    }
}
