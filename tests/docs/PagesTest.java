package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.cli.Cli;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tests.support.Repository;

/// The pages in `docs/` and the README: their commands run, block by block; their links lead somewhere.
@Tag("processes")
class PagesTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\R(.*?)^```");
    private static final Pattern TABLE = Pattern.compile("(?m)\\| `(rpkai [^`]*)` \\|$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

    /// Lines that are not run here, by their beginning, with the reason. Those that call rpkai are checked
    /// against the arguments it accepts.
    private static final Map<String, String> NOT_RUN = new LinkedHashMap<>();

    static {
        NOT_RUN.put("./jbang tests/RunTests.java", "these are the tests");
        NOT_RUN.put("jbang catalog add", "example.org serves no catalogue; CatalogScriptsTest adds one that is served");
        NOT_RUN.put(
                "rpkai install", "it would install the tests; InstallTest and CatalogTest do it with the real thing");
        NOT_RUN.put("rpkai upgrade", "likewise");
        NOT_RUN.put("rpkai uninstall", "likewise");
    }

    /// Launches and servers take a process each: one of a kind will do.
    private static final Set<String> RUN = new HashSet<>();
    private static final Set<String> LEFT_OUT = new TreeSet<>();

    @TempDir
    Path temp;

    static Stream<List<String>> blocks() {
        return pages().stream()
                .map(PagesTest::text)
                .flatMap(text -> Stream.concat(
                        BLOCK.matcher(text)
                                .results()
                                .map(block -> block.group(1)
                                        .replaceAll("\\\\\\R\\s*", "")
                                        .lines()
                                        .map(PagesTest::command)
                                        .filter(line -> !line.isEmpty())
                                        .toList()),
                        TABLE.matcher(text).results().map(cell -> List.of(cell.group(1)))));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void theCommandsOfABlockRun(List<String> lines) throws Exception {
        try (var machine = new PageMachine(temp)) {
            for (var line : lines) {
                var why = NOT_RUN.keySet().stream().filter(line::startsWith).findFirst();
                if (why.isEmpty()) {
                    if (!line.matches("rpkai (run|gateway) .*") || RUN.add(line)) machine.run(line);
                    continue;
                }
                LEFT_OUT.add(line);
                if (!line.startsWith("rpkai ")) continue;
                var parsed = Cli.commands()
                        .commandLine()
                        .parseArgs(PageMachine.words(line).toArray(String[]::new));
                assertTrue(parsed.errors().isEmpty() && parsed.unmatched().isEmpty(), line);
            }
        }
    }

    @AfterAll
    static void reportTheExcludedCommands() {
        System.out.printf(
                "docs: %d commands are run elsewhere or nowhere: %s%n", LEFT_OUT.size(), String.join(", ", LEFT_OUT));
    }

    @Test
    void everyExcludedCommandIsStillInThePages() {
        var all = blocks().flatMap(List::stream).toList();

        assertEquals(
                List.of(),
                NOT_RUN.keySet().stream()
                        .filter(begin -> all.stream().noneMatch(line -> line.startsWith(begin)))
                        .toList());
    }

    @Test
    void aLinkLeadsToAFile() {
        var links = 0;
        for (var page : pages()) {
            for (var link : LINK.matcher(text(page)).results().toList()) {
                assertTrue(Files.exists(page.resolveSibling(link.group(1))), page + " links to " + link.group(1));
                links++;
            }
        }
        assertTrue(links >= 10, "the pages have many links; %d were found".formatted(links));
    }

    /// Without the parts that a shell does not pass on, and under the name of the installed command.
    private static String command(String line) {
        return line.replaceFirst("\\s+# .*", "")
                .replaceFirst("^source <\\((.*)\\)$", "$1")
                .replaceFirst("^(\\./jbang rpkai\\.java|jbang rpkai@\\S+) ", "rpkai ")
                .strip();
    }

    private static List<Path> pages() {
        try (var docs = Files.list(Repository.root().resolve("docs"))) {
            return Stream.concat(
                            docs.filter(file -> file.toString().endsWith(".md") && !file.endsWith("commands.md"))
                                    // Its commands need a database and a load balancer: ScalePageTest runs them.
                                    .filter(file -> !file.endsWith("scale.md"))
                                    .sorted(),
                            Stream.of(Repository.root().resolve("README.md")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
