package lib.agents.process;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/// Finds the file descriptors above standard error that the shell passed to this process, and closes all others.
final class OpenFiles {
    private static final int F_GETPATH = 50;
    private static final long O_CLOEXEC = 02000000;

    private OpenFiles() {}

    /// Returns the open descriptors, except those that the JVM opened itself before `main`. Every command calls
    /// this method first, so it must be fast.
    static Set<Integer> inherited() {
        var open = descriptors();
        var ours = classPath();
        open.removeIf(fd -> Libc.MAC ? !Files.exists(Path.of("/dev/fd", fd.toString())) : isOurs(fd, ours));
        return open;
    }

    /// Ensures that the program that this process starts or becomes inherits only these descriptors.
    static void closeOnExec(Collection<Integer> keep) {
        var ours = descriptors();
        ours.removeAll(keep);
        if (Libc.MAC) keep.stream().filter(OpenFiles::isBelowJavaHome).forEach(ours::add);
        for (int fd : ours) Libc.call("fcntl", fd, Libc.F_SETFD, Libc.FD_CLOEXEC);
    }

    private static Set<Integer> descriptors() {
        var open = new TreeSet<Integer>();
        // Listing the folder opens one more descriptor, which is closed again before its number can be used.
        var names = new File(Libc.MAC ? "/dev/fd" : "/proc/self/fd").list();
        for (var name : names == null ? new String[0] : names) open.add(Integer.parseInt(name));
        open.removeIf(fd -> fd <= 2);
        return open;
    }

    /// Returns whether this process opened the descriptor. A descriptor that closes on exec can't have been
    /// inherited. The JVM does not set this for its modules file, nor for some of its jars.
    private static boolean isOurs(int fd, Set<Path> classPath) {
        var flags = Proc.line(Proc.text("self", "fdinfo/" + fd), "flags:");
        if (flags.isEmpty() || (Long.parseLong(flags, 8) & O_CLOEXEC) != 0) return true;
        try {
            var target = Files.readSymbolicLink(Path.of("/proc/self/fd", String.valueOf(fd)));
            return target.startsWith(System.getProperty("java.home")) || classPath.contains(target);
        } catch (IOException e) {
            return true;
        }
    }

    private static Set<Path> classPath() {
        var jars = new TreeSet<Path>();
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .forEach(jars::add);
        return jars;
    }

    private static boolean isBelowJavaHome(int fd) {
        try (var arena = Arena.ofConfined()) {
            var path = arena.allocate(4096);
            return Libc.call("fcntl", fd, F_GETPATH, path).value() == 0
                    && path.getString(0).startsWith(System.getProperty("java.home"));
        }
    }
}
