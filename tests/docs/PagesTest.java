package tests.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.cli.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tests.support.Repository;

/// The pages in `docs/` and the README: their commands are ones that rpkai takes, their links lead somewhere. Commands run in
/// the tests of what they do.
class PagesTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\R(.*?)^```");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

    static Stream<String> commands() {
        return pages().stream().flatMap(page -> BLOCK.matcher(text(page)).results().flatMap(block -> block.group(1).replaceAll("\\\\\\R\\s*", "").lines()))
                .map(line -> line.replaceFirst("^(\\./jbang rpkai\\.java|jbang rpkai@\\S+) ", "rpkai ").replaceFirst("\\s+[#|>] ?.*", "").strip())
                .filter(line -> line.startsWith("rpkai ")).distinct();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandOfAPageIsOneThatIsTaken(String line) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(line);
        while (matcher.find()) words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));

        var parsed = Cli.commands().commandLine().parseArgs(words.subList(1, words.size()).toArray(String[]::new));

        assertTrue(parsed.errors().isEmpty() && parsed.unmatched().isEmpty(), line);
    }

    @Test
    void aLinkLeadsToAFile() {
        for (var page : pages()) {
            for (var link : LINK.matcher(text(page)).results().toList()) {
                assertTrue(Files.exists(page.resolveSibling(link.group(1))), page + " links to " + link.group(1));
            }
        }
    }

    private static List<Path> pages() {
        try (var docs = Files.list(Repository.root().resolve("docs"))) {
            return Stream.concat(docs.filter(file -> file.toString().endsWith(".md")).sorted(), Stream.of(Repository.root().resolve("README.md"))).toList();
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
