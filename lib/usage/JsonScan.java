package lib.usage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Finds the numbers in JSON that arrives in pieces, and the outermost object's texts: a scanner that keeps where it is, and nothing of what it has read. A
/// parser would have to hold every string until its end, and a generated picture is one.
///
///     new JsonScan((path, depth, value) -> …).accept(bytes, 0, bytes.length)
///
/// An array around everything else is looked through: that is how Google streams without server-sent events.
final class JsonScan {
    /// Usage is never deeper: `response.usage.input_tokens_details.cached_tokens`.
    private static final int DEEPEST = 4;
    private static final int LONGEST_KEY = 48;
    private static final int LONGEST_TEXT = 512;
    private static final long LARGEST = 1_000_000_000_000_000L;

    /// Gets what was found and where it stands: the keys from the outermost object to its own, as `path[1]` to
    /// `path[depth]`.
    @FunctionalInterface
    interface Found {
        void number(Key[] path, int depth, long value);

        /// A text of the outermost object, its escapes as they came; one that is too long for a name comes as nothing.
        default void text(Key key, String text) {}
    }

    /// One key of the path.
    static final class Key {
        // Most are short, and every call has two scanners.
        private byte[] text = new byte[16];
        private int length;
        private boolean array;

        boolean is(byte[] name) {
            return !array && length == name.length && Arrays.equals(text, 0, length, name, 0, length);
        }

        private void add(byte b) {
            if (length == text.length && length < LONGEST_KEY) text = Arrays.copyOf(text, LONGEST_KEY);
            if (length < LONGEST_KEY) text[length] = b;
            // One longer than any that is asked for stays unlike all of them.
            if (length <= LONGEST_KEY) length++;
        }
    }

    static byte[] name(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private final Found found;
    private final Key[] path = new Key[DEEPEST + 1];
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean key;
    private long number;
    private byte[] text = new byte[32];
    private int length;

    JsonScan(Found found) {
        this.found = found;
        for (int i = 0; i < path.length; i++) path[i] = new Key();
        reset();
    }

    /// Starts another document.
    void reset() {
        depth = 0;
        inString = escaped = key = false;
        number = -1;
    }

    void accept(byte[] bytes, int from, int count) {
        for (int i = from, end = from + count; i < end; i++) {
            var b = bytes[i];
            if (inString) inString(b);
            else if (b >= '0' && b <= '9' && number != -2) number = number < 0 ? b - '0' : Math.min(LARGEST, number * 10 + b - '0');
            else outside(b);
        }
    }

    private void inString(byte b) {
        if (escaped) escaped = false;
        else if (b == '\\') escaped = true;
        else if (b == '"') {
            inString = false;
            if (!key && depth == 1 && !path[1].array) found.text(path[1], length > LONGEST_TEXT ? "" : new String(text, 0, length, StandardCharsets.UTF_8));
            return;
        }
        if (key && depth <= DEEPEST) path[depth].add(b);
        else if (depth == 1 && length <= LONGEST_TEXT) {
            if (length == text.length && length < LONGEST_TEXT) text = Arrays.copyOf(text, LONGEST_TEXT);
            if (length < LONGEST_TEXT) text[length] = b;
            length++;
        }
    }

    private void outside(byte b) {
        if (number != -1) {
            if (number >= 0 && depth >= 1 && depth <= DEEPEST && ends(b)) found.number(path, depth, number);
            // What follows a point or an exponent is no number of its own.
            number = ends(b) ? -1 : -2;
        }
        switch (b) {
            case '"' -> {
                inString = true;
                length = 0;
                if (key && depth <= DEEPEST) path[depth].length = 0;
            }
            case '{' -> open(false);
            case '[' -> {
                if (depth > 0) open(true);
            }
            case '}', ']' -> {
                if (depth > 0) depth--;
                key = false;
            }
            case ',' -> key = depth > 0 && (depth > DEEPEST || !path[depth].array);
            case ':' -> key = false;
            case '-' -> number = -2;
            default -> { }
        }
    }

    private static boolean ends(byte b) {
        return b == ',' || b == '}' || b == ']' || b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void open(boolean array) {
        depth++;
        key = !array;
        if (depth > DEEPEST) return;
        path[depth].array = array;
        path[depth].length = 0;
    }
}
