package lib.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import lib.base.PrivateFile;

/// A copy of a SQLite file as it was before its tables were changed, for its owner only (0600), beside it. It
/// stays until the tables are changed again.
///
///     SqliteBackup.copy(folder.resolve("usage.db"), 3);   // usage.db.before-3
///
/// The copy is one of what is committed: the connection that is about to change the tables may hold the file's
/// write lock while it is made, so that nothing is written in between.
///
/// @see <a href="https://sqlite.org/lang_vacuum.html#vacuuminto">VACUUM INTO</a>
final class SqliteBackup {
    private SqliteBackup() {}

    /// Makes the copy, on the disk when this returns.
    ///
    /// @param version the version of the tables that the file is about to get
    /// @return where the copy is
    /// @throws SQLException if it can't be made
    static Path copy(Path file, int version) throws SQLException {
        var copy = of(file, version);
        var unfinished = copy.resolveSibling("." + copy.getFileName() + ".new");
        try {
            Files.deleteIfExists(unfinished);
            // Before SQLite does, which would make it readable for others.
            PrivateFile.createEmpty(unfinished);
            try (var sql = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
                    var vacuum = sql.prepareStatement("VACUUM INTO ?")) {
                vacuum.setString(1, unfinished.toString());
                vacuum.execute();
            }
            try (var written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new SQLException(
                    "%s cannot be copied before its tables change (%s)".formatted(file, e.getMessage()), e);
        }
    }

    /// Where the copy is.
    static Path of(Path file, int version) {
        return file.toAbsolutePath().resolveSibling(file.getFileName() + ".before-" + version);
    }

    /// Deletes the copies that earlier changes left. One that can't be deleted stays.
    static void deleteOlder(Path file, int version) {
        for (int older = 1; older < version; older++) {
            try {
                Files.deleteIfExists(of(file, older));
            } catch (IOException e) {
                // It takes room, and does no harm.
            }
        }
    }
}
