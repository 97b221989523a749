package lib.startup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A config file in the plain form that rpkai itself writes, read without a YAML parser, which takes longer to
/// load than the rest of a short command. This class reads the unambiguous part of YAML and returns empty for
/// everything else. [lib.config.ConfigFile] then reads the file, or reports what is wrong with it.
///
///     FastConfig.read(path).flatMap(config -> config.profile(Optional.of("prod")))
public final class FastConfig {
    /// The maximum line length: more than people write, and far below the limit of a YAML parser.
    private static final int LONGEST_LINE = 500;
    private static final int LONGEST_FILE = 1 << 16;
    private static final int DEEPEST = 8;

    /// The texts by their path, `profiles/prod/organization`; null for a key that holds other keys, or nothing.
    private final Map<String, String> values;

    private FastConfig(Map<String, String> values) {
        this.values = values;
    }

    /// The values that select a cached token.
    ///
    /// @param organization the organisation; empty for that of the latest sign-in
    /// @param authMode the mode as it is written; empty if the file has none
    /// @param issuer the required issuer; empty if the file has none
    public record Choice(Optional<String> organization, Optional<String> authMode, Optional<String> issuer) {}

    /// Reads `path`; empty when it is missing, unreadable or not plain.
    public static Optional<FastConfig> read(Path path) {
        try {
            return parse(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The profile with that name, else the current one; empty if this class can't tell.
    public Optional<Choice> profile(Optional<String> asked) {
        var issuer = word("cloud/issuer");
        if (issuer == null) return Optional.empty();
        if (asked.isEmpty() && !values.containsKey("current"))
            return Optional.of(new Choice(Optional.empty(), Optional.empty(), issuer));
        var name = asked.isPresent() ? asked.get() : values.get("current");
        var at = "profiles/" + name;
        if (name == null || name.contains("/") || !values.containsKey(at) || values.get(at) != null)
            return Optional.empty();
        var organization = word(at + "/organization");
        var authMode = word(at + "/auth_mode");
        var own = word(at + "/issuer");
        return organization == null || authMode == null || own == null
                ? Optional.empty()
                : Optional.of(new Choice(organization, authMode, own.isPresent() ? own : issuer));
    }

    /// The whole file, as the parser would return it; empty if only the parser can tell.
    public Optional<ObjectNode> tree() {
        var tree = JsonNodeFactory.instance.objectNode();
        var open = new HashMap<String, ObjectNode>(Map.of("", tree));
        for (var entry : values.entrySet()) {
            int slash = entry.getKey().lastIndexOf('/');
            var parent = open.get(slash < 0 ? "" : entry.getKey().substring(0, slash));
            var name = entry.getKey().substring(slash + 1);
            var text = entry.getValue();
            if (text == null && holdsKeys(values, entry.getKey())) open.put(entry.getKey(), parent.putObject(name));
            // To the parser, nothing after the colon is an empty text.
            else if (text == null) parent.put(name, "");
            else if (text.isBlank()) return Optional.empty();
            else parent.put(name, text);
        }
        return Optional.of(tree);
    }

    /// Returns null if the value is not a single word.
    private Optional<String> word(String path) {
        if (!values.containsKey(path)) return Optional.empty();
        var text = values.get(path);
        return text == null || text.isBlank() ? null : Optional.of(text);
    }

    static Optional<FastConfig> parse(String text) {
        if (text.length() > LONGEST_FILE) return Optional.empty();
        var values = new LinkedHashMap<String, String>();
        var open = new ArrayDeque<Level>();
        open.push(new Level(0, ""));
        var parent = "";
        for (var line : text.split("\n", -1)) {
            if (!isAscii(line)) return Optional.empty();
            var begin = line.stripLeading();
            if (begin.isEmpty() || begin.startsWith("#")) continue;
            var entry = FastYaml.line(line);
            if (entry == null) return Optional.empty();
            int indent = entry.indent();
            if (indent > open.peek().indent && parent != null && !parent.isEmpty())
                open.push(new Level(indent, parent));
            while (indent < open.peek().indent) open.pop();
            if (indent != open.peek().indent || open.size() > DEEPEST) return Optional.empty();
            var path = open.peek().prefix + entry.key();
            var value = entry.value().startsWith("#") ? "" : withoutComment(entry.value());
            var environment = FastYaml.environment(value);
            parent = value.isEmpty() ? path + "/" : null;
            if (!value.isEmpty() && environment == null && !FastYaml.isPlain(value) && !FastYaml.isQuoted(value))
                return Optional.empty();
            // A key that is given twice is an error, which the parser reports.
            if (values.containsKey(path)) return Optional.empty();
            values.put(path, value.isEmpty() || environment != null ? null : unquoted(value));
            if (environment != null) {
                values.put(path + "/id", unquoted(environment[0]));
                values.put(path + "/name", unquoted(environment[1]));
            }
        }
        return holdsKeys(values, "profiles") && holdsKeys(values, "cloud")
                ? Optional.of(new FastConfig(values))
                : Optional.empty();
    }

    /// Returns whether the key is absent or holds other keys. A key with a text or with nothing below it makes
    /// the config malformed.
    private static boolean holdsKeys(Map<String, String> values, String key) {
        if (!values.containsKey(key)) return true;
        for (var path : values.keySet()) {
            if (path.startsWith(key + "/")) return true;
        }
        return false;
    }

    /// Returns the text without quotes. A plain text that YAML might read as another type becomes a blank, to
    /// show that it exists but is not a word.
    private static String unquoted(String value) {
        if (value.startsWith("\"") || value.startsWith("'")) return value.substring(1, value.length() - 1);
        return FastYaml.isText(value) ? value : " ";
    }

    private static String withoutComment(String value) {
        int comment = value.indexOf(" #");
        return (comment < 0 ? value : value.substring(0, comment)).stripTrailing();
    }

    private static boolean isAscii(String line) {
        if (line.length() > LONGEST_LINE) return false;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) < ' ' || line.charAt(i) > '~') return false;
        }
        return true;
    }

    private record Level(int indent, String prefix) {}
}
