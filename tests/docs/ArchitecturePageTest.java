package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// docs/architecture.md, and docs/start-up.md beside it, against the tree.
class ArchitecturePageTest {
    private static final Pattern PATH = Pattern.compile("`((?:lib|tests|docs|catalog)(?:/[\\w.-]+)*/?)`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(lib[\\w/]*)` \\| (.+) \\|$");
    private static final Pattern PICTURE = Pattern.compile("(?s)```\n(.*?)```");
    private static final Pattern TYPE = Pattern.compile("\\b[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*\\b");

    @Test
    void everyPathExists() throws IOException {
        for (var page : List.of("docs/architecture.md", "docs/start-up.md")) {
            var paths = PATH.matcher(text(page)).results().map(m -> m.group(1)).toList();
            assertTrue(paths.size() > 10, page + paths);
            assertEquals(List.of(), paths.stream().filter(path -> !exists(path)).toList(), page);
        }
        assertTrue(!exists("lib/gateway/NoSuchFile.java"));
    }

    @Test
    void everyPackageHasALine() throws IOException {
        var lines = ROW.matcher(text("docs/architecture.md"))
                .results()
                .map(m -> m.group(1))
                .toList();

        assertEquals(String.join("\n", packages()), String.join("\n", lines));
    }

    /// A sentence about a package is written once: in its `package-info.java`, which an IDE shows, and on the page.
    @Test
    void aPackageSaysTheSameOfItselfAsThePage() throws IOException {
        var page = ROW.matcher(text("docs/architecture.md"))
                .results()
                .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
        for (var folder : packages()) {
            // The page's sentence about lib.cli is shorter: there is a rule below it.
            if (folder.equals("lib/cli")) continue;
            var said = text(folder + "/package-info.java")
                    .lines()
                    .filter(line -> line.startsWith("///"))
                    .map(line -> line.substring(3).strip())
                    .collect(Collectors.joining(" "));
            assertEquals(plain(page.get(folder)), plain(said), folder);
        }
    }

    @Test
    void everyTypeInThePicturesExists() throws IOException {
        List<String> types;
        try (var files = Files.walk(Repository.root().resolve("lib"))) {
            types = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", ""))
                    .toList();
        }
        var drawn = PICTURE.matcher(text("docs/architecture.md"))
                .results()
                .flatMap(picture -> TYPE.matcher(picture.group(1)).results())
                .map(m -> m.group())
                .toList();
        assertTrue(drawn.size() > 40, drawn.toString());

        assertEquals(
                List.of(), drawn.stream().filter(name -> !types.contains(name)).toList());
    }

    private static String plain(String sentence) {
        return sentence.replaceAll("\\[([^\\]]+)\\]\\([^)]+\\)", "$1").replace("docs/start-up.md", "start-up");
    }

    private static List<String> packages() throws IOException {
        var root = Repository.root();
        try (var folders = Files.walk(root.resolve("lib"))) {
            return folders.filter(ArchitecturePageTest::hasSources)
                    .map(folder -> root.relativize(folder).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static boolean hasSources(Path folder) {
        var files = folder.toFile().list((_, name) -> name.endsWith(".java"));
        return files != null && files.length > 0;
    }

    private static boolean exists(String path) {
        return Files.exists(Repository.root().resolve(path));
    }

    private static String text(String path) throws IOException {
        return Files.readString(Repository.root().resolve(path));
    }
}
