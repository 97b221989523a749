package lib.base;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The rights of other users on rpkai's files. Rights that go too far are removed, which is printed. A file whose
/// mode can't be changed, on a read-only mount or of another owner, is used with a warning.
///
///     FileRights.keepSecret(settings.credentialsFile(), host);
public final class FileRights {
    private FileRights() {}

    /// Makes sure that only the owner can read a file with secrets or private data.
    public static void keepSecret(Path file, Host host) {
        if (PrivateFile.isOpen(file)) close(file, host);
    }

    /// Makes sure that only the owner can change a file or a folder. Others may read it.
    public static void keepWriteProtected(Path file, Host host) {
        if (PrivateFile.isOpenForWriting(file)) close(file, host);
    }

    private static void close(Path file, Host host) {
        var wanted = Files.isDirectory(file) ? "rwx------" : "rw-------";
        try {
            var before = octal(file);
            try {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(wanted));
                host.err()
                        .println("rpkai: %s was open to other users (mode %s) and is now %s"
                                .formatted(file, before, octal(file)));
            } catch (IOException e) {
                host.warn("%s is open to other users (mode %s), and its mode cannot be changed (%s)"
                        .formatted(file, before, reason(e)));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // The file was deleted meanwhile, or the file system has no modes.
        }
    }

    @SuppressWarnings("EnumOrdinal") // they are in the order of the bits
    private static String octal(Path file) throws IOException {
        int mode = 0;
        for (var permission : Files.getPosixFilePermissions(file)) mode |= 1 << 8 - permission.ordinal();
        return "%04o".formatted(mode);
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException told && told.getReason() != null
                ? told.getReason()
                : e.getClass().getSimpleName();
    }
}
