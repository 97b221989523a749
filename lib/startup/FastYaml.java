package lib.startup;

import java.util.Locale;
import java.util.Set;

/// Reads the unambiguous part of YAML, one line at a time. It uses no regular expressions: compiling and
/// running five of them in a cold JVM takes as long as the rest of `auth token`.
///
///     FastYaml.line("  auth_mode: device")   // Line[indent=2, key=auth_mode, value=device]
final class FastYaml {
    private static final Set<String> NO_TEXTS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private FastYaml() {}

    /// A key, and the text after it on its line.
    record Line(int indent, String key, String value) {}

    /// Returns null for a line of any other form.
    static Line line(String line) {
        int begin = 0;
        while (begin < line.length() && line.charAt(begin) == ' ') begin++;
        int end = begin;
        while (end < line.length() && isKey(line.charAt(end), end == begin)) end++;
        if (end == begin || end == line.length() || line.charAt(end) != ':') return null;
        int value = end + 1;
        while (value < line.length() && line.charAt(value) == ' ') value++;
        boolean isBare = end + 1 == line.length();
        if (!isBare && (value == line.length() || value == end + 1)) return null;
        return new Line(begin, line.substring(begin, end), line.substring(value));
    }

    /// Returns whether every YAML version reads this value as the same text, or as a number: it is on one line
    /// and has no indicator at its start or inside.
    static boolean isPlain(String value) {
        char first = value.charAt(0);
        if (!isLetter(first) && !isDigit(first) && first != '/') return false;
        for (int i = 1; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean inside = c == ':' && i + 1 < value.length() && value.charAt(i + 1) != ' ';
            if (!inside && !isLetter(c) && !isDigit(c) && "_./@+~,()' -".indexOf(c) < 0) return false;
        }
        return true;
    }

    /// Returns whether the value is in quotes and has no special characters inside them.
    static boolean isQuoted(String value) {
        char quote = value.charAt(0);
        if (quote != '"' && quote != '\'' || value.length() < 2 || value.charAt(value.length() - 1) != quote)
            return false;
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            if (c == quote || c == '#' || c == '\\' && quote == '"') return false;
        }
        return true;
    }

    /// Returns whether no YAML version reads this as a number, a date or a boolean.
    static boolean isText(String plain) {
        return isLetter(plain.charAt(0)) && (plain.length() > 5 || !NO_TEXTS.contains(plain.toLowerCase(Locale.ROOT)));
    }

    /// Returns `id` and `name` of the one flow mapping that the documentation shows; null for everything else.
    static String[] environment(String value) {
        int comma = value.indexOf(", name: ");
        if (!value.startsWith("{id: ") || !value.endsWith("}") || comma < 0) return null;
        var words = new String[] {
            value.substring("{id: ".length(), comma), value.substring(comma + ", name: ".length(), value.length() - 1)
        };
        return isWord(words[0]) && isWord(words[1]) ? words : null;
    }

    private static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && (i == 0 || !isDigit(c) && c != '_' && c != '-')) return false;
        }
        return !text.isEmpty();
    }

    private static boolean isKey(char c, boolean first) {
        return isLetter(c) || c == '_' || !first && (isDigit(c) || c == '.' || c == '-');
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
