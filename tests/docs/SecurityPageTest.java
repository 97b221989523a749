package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// SECURITY.md names the test that holds each promise.
class SecurityPageTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
    private static final Pattern METHOD = Pattern.compile("(?m)^    (?:void|Stream<DynamicTest>) (\\w+)\\(");

    @Test
    void everyTestThatItNamesExists() throws IOException {
        assertEquals(List.of(), missing(page()));
    }

    @Test
    void everyPromiseNamesATest() throws IOException {
        var rows = page().lines().filter(line -> line.startsWith("| ")).skip(2).toList();
        assertTrue(rows.size() > 5, rows.toString());

        assertEquals(
                List.of(),
                rows.stream().filter(row -> !TEST.matcher(row).find()).toList());
    }

    @Test
    void aMissingTestIsFound() throws IOException {
        assertEquals(
                List.of("NoSuchTest", "SecurityPageTest.noSuchMethod"),
                missing("`NoSuchTest`, `SecurityPageTest.noSuchMethod`, `SecurityPageTest.everyPromiseNamesATest`"));
    }

    private static String page() throws IOException {
        return Files.readString(Repository.root().resolve("SECURITY.md"));
    }

    private static List<String> missing(String page) throws IOException {
        var methods = methods();
        var missing = new ArrayList<String>();
        TEST.matcher(page)
                .results()
                .filter(name -> !methods.containsKey(name.group(1))
                        || name.group(2) != null && !methods.get(name.group(1)).contains(name.group(2)))
                .forEach(name -> missing.add(name.group().replace("`", "")));
        return missing;
    }

    /// The methods of each class that JUnit may run: tests, parameterised ones and factories of tests.
    private static Map<String, List<String>> methods() throws IOException {
        var methods = new TreeMap<String, List<String>>();
        try (var files = Files.walk(Repository.root().resolve("tests"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                var source = Files.readString(file);
                methods.put(
                        file.getFileName().toString().replace(".java", ""),
                        METHOD.matcher(source)
                                .results()
                                .map(found -> found.group(1))
                                .toList());
            }
        }
        return methods;
    }
}
