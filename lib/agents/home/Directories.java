package lib.agents.home;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/// Deletes and inspects whole folders.
///
///     Directories.delete(home)
final class Directories {
    private static final int TRIES = 20;

    private Directories() {}

    /// Deletes a folder and its content. Links are deleted, never their targets. Files that a process writes
    /// while it is ending are deleted too.
    ///
    /// @throws IOException when something can't be deleted
    static void delete(Path folder) throws IOException {
        for (int i = 1; Files.exists(folder, LinkOption.NOFOLLOW_LINKS); i++) {
            try {
                Files.walkFileTree(folder, new Deletion());
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                if (i == TRIES) throw e;
            }
        }
    }

    /// The time of the last change in a folder; the epoch if the folder does not exist.
    static Instant lastChange(Path folder) throws IOException {
        var newest = new Instant[] {Instant.EPOCH};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                var changed = attributes.lastModifiedTime().toInstant();
                if (changed.isAfter(newest[0])) newest[0] = changed;
                return FileVisitResult.CONTINUE;
            }
        });
        return newest[0];
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            // A checkout or a package cache in the folder may be read-only.
            if (!Files.isWritable(folder)) folder.toFile().setWritable(true, true);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
            if (failed != null) throw failed;
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
