package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// docs/architecture.md, and docs/start-up.md beside it, against the tree.
class ArchitecturePageTest {
    private static final String PAGE = "docs/architecture.md";
    private static final Pattern PATH = Pattern.compile("`((?:lib|tests|docs|catalog)(?:/[\\w.-]+)*/?)`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(lib[\\w/]*)` \\| (.+) \\|$");
    private static final Pattern PICTURE = Pattern.compile("(?s)```\n(.*?)```");
    private static final Pattern TYPE = Pattern.compile("\\b[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*\\b");
    private static final Pattern CALL = Pattern.compile("\\b([A-Z]\\w+)\\.([a-z]\\w*)");
    private static final Pattern PLACED = Pattern.compile("[^A-Za-z]*(?:or )?([A-Z]\\w+)\\b.* (lib[\\w/]*)");
    private static final Pattern HEADING = Pattern.compile("(?m)^### (.+)$");
    private static final Pattern ANCHOR = Pattern.compile("]\\(#([a-z-]+)\\)");

    @Test
    void everyPathExists() throws IOException {
        for (var page : List.of(PAGE, "docs/start-up.md")) {
            var paths = PATH.matcher(text(page)).results().map(m -> m.group(1)).toList();
            assertTrue(paths.size() > 10, page + paths);
            assertEquals(List.of(), paths.stream().filter(path -> !exists(path)).toList(), page);
        }
        assertTrue(!exists("lib/gateway/NoSuchFile.java"));
    }

    @Test
    void everyPackageHasALine() throws IOException {
        var lines =
                ROW.matcher(text(PAGE)).results().map(m -> m.group(1)).sorted().toList();

        assertEquals(String.join("\n", packages()), String.join("\n", lines));
    }

    /// A sentence about a package is written once: in its `package-info.java`, which an IDE shows, and on the page.
    @Test
    void aPackageSaysTheSameOfItselfAsThePage() throws IOException {
        var page = ROW.matcher(text(PAGE)).results().collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
        for (var folder : packages()) {
            // Only the first paragraph: a rule about the package may follow.
            var said = text(folder + "/package-info.java")
                    .lines()
                    .takeWhile(line -> line.startsWith("/// "))
                    .map(line -> line.substring(3).strip())
                    .collect(Collectors.joining(" "));
            assertEquals(plain(page.get(folder)), plain(said), folder);
        }
    }

    @Test
    void everyTypeAndMethodInTheWalksExists() throws IOException {
        var sources = sources();
        var drawn = walks().flatMap(walk -> TYPE.matcher(walk).results())
                .map(m -> m.group())
                .toList();
        assertTrue(drawn.size() > 40, drawn.toString());
        assertEquals(
                List.of(),
                drawn.stream().filter(name -> !sources.containsKey(name)).toList());

        var calls = walks().flatMap(walk -> CALL.matcher(walk).results()).toList();
        assertTrue(calls.size() > 40, () -> calls.size() + " calls");
        for (var call : calls) {
            var method = Pattern.compile("\\b" + call.group(2) + "\\(");
            assertTrue(
                    method.matcher(Files.readString(sources.get(call.group(1)))).find(), call::group);
        }
    }

    /// Each line of a walk ends with the package of its first type.
    @Test
    void everyTypeInTheWalksIsInThePackageBesideIt() throws IOException {
        var sources = sources();
        var lines = walks().flatMap(String::lines)
                .map(PLACED::matcher)
                .filter(Matcher::matches)
                .toList();
        assertTrue(lines.size() > 40, () -> lines.size() + " lines");
        for (var line : lines) {
            var folder = Repository.root().relativize(sources.get(line.group(1)).getParent());
            assertEquals(line.group(2), folder.toString().replace('\\', '/'), line.group(1));
        }
    }

    @Test
    void everyRecipeIsInTheIndexInItsOrder() throws IOException {
        var page = text(PAGE);
        var recipes = page.substring(page.indexOf("## What to edit"));
        var headings = HEADING.matcher(recipes).results().map(m -> m.group(1)).toList();
        var index = ANCHOR.matcher(recipes.substring(0, recipes.indexOf("\n### ")))
                .results()
                .map(m -> m.group(1))
                .toList();

        assertTrue(headings.size() > 10, headings.toString());
        assertEquals(
                headings.stream()
                        .map(heading -> heading.toLowerCase(Locale.ROOT).replace(' ', '-'))
                        .toList(),
                index);
        assertEquals(
                headings.stream()
                        .sorted(Comparator.comparing(
                                heading -> heading.replaceFirst("^An? ", "").toLowerCase(Locale.ROOT)))
                        .toList(),
                headings);
    }

    /// The pictures of the two walks.
    private static Stream<String> walks() throws IOException {
        return PICTURE.matcher(text(PAGE).replaceFirst("(?s).*?(?=\n## The way of a launch)", ""))
                .results()
                .map(m -> m.group(1));
    }

    /// The files of `lib` by the names of their types.
    private static Map<String, Path> sources() throws IOException {
        try (var files = Files.walk(Repository.root().resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""), file -> file));
        }
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
