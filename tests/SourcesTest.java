package tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// Checks the tree against the house rules for source files.
class SourcesTest {
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
        var listed = Pattern.compile("(?m)^//SOURCES (\\S+)$")
                .matcher(Files.readString(lib.resolve("Rpkai.java")))
                .results()
                .map(m -> m.group(1))
                .toList();

        assertEquals(
                String.join("\n", tree),
                String.join("\n", listed),
                "the //SOURCES of lib/Rpkai.java and the files below lib/");
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
