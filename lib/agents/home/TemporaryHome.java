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

/// A home for one session of an agent, with mode 0700, deleted after the session.
///
///     try (var home = TemporaryHome.create(Codex.BINARY, host)) { launch(home.path()); }
///
/// The home is deleted when it is closed, or when this process is told to end before. The next launch deletes
/// the home of a killed process. It recognises such a home by the lock file beside it: its owner holds the
/// lock, and the kernel releases it when the process ends. If only the parent was killed and the agent still
/// uses the home, the home stays until the agent ends.
public final class TemporaryHome implements AutoCloseable {
    private final Path path;
    private final FileChannel lock;
    private final Thread atExit = new Thread(this::delete);

    private TemporaryHome(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Creates a home, and deletes stale ones.
    ///
    /// @throws UserError when the folder for it can't be written
    public static TemporaryHome create(AgentBinary agent, Host host) {
        var folder = folder(agent, host);
        try {
            PrivateFile.createFolder(folder);
            // Agents compare paths as text, so they get the real path.
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
            // The shutdown hook is already running, and finds nothing left to do.
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
            // The lock file is deleted last: a home without one would never be recognised and would stay for
            // ever.
            Files.deleteIfExists(StaleHomes.lockOf(path));
            lock.close();
        } catch (IOException e) {
            // The lock ends with the process, and the next launch tries again.
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

    /// Returns whether the folder belongs to this user. With `su` and `sudo` the variable may name another
    /// user's folder, and that user could replace the config.
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
