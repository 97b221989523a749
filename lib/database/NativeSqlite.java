package lib.database;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.UserError;
import lib.http.CentralFile;
import lib.startup.InstalledLibrary;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// The native library of SQLite. The driver's jar with the libraries of all systems is by far the largest of rpkai's
/// dependencies, so the library of this system is fetched when a database is first used, into the cache folder. An
/// installation has it beside the program.
///
///     NativeSqlite.provide(host)
public final class NativeSqlite implements InstalledLibrary {
    private static final String FOLDER = "org.sqlite.lib.path";

    /// The version of the driver in lib/Rpkai.java, which is also that of the library.
    private static final String VERSION = "3.53.4.0";

    private static final CentralFile LINUX =
            jar("linux", "53c3dad9142592084215b0dfa05ed4dc7f5df802bf07d25105528a7472622dc2");

    /// The jars with native libraries, by the system in the path of a library, and their checksums.
    private static final Map<String, CentralFile> JARS = Map.of(
            "Linux", LINUX,
            "Linux-Musl", LINUX,
            "Linux-Android", jar("android", "4125c0c02ef226896dae098f7b38ee66b7b376df243dd340ff09e2d5a3e3ee1b"),
            "Mac", jar("mac", "628f9e96924d35b1327e29056b71080c57fb07cb82e61f58043c15b4307b9573"),
            "Windows", jar("windows", "8615fbb7e4b6b46a958b1faf05c426bccc7a0659f98710f321acc19dcd629cab"),
            "FreeBSD", jar("freebsd", "c397aa85c966ece846ad9b683e5aac79074fe718f49c4fd560ce070283a8d40e"));

    private static CentralFile jar(String system, String sha256) {
        return new CentralFile(
                "org/xerial/sqlite-jdbc/%s/sqlite-jdbc-%s-natives-%s.jar".formatted(VERSION, VERSION, system), sha256);
    }

    /// Makes the driver load the library from its folder.
    ///
    /// @throws UserError if it can't be fetched, or has nowhere to be kept
    static void provide(Host host) {
        // The folder is set by the user, or the library is loaded already.
        if (System.getProperty(FOLDER) == null)
            System.setProperty(FOLDER, folder(host).toString());
    }

    @Override
    public void copyTo(Path folder, Host host) throws IOException {
        var library = folder.resolve(name());
        if (!Files.exists(library)) Files.copy(folder(host).resolve(name()), library);
    }

    /// The folder with the library, which is fetched if it is nowhere on this machine.
    private static Path folder(Host host) {
        var program = Path.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), 2)[0])
                .toAbsolutePath()
                .getParent();
        if (program != null && Files.exists(program.resolve(name()))) return program;
        var folder = host.cache().resolve("sqlite-" + VERSION);
        var library = folder.resolve(name());
        try {
            if (!Files.exists(library))
                PrivateFile.locked(folder.resolve("lock"), () -> {
                    if (!Files.exists(library)) PrivateFile.write(library, bytes(host));
                    return null;
                });
            return folder;
        } catch (IOException e) {
            throw new UserError(
                    "cannot keep SQLite's native library in %s (%s: %s)"
                            .formatted(folder, e.getClass().getSimpleName(), e.getMessage()),
                    "check the owner and mode of the folder, and the space on the disk",
                    e);
        }
    }

    private static String name() {
        return LibraryLoaderUtil.getNativeLibName();
    }

    private static byte[] bytes(Host host) throws IOException {
        var path = LibraryLoaderUtil.getNativeLibResourcePath().substring(1) + "/" + name();
        // In a class path that has the libraries of all systems.
        try (var packed = SQLiteJDBCLoader.class.getResourceAsStream("/" + path)) {
            if (packed != null) return packed.readAllBytes();
        }
        // org/sqlite/native/Linux/x86_64/libsqlitejdbc.so
        var jar = Optional.ofNullable(JARS.get(path.split("/")[3])).orElseThrow(() -> unsupported(path));
        try (var zip = new ZipInputStream(new ByteArrayInputStream(jar.read("SQLite's native library", host)))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry())
                if (entry.getName().equals(path)) return zip.readAllBytes();
        }
        throw unsupported(path);
    }

    private static UserError unsupported(String path) {
        return new UserError(
                "there is no SQLite for this system (%s)".formatted(path),
                "keep the state and usage in PostgreSQL: rpkai gateway --help shows how");
    }
}
