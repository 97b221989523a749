package lib.base;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file that only its owner may read (0600, in a folder of mode 0700), replaced in one step or not at all.
///
///     PrivateFile.write(home.resolve(".rpai/config"), yaml.getBytes(UTF_8));
///
/// A reader sees the old bytes or the new ones, even when the writer is killed. Two writers take turns by
/// [#locked].
public final class PrivateFile {
    private static final Set<? extends OpenOption> CREATE_NEW =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private PrivateFile() {}

    /// Replaces the content of `file`. The bytes are on the disk when this returns.
    ///
    /// @throws IOException when it can't be written; the old file is then unchanged
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, out -> out.write(bytes));
    }

    /// The content of a file that is too large for memory.
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Replaces the content of `file` by what `content` writes. If that throws, the old file is unchanged.
    public static void write(Path file, Content content) throws IOException {
        // A config file that is a link into a folder of dotfiles stays a link.
        var target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        createFolder(target.getParent());
        // The name is fixed, so that the next writer overwrites what a killed one left: no secret stays behind.
        var next = target.resolveSibling("." + target.getFileName() + ".new");
        Files.deleteIfExists(next);
        try (var channel = FileChannel.open(next, CREATE_NEW, mode("rw-------", target))) {
            content.writeTo(Channels.newOutputStream(channel));
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(next);
            throw e;
        }
        Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(target.getParent());
    }

    /// Creates an empty file. An existing file is left unchanged.
    public static void createEmpty(Path file) throws IOException {
        try (var _ = FileChannel.open(file, CREATE_NEW, mode("rw-------", file))) {
            // The file is created by opening it.
        } catch (FileAlreadyExistsException e) {
            // An existing file is left unchanged.
        }
    }

    /// Creates `folder` and the missing folders above it, mode 0700. Existing folders are left unchanged.
    public static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        Files.createDirectories(folder, mode("rwx------", folder));
    }

    /// Whether users other than the owner may read or change `file`; false where the file system has no such
    /// rights.
    public static boolean isOpen(Path file) {
        return permissions(file).stream().anyMatch(OTHERS::contains);
    }

    /// Whether users other than the owner may change the file, or the content of the folder.
    public static boolean isOpenForWriting(Path file) {
        var permissions = permissions(file);
        return permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static Set<PosixFilePermission> permissions(Path file) {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (IOException | UnsupportedOperationException e) {
            return Set.of();
        }
    }

    /// Runs `work` while no other process and no other thread holds the same lock file.
    ///
    /// @param lock the lock's own file; created when missing, never deleted: deleting it would let two holders in
    /// @throws IOException when the lock can't be acquired, or when `work` throws it
    public static <T> T locked(Path lock, Work<T> work) throws IOException {
        createFolder(lock.toAbsolutePath().getParent());
        // Java's file locks belong to the process, and closing any channel of the file drops them: the threads of
        // one process take turns on a monitor.
        synchronized (PrivateFile.class) {
            try (var channel = openLock(lock);
                    var _ = channel.lock()) {
                return work.run();
            }
        }
    }

    private static FileChannel openLock(Path lock) throws IOException {
        try {
            return FileChannel.open(lock, CREATE_NEW, mode("rw-------", lock));
        } catch (FileAlreadyExistsException e) {
            return FileChannel.open(lock, StandardOpenOption.WRITE);
        }
    }

    /// The work of [#locked].
    public interface Work<T> {
        T run() throws IOException;
    }

    private static FileAttribute<?>[] mode(String permissions, Path on) {
        var posix = on.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /// Makes the names in a folder durable, after a file was created or renamed.
    public static void syncFolder(Path folder) {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows can't open a folder, and needs no such step: the rename itself is durable there.
        }
    }
}
