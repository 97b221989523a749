package tests.startup;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// What a first run through JBang fetches and compiles. How long that takes depends on the machine and on the
/// network; `tests/bench/Startup.java --first-run` measures it. A higher limit here makes every first run slower: say
/// in the commit what it is for.
class FirstRunTest {
    private static final int MOST_SOURCES = 380;
    private static final int MOST_JARS = 78;
    private static final double MOST_MEGABYTES = 20;

    /// The jars of the class path that only tests need.
    private static final Pattern OF_TESTS =
            Pattern.compile("(junit|opentest4j|apiguardian|archunit)-.*|sqlite-jdbc-.*-natives-.*");

    @Test
    void itCompilesNoMoreFilesThanTheBudgetAllows() throws IOException {
        long sources = Files.readAllLines(Repository.root().resolve("lib/Rpkai.java")).stream()
                .filter(line -> line.startsWith("//SOURCES "))
                .count();

        assertTrue(sources > 300, "not the list of sources");
        assertTrue(sources <= MOST_SOURCES, "%d source files, more than %d".formatted(sources, MOST_SOURCES));
    }

    @Test
    void itFetchesNoMoreJarsThanTheBudgetAllows() {
        var jars = jars();
        double megabytes = jars.stream().mapToLong(jar -> jar.toFile().length()).sum() / 1e6;

        assertTrue(jars.size() > 5, "not the class path: " + jars);
        assertTrue(jars.size() <= MOST_JARS, "%d jars, more than %d: %s".formatted(jars.size(), MOST_JARS, jars));
        assertTrue(
                megabytes <= MOST_MEGABYTES,
                "%.1f MB of jars, more than %.0f: %s".formatted(megabytes, MOST_MEGABYTES, jars));
    }

    /// The libraries of rpkai: the jars of a Maven repository, without those of the tests.
    private static List<Path> jars() {
        var entries = System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator));
        return Arrays.stream(entries)
                .map(Path::of)
                .filter(FirstRunTest::isLibrary)
                .filter(jar -> !OF_TESTS.matcher(jar.getFileName().toString()).matches())
                .toList();
    }

    /// In a Maven repository, a jar is named after the two folders that it is in.
    private static boolean isLibrary(Path jar) {
        return jar.getNameCount() > 3
                && jar.getFileName()
                        .toString()
                        .startsWith(jar.getParent().getParent().getFileName() + "-"
                                + jar.getParent().getFileName());
    }
}
