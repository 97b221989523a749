package tests.style;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// Records are built by position: from a long list, or from two booleans side by side, a reader can't tell which value
/// is which.
class RecordsTest {
    private static final int MOST = 6;
    private static final Pattern HEADER = Pattern.compile("\\brecord (\\w+)(?:<[^(]*>)?\\s*\\(");

    /// The records that are longer or have two booleans side by side, each with its reason.
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            Map.entry("AccessLog.Entry", "the fields of one line of the access log, built in one place"),
            Map.entry("Attribution", "the labels of one row of the store, which alone builds one"),
            Map.entry("Batch.Series", "the labels of one row, copied in its own file alone"),
            Map.entry("CommandPage", "the parts of one help page, built in one place"),
            Map.entry("CommandPage.Item", "the properties of one flag in one help page"),
            Map.entry("DemoRequest", "what five API formats have in common"),
            Map.entry("Exchange", "one request on its way; parts of its own would cost the request path objects"),
            Map.entry("Host.Streams", "the three standard streams and what is known of them"),
            Map.entry("Operations", "independent settings, each changed by name"),
            Map.entry("Provider", "the fields of the management API's message, each changed by name"),
            Map.entry("UsageTable", "two choices of one command, built in one place"));

    @Test
    void recordsAreShortAndHaveNoTwoBooleansSideBySide() throws IOException {
        var found = new TreeMap<String, List<String>>();
        int records = 0;
        try (var files = Files.walk(Repository.root().resolve("lib"))) {
            for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                var source = Files.readString(file).replaceAll("//.*", "");
                var name = file.getFileName().toString().replace(".java", "");
                var header = HEADER.matcher(source);
                while (header.find()) {
                    records++;
                    var components = components(source, header.end());
                    var type = header.group(1).equals(name) ? name : name + "." + header.group(1);
                    if (components.size() > MOST || hasTwoBooleans(components)) found.put(type, components);
                }
            }
        }

        assertTrue(records > 100, records + " records were found");
        assertEquals(
                String.join("\n", new TreeMap<>(EXCEPTIONS).keySet()),
                String.join("\n", found.keySet()),
                () -> "group the components of the records that are no exception: " + found);
    }

    private static boolean hasTwoBooleans(List<String> components) {
        for (int i = 1; i < components.size(); i++)
            if (components.get(i).startsWith("boolean ")
                    && components.get(i - 1).startsWith("boolean ")) return true;
        return false;
    }

    /// The components of the record whose parenthesis opens right before `from`.
    private static List<String> components(String source, int from) {
        var components = new ArrayList<String>();
        var component = new StringBuilder();
        int depth = 0;
        for (int i = from; depth >= 0; i++) {
            char c = source.charAt(i);
            if (c == '(' || c == '<') depth++;
            if (c == ')' || c == '>') depth--;
            if (depth < 0 || depth == 0 && c == ',') {
                if (!component.toString().isBlank())
                    components.add(component.toString().strip());
                component.setLength(0);
            } else {
                component.append(c);
            }
        }
        return components;
    }
}
