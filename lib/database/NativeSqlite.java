package lib.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.base.PrivateFile;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite itself, unpacked once. Left alone its driver unpacks it at each start into the folder for temporary
/// files, where every killed process leaves a copy behind.
///
///     NativeSqlite.unpack(host.cache())
final class NativeSqlite {
    private static final String FOLDER = "org.sqlite.lib.path";

    private NativeSqlite() {}

    /// Has the driver load it from below `cache`. Where that can't be written to, the driver goes its own way.
    static void unpack(Path cache) {
        // Somebody knows better, or it is loaded already.
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
            // It works without.
        }
    }
}
