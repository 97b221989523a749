package lib.base;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// What users other than the owner may do with rpkai's files: where they may do too much, their rights are taken
/// away, and that is said. A file that can't be changed, on a read-only mount or another user's, is used with a
/// warning.
///
///     FileRights.keepSecret(settings.credentialsFile(), host);
public final class FileRights {
    private FileRights() {}

    /// For a file that holds secrets, or what is private: no one else may so much as read it.
    public static void keepSecret(Path file, Host host) {
        if (PrivateFile.isOpen(file)) close(file, host);
    }

    /// For a file or a folder that others may read, and not change.
    public static void keepOwn(Path file, Host host) {
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
                host.warn("%s is open to other users (mode %s), and its mode can't be changed (%s)"
                        .formatted(file, before, reason(e)));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // It has gone, or this system knows no modes.
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
