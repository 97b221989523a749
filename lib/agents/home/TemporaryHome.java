package lib.agents.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import lib.agents.AgentBinary;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.UserError;

/// A home for one session of an agent, 0700, gone when the session is over.
///
///     try (var home = TemporaryHome.create(Codex.BINARY, host)) { launch(home.path()); }
///
/// It is deleted when it is closed, and when this process is told to end before. What a killed process left
/// behind is deleted by the next launch: beside every home is a file that its owner holds locked, and the kernel
/// drops that lock with the process. A home that the agent itself is still using, as its parent alone was killed,
/// stays until it is not.
public final class TemporaryHome implements AutoCloseable {
    private final Path path;
    private final FileChannel lock;
    private final Thread atExit = new Thread(this::delete);

    private TemporaryHome(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Makes one, and deletes those that were left behind.
    ///
    /// @throws UserError when the folder for it can't be written
    public static TemporaryHome create(AgentBinary agent, Host host) {
        var folder = folder(agent, host);
        try {
            PrivateFile.createFolder(folder);
            // Agents compare paths as they are written: they are told the real one.
            var real = folder.toRealPath();
            return PrivateFile.locked(real.resolve("lock"), () -> {
                StaleHomes.sweep(real, host.clock().instant());
                return in(real);
            });
        } catch (IOException e) {
            throw new UserError(
                    "the home of %s cannot be created in %s (%s)".formatted(agent.title(), folder, e.getMessage()),
                    "check the folder's owner and the space on its disk");
        }
    }

    /// Its path, absolute and without links.
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyEnding) {
            // The hook runs, and finds nothing left to do.
        }
    }

    private static TemporaryHome in(Path folder) throws IOException {
        var random = new byte[8];
        new SecureRandom().nextBytes(random);
        var path = folder.resolve(StaleHomes.PREFIX + ProcessHandle.current().pid() + "-"
                + HexFormat.of().formatHex(random));
        var lock = FileChannel.open(StaleHomes.lockOf(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(path);
        }
        var home = new TemporaryHome(path, lock);
        Runtime.getRuntime().addShutdownHook(home.atExit);
        return home;
    }

    private synchronized void delete() {
        try {
            Directories.delete(path);
            // Only now: a home without its file would belong to nobody, and stay for ever.
            Files.deleteIfExists(StaleHomes.lockOf(path));
            lock.close();
        } catch (IOException e) {
            // The lock goes with the process, and the next launch tries again.
        }
    }

    /// The folder in which the homes of an agent are made. It is not below the temporary folder, where Codex
    /// refuses to put its helper programs.
    public static Path folder(AgentBinary agent, Host host) {
        return host.variable("XDG_RUNTIME_DIR")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .filter(dir -> !isTemporary(dir, host))
                .filter(TemporaryHome::isOurs)
                .map(dir -> dir.resolve("rpkai"))
                .orElse(host.cache().resolve(agent.name()));
    }

    private static boolean isTemporary(Path dir, Host host) {
        return dir.startsWith("/tmp")
                || host.variable("TMPDIR").filter(tmp -> dir.startsWith(tmp)).isPresent();
    }

    /// With `su` and `sudo` the variable may name somebody else's, who could then swap the config for another.
    private static boolean isOurs(Path dir) {
        try {
            return Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)
                    && Optional.of(Files.getOwner(dir).getName())
                            .equals(ProcessHandle.current().info().user());
        } catch (IOException e) {
            return false;
        }
    }
}
