package tests.startup;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import lib.Rpkai;
import tests.support.Repository;

/// rpkai as JBang builds it: the classes of the `//SOURCES` of `lib/Rpkai.java`, and its `//FILES`.
///
///     var classPath = LauncherJar.make(temp.resolve("rpkai.jar")) + File.pathSeparator + LauncherJar.libraries();
final class LauncherJar {
    private static final Pattern COMPILED = Pattern.compile("//SOURCES (?:(.*)/)?[^/]+\\.java");
    private static final Pattern FILE = Pattern.compile("//FILES (\\S+)=(\\S+)");

    private LauncherJar() {}

    static Path make(Path jar) throws IOException, URISyntaxException {
        var lib = Repository.root().resolve("lib");
        var lines = Files.readAllLines(lib.resolve("Rpkai.java"));
        try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (var line : lines) {
                var file = FILE.matcher(line);
                if (file.matches())
                    put(
                            out,
                            file.group(1),
                            Files.readAllBytes(lib.resolve(file.group(2)).normalize()));
            }
            var place = Path.of(Rpkai.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(place)) putClasses(out, lines, place);
            else
                try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
                    putClasses(out, lines, zip.getPath("/"));
                }
        }
        return jar;
    }

    private static void putClasses(ZipOutputStream out, List<String> lines, Path root) throws IOException {
        var packages = Stream.concat(
                        Stream.of("lib"),
                        lines.stream()
                                .map(COMPILED::matcher)
                                .filter(line -> line.matches() && line.group(1) != null)
                                .map(line -> "lib/" + line.group(1)))
                .distinct()
                .toList();
        for (var folder : packages) {
            try (var files = Files.list(root.resolve(folder))) {
                for (var file :
                        files.filter(each -> each.toString().endsWith(".class")).toList())
                    put(out, folder + "/" + file.getFileName(), Files.readAllBytes(file));
            }
        }
    }

    private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(bytes);
    }

    /// The class path of the libraries, without SQLite's native ones.
    static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .filter(entry -> entry.endsWith(".jar"))
                .filter(entry -> !entry.contains("RunTests") && !entry.contains("-natives-"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
