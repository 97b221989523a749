package tests.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import tests.support.Machine;

/// A user who is not root, on a machine of the test's own. Run by root, a test gives its machine to `nobody`,
/// with copies of all that is in root's own folders; run by any other user, it is that user.
///
///     var user = OrdinaryUser.on(machine, temp);
///     Agents.run(machine.process(user.rpkai("run", "gemini")));
///
/// @param prefix the beginning of each command line
/// @param classPath the class path of rpkai
record OrdinaryUser(List<String> prefix, String classPath) {
    private static final String NOBODY = "65534";

    /// The test is skipped where root can't become another user.
    static OrdinaryUser on(Machine machine, Path root) throws IOException {
        var classPath = System.getProperty("java.class.path");
        if (!isRoot()) return new OrdinaryUser(List.of(), classPath);
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/setpriv")), "root needs setpriv to become another user");
        Assumptions.assumeFalse(
                Path.of(System.getProperty("java.home")).toRealPath().startsWith("/root"),
                "another user can't run root's own Java");
        var copies = new ArrayList<String>();
        for (var entry : classPath.split(File.pathSeparator))
            copies.add(copy(Path.of(entry), root.resolve("class-path-" + copies.size()))
                    .toString());
        return new OrdinaryUser(
                List.of("/usr/bin/setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"),
                String.join(File.pathSeparator, copies));
    }

    /// A file or folder that the user can read, too.
    Path readable(Path path, Path root) throws IOException {
        return prefix.isEmpty() ? path : copy(path, root.resolve("readable-" + path.getFileName()));
    }

    /// Gives the machine to the user, once all is written.
    void own(Path root) throws IOException {
        if (prefix.isEmpty()) return;
        run("chmod", "-R", "go+rX", root.toString());
        run("chown", "-R", NOBODY, root.toString());
    }

    /// The command line of rpkai, run by the user.
    List<String> rpkai(String... args) {
        var command = new ArrayList<>(prefix);
        command.addAll(Machine.command(args));
        command.set(command.indexOf("-cp") + 1, classPath);
        return command;
    }

    private static boolean isRoot() throws IOException {
        return Files.isDirectory(Path.of("/proc/self"))
                && (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    }

    private static Path copy(Path from, Path into) throws IOException {
        Files.createDirectories(into);
        var to = into.resolve(from.getFileName());
        run("cp", "-a", from.toString(), to.toString());
        return to;
    }

    private static void run(String... command) throws IOException {
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0)
                throw new IOException(String.join(" ", command));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
