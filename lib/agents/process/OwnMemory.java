package lib.agents.process;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.config.Variable;

/// Hides the secrets of this process from the agent that it starts. On Linux a process may read the environment
/// and the memory of any other process of the same user (`/proc/PID/environ`, `/proc/PID/mem`). Without this
/// class, a tool of the agent could read from its parent every secret that the agent itself does not inherit.
///
///     OwnMemory.seal();   // then start the agent
///
/// Does nothing on other systems: macOS shows a process's environment to its own user, and has no call against
/// that.
///
/// @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html">PR_SET_DUMPABLE</a>
public final class OwnMemory {
    private static final int PR_SET_DUMPABLE = 4;
    private static final Path STAT = Path.of("/proc/self/stat");
    /// The index of the field with the start address of the environment, counted after the program's name. The
    /// next field has the end address.
    private static final int ENV_START = 47;

    private OwnMemory() {}

    /// Makes this process unreadable for all users but root, and erases the secrets that rpkai reads from its
    /// environment. [System#getenv()] still returns them.
    public static void seal() {
        if (!Files.exists(STAT)) return;
        // Reading the environment first makes the JVM keep a copy.
        if (!System.getenv().isEmpty()) eraseSecrets();
        Libc.call("prctl", PR_SET_DUMPABLE, 0);
    }

    @SuppressWarnings("restricted") // native access is what it is for
    private static void eraseSecrets() {
        long start;
        long end;
        try {
            var stat = Files.readString(STAT, StandardCharsets.ISO_8859_1);
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            start = Long.parseUnsignedLong(fields[ENV_START]);
            end = Long.parseUnsignedLong(fields[ENV_START + 1]);
        } catch (IOException e) {
            // The process is still protected against other processes of the user.
            return;
        }
        // The kernel reports zeros if it does not disclose the addresses.
        if (start == 0 || end <= start) return;
        erase(MemorySegment.ofAddress(start).reinterpret(end - start));
    }

    /// Overwrites the values of secrets in a series of `NAME=value` texts, each of which ends with a zero.
    static void erase(MemorySegment environment) {
        long begin = 0;
        for (long at = 0; at < environment.byteSize(); at++) {
            if (environment.get(ValueLayout.JAVA_BYTE, at) != 0) continue;
            var variable = environment.asSlice(begin, at - begin);
            var text = new String(variable.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
            int equals = text.indexOf('=');
            if (equals > 0
                    && Variable.of(text.substring(0, equals))
                            .filter(name -> name.role().isSecret())
                            .isPresent()) {
                variable.asSlice(equals + 1).fill((byte) 0);
            }
            begin = at + 1;
        }
    }
}
