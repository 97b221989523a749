package lib.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.base.PrivateFile;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// The native library of SQLite, unpacked once. By itself, its driver unpacks it at each start into the folder
/// for temporary files, and every killed process leaves a copy there.
///
///     NativeSqlite.unpack(host.cache())
final class NativeSqlite {
    private static final String FOLDER = "org.sqlite.lib.path";

    private NativeSqlite() {}

    /// Makes the driver load it from a folder in `cache`. If that cannot be written, the driver unpacks it as
    /// usual.
    static void unpack(Path cache) {
        // The folder is set by the user, or the library is loaded already.
        if (System.getProperty(FOLDER) != null) return;
        var name = LibraryLoaderUtil.getNativeLibName();
        var folder = cache.resolve("sqlite-" + SQLiteJDBCLoader.getVersion());
        try (var packed =
                SQLiteJDBCLoader.class.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name)) {
            if (packed == null) return;
            var library = folder.resolve(name);
            if (!Files.exists(library))
                PrivateFile.locked(folder.resolve("lock"), () -> {
                    if (!Files.exists(library)) PrivateFile.write(library, packed.readAllBytes());
                    return null;
                });
            System.setProperty(FOLDER, folder.toString());
        } catch (IOException e) {
            // The driver unpacks it into the folder for temporary files.
        }
    }
}
