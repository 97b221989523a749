package tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// Checks the tree against the house rules for source files.
class SourcesTest {
    private static final Pattern COMPILED = Pattern.compile("(?m)^//SOURCES (\\S+)$");
    private static final Pattern CARRIED = Pattern.compile("(?m)^//FILES lib/(\\S+\\.java)=\\1$");

    /// A `package-info.java` has nothing to compile, and each listed file is one more request to a catalogue.
    @Test
    void libRpkaiListsEverySourceFileWithCodeOnceAndInOrder() throws IOException {
        var lib = Repository.root().resolve("lib");
        List<String> tree;
        try (var files = Files.walk(lib)) {
            tree = files.filter(f -> f.toString().endsWith(".java"))
                    .map(f -> lib.relativize(f).toString().replace('\\', '/'))
                    .filter(f -> !f.equals("Rpkai.java") && !f.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
        var compiled = listed(COMPILED);
        var carried = listed(CARRIED);
        assertEquals(compiled.stream().sorted().toList(), compiled, "the //SOURCES of lib/Rpkai.java");
        assertEquals(carried.stream().sorted().toList(), carried, "the //FILES of lib/Rpkai.java");

        assertEquals(
                String.join("\n", tree),
                Stream.concat(compiled.stream(), carried.stream()).sorted().collect(Collectors.joining("\n")),
                "the //SOURCES and //FILES of lib/Rpkai.java, and the files below lib/");
    }

    /// The two parts have class loaders of their own, so that what is package-private in one is not visible in the
    /// other.
    @Test
    void aPackageBelongsToTheLauncherOrToTheGateway() throws IOException {
        var launcher = folders(listed(COMPILED));
        launcher.retainAll(folders(listed(CARRIED)));
        assertEquals(Set.of(), launcher, "folders with files in //SOURCES and in //FILES of lib/Rpkai.java");
    }

    private static Set<String> folders(List<String> files) {
        return files.stream()
                .map(file -> file.substring(0, file.lastIndexOf('/')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> listed(Pattern line) throws IOException {
        return line.matcher(Files.readString(Repository.root().resolve("lib/Rpkai.java")))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    @Test
    void everyPackageIsItsPath() throws IOException {
        var root = Repository.root();
        try (var files = Files.walk(root.resolve("lib"))) {
            for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                var path = root.relativize(file.getParent())
                        .toString()
                        .replace('/', '.')
                        .replace('\\', '.');
                assertEquals(
                        "package " + path + ";",
                        Files.readAllLines(file).stream()
                                .filter(line -> line.startsWith("package "))
                                .findFirst()
                                .orElse(""),
                        file.toString());
            }
        }
    }

    @Test
    void onlyLibRpkaiListsDependencies() throws IOException {
        var root = Repository.root();
        try (var files = Files.walk(root.resolve("lib"))) {
            var others = files.filter(f -> f.toString().endsWith(".java") && !f.endsWith("Rpkai.java"))
                    .filter(f -> read(f).contains("\n//DEPS "))
                    .toList();
            assertEquals(List.of(), others);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
