package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import docs.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// The command reference and the man pages.
class ReferenceTest {
    @Test
    void theReferencePagesMatchTheCommands() throws IOException {
        var docs = Repository.root().resolve("docs");
        var there = new TreeMap<String, String>();
        there.put("commands.md", Files.readString(docs.resolve("commands.md")));
        try (var pages = Files.list(docs.resolve("man"))) {
            for (var page : pages.toList()) there.put("man/" + page.getFileName(), Files.readString(page));
        }
        var files = Reference.files();

        assertEquals(files.keySet(), there.keySet(), "run ./jbang docs/Reference.java");
        assertEquals(
                "",
                files.keySet().stream()
                        .filter(file -> !files.get(file).equals(there.get(file)))
                        .collect(Collectors.joining(", ")),
                "run ./jbang docs/Reference.java");
    }
}
