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

/// The file descriptors above standard error: which of them the shell handed us, and the closing of all others.
final class OpenFiles {
    private static final int F_GETPATH = 50;
    private static final long O_CLOEXEC = 02000000;

    private OpenFiles() {}

    /// Those that are open and that the JVM did not open for itself before `main`. Cheap: every command asks this
    /// first.
    static Set<Integer> inherited() {
        var open = descriptors();
        var ours = classPath();
        open.removeIf(fd -> Libc.MAC ? !Files.exists(Path.of("/dev/fd", fd.toString())) : isOurs(fd, ours));
        return open;
    }

    /// Sees to it that the program which this process starts or becomes has no others than these.
    static void closeOnExec(Collection<Integer> keep) {
        var ours = descriptors();
        ours.removeAll(keep);
        if (Libc.MAC) keep.stream().filter(OpenFiles::isBelowJavaHome).forEach(ours::add);
        for (int fd : ours) Libc.call("fcntl", fd, Libc.F_SETFD, Libc.FD_CLOEXEC);
    }

    private static Set<Integer> descriptors() {
        var open = new TreeSet<Integer>();
        // Listing the folder opens one more descriptor, which is closed again by the time anyone uses its number.
        var names = new File(Libc.MAC ? "/dev/fd" : "/proc/self/fd").list();
        for (var name : names == null ? new String[0] : names) open.add(Integer.parseInt(name));
        open.removeIf(fd -> fd <= 2);
        return open;
    }

    /// What closes itself on exec can't have come through one. The JVM's modules file does not, nor do some of
    /// its jars.
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
