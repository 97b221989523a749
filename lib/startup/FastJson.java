package lib.startup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads JSON as machines write it, without escapes and fractions. It is for the one command that a JSON
/// library would slow down: such a library takes half as long to start as the JVM. The result is empty for any
/// other JSON, and for names that occur twice.
///
///     FastJson.object("{\"exp\": 1790000000}".getBytes())   // Optional[{exp=1790000000}]
public final class FastJson {
    /// Stands for `null`, `true` and `false`, which no caller needs.
    static final Object OTHER = new Object();
    private static final int DEEPEST = 16;

    private final String text;
    private int at;

    private FastJson(String text) {
        this.text = text;
    }

    /// The members of an object, each a [String], a [Long], a [Map], a [List] or [#OTHER]. Text after the
    /// object is ignored.
    public static Optional<Map<String, Object>> object(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        // Invalid UTF-8 decodes to this character.
        if (text.indexOf('\uFFFD') >= 0) return Optional.empty();
        try {
            var json = new FastJson(text);
            json.space();
            return Optional.of(json.members(0));
        } catch (Unusual | StringIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private Map<String, Object> members(int depth) throws Unusual {
        var members = new HashMap<String, Object>();
        take('{');
        if (next() == '}') {
            at++;
            return members;
        }
        while (true) {
            space();
            var name = string();
            space();
            take(':');
            if (members.put(name, value(depth + 1)) != null) throw new Unusual();
            if (next() == '}') break;
            take(',');
        }
        at++;
        return members;
    }

    private List<Object> elements(int depth) throws Unusual {
        var elements = new ArrayList<>();
        take('[');
        if (next() == ']') {
            at++;
            return elements;
        }
        while (true) {
            elements.add(value(depth + 1));
            if (next() == ']') break;
            take(',');
        }
        at++;
        return elements;
    }

    private Object value(int depth) throws Unusual {
        if (depth > DEEPEST) throw new Unusual();
        return switch (next()) {
            case '{' -> members(depth);
            case '[' -> elements(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private String string() throws Unusual {
        take('"');
        int begin = at;
        for (char c; (c = text.charAt(at)) != '"'; at++) {
            if (c == '\\' || c < ' ') throw new Unusual();
        }
        return text.substring(begin, at++);
    }

    private Long number() throws Unusual {
        int begin = at;
        for (char c; (c = text.charAt(at)) >= '0' && c <= '9'; ) at++;
        int digits = at - begin;
        if (digits == 0 || digits > 18 || digits > 1 && text.charAt(begin) == '0') throw new Unusual();
        return Long.valueOf(text.substring(begin, at));
    }

    private Object word(String word) throws Unusual {
        if (!text.startsWith(word, at)) throw new Unusual();
        at += word.length();
        return OTHER;
    }

    private char next() {
        space();
        return text.charAt(at);
    }

    private void space() {
        for (char c; (c = text.charAt(at)) == ' ' || c == '\n' || c == '\r' || c == '\t'; ) at++;
    }

    private void take(char expected) throws Unusual {
        if (text.charAt(at++) != expected) throw new Unusual();
    }

    private static final class Unusual extends Exception {
        Unusual() {
            super(null, null, false, false);
        }
    }
}
