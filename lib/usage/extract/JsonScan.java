package lib.usage.extract;

import java.util.Arrays;
import lib.base.EightBytes;

/// Finds numbers and texts at given places in JSON that arrives in pieces. It remembers where in the document it
/// is, but nothing of what it has read. A parser would have to keep each string until its end, and a generated
/// picture is one string.
///
///     new JsonScan(new JsonPaths().number("usage.input_tokens", 0), found).accept(bytes, 0, bytes.length)
///
/// It looks into an array that contains all the rest, because Google streams like that without server-sent
/// events. Several documents may follow each other, as in JSON Lines.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
final class JsonScan implements UsageReader.Sink {
    /// The deepest nesting that is followed. All places that are looked for are less deep.
    private static final int DEEPEST = 16;
    /// In bytes. All names that are looked for are shorter.
    static final int LONGEST_TEXT = 512;
    private static final long QUOTES = EightBytes.each('"');
    private static final long BACKSLASHES = EightBytes.each('\\');
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final long LARGEST = 1_000_000_000_000_000L;
    private static final int LARGEST_EXPONENT = 999;

    /// Receives what the scanner finds, with the id of its place.
    interface Found {
        default void number(int id, long value) {}

        /// Receives a text with its escapes as they are in the document. A text longer than [#LONGEST_TEXT] comes
        /// as an empty one. The implementation must not keep the array.
        default void text(int id, byte[] bytes, int from, int count) {}

        /// Says that an object or an array begins.
        default void opened(int id) {}

        /// Says that the document contains so many more bytes of the model's text.
        default void said(int bytes) {}

        /// Says that a document has ended.
        default void ended() {}

        /// Says that the current document has no end, so that what was found in it since the last [#ended] does
        /// not count.
        default void dropped() {}
    }

    /// The part of a number in which the scanner is. In a number that is not looked for, it is `OUTSIDE`.
    private enum Part {
        OUTSIDE,
        WHOLE,
        FRACTION,
        EXPONENT,
        BROKEN
    }

    private final JsonPaths.Node root;
    private final Found found;
    private final JsonPaths.Node[] open = new JsonPaths.Node[DEEPEST + 1];
    private final boolean[] isArray = new boolean[DEEPEST + 1];
    private int depth;
    /// The node of the next value; null if it is not looked for.
    private JsonPaths.Node value;
    /// The number of open objects and arrays in the part of the document that is skipped.
    private int skipped;
    private boolean inString;
    private boolean escaped;
    private boolean key;
    /// Whether the current string is kept. `begun` and `length` are then the part of it that earlier pieces had.
    private boolean kept;
    private boolean said;
    private byte[] begun = {};
    private int length;
    private Part part = Part.OUTSIDE;
    private long digits;
    /// The number of digits after the decimal point, minus the number of digits before it that were left out.
    private int scale;
    private int exponent;
    private boolean negativeExponent;

    JsonScan(JsonPaths paths, Found found) {
        this.root = paths.root();
        this.found = found;
        reset();
    }

    /// Begins another document, and drops what was found in one that has not ended.
    void reset() {
        depth = skipped = length = 0;
        inString = escaped = key = kept = said = false;
        part = Part.OUTSIDE;
        value = root;
        found.dropped();
    }

    @Override
    public void accept(byte[] bytes, int from, int count) {
        int end = from + count;
        int i = inString ? string(bytes, from, end) : from;
        while (i < end) {
            if (skipped > 0) {
                i = skip(bytes, i, end);
                continue;
            }
            var b = bytes[i++];
            if (b == '"') i = opened(bytes, i, end);
            else if (b >= '0' && b <= '9') digit(b - '0');
            else if (b > ' ') outside(b);
            else if (part != Part.OUTSIDE) endNumber();
        }
    }

    private int opened(byte[] bytes, int from, int end) {
        part = Part.OUTSIDE;
        inString = true;
        kept = key || value != null && (value.isText() || value.isNumber());
        said = !key && value != null && value.isSaid();
        return string(bytes, from, end);
    }

    private void digit(int digit) {
        switch (part) {
            case OUTSIDE -> {
                if (key || value == null || !value.isNumber()) return;
                part = Part.WHOLE;
                digits = digit;
                scale = exponent = 0;
                negativeExponent = false;
            }
            case WHOLE -> {
                if (digits < LARGEST) digits = digits * 10 + digit;
                else scale--;
            }
            case FRACTION -> {
                if (digits >= LARGEST) return;
                digits = digits * 10 + digit;
                scale++;
            }
            case EXPONENT -> exponent = Math.min(LARGEST_EXPONENT, exponent * 10 + digit);
            case BROKEN -> {}
        }
    }

    private void endNumber() {
        var ended = part;
        part = Part.OUTSIDE;
        if (ended == Part.BROKEN || value == null) return;
        found.number(value.number(), scaled(digits, (negativeExponent ? -exponent : exponent) - scale));
        if (!isArray[depth]) value = null;
    }

    /// Returns `digits` times ten to the `power`, rounded, but at most [#LARGEST].
    private static long scaled(long digits, int power) {
        if (digits == 0) return 0;
        var result = digits;
        for (int i = 0; i < power && result < LARGEST; i++) result *= 10;
        for (int i = power; i < 0 && result > 0; i++) result = i == -1 ? (result + 5) / 10 : result / 10;
        return Math.min(LARGEST, result);
    }

    /// Looks for the end of a value that contains nothing to be found.
    private int skip(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            switch (bytes[i]) {
                case '"' -> {
                    inString = true;
                    kept = said = false;
                    i = string(bytes, i + 1, end) - 1;
                }
                case '{', '[' -> skipped++;
                case '}', ']' -> {
                    if (--skipped == 0) return i + 1;
                }
                default -> {}
            }
        }
        return end;
    }

    /// Reads a string to its end or to the end of the piece. Most of a document is strings, so this method has to
    /// be fast.
    ///
    /// @return the index of the next byte to read
    private int string(byte[] bytes, int from, int end) {
        int i = escaped ? from + 1 : from;
        while ((i = special(bytes, i, end)) < end) {
            if (bytes[i] == '"') {
                inString = escaped = false;
                if (said) found.said(i - from);
                if (kept) ended(bytes, from, i);
                return i + 1;
            }
            i += 2;
        }
        escaped = i > end;
        if (said) found.said(end - from);
        if (kept) keep(bytes, from, end);
        return end;
    }

    /// Returns the index of the next quote or backslash, or `end` if none follows.
    private static int special(byte[] bytes, int from, int end) {
        int i = from;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long eight = EightBytes.at(bytes, i);
            long marks = (EightBytes.equal(eight, QUOTES) | EightBytes.equal(eight, BACKSLASHES)) & EightBytes.MARKS;
            if (marks != 0) return i + EightBytes.first(marks);
        }
        while (i < end && bytes[i] != '"' && bytes[i] != '\\') i++;
        return i;
    }

    private void ended(byte[] bytes, int from, int to) {
        if (length == 0) {
            take(bytes, from, to - from);
            return;
        }
        keep(bytes, from, to);
        take(begun, 0, length);
        length = 0;
    }

    private void take(byte[] bytes, int from, int count) {
        if (key) {
            value = open[depth].child(bytes, from, count);
            return;
        }
        if (value.isText()) found.text(value.text(), bytes, from, count > LONGEST_TEXT ? 0 : count);
        else quoted(bytes, from, count);
    }

    /// Reads a number in quotes: JSON made from Protocol Buffers has large numbers like that.
    private void quoted(byte[] bytes, int from, int count) {
        long whole = 0;
        for (int i = from; i < from + count; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') return;
            whole = Math.min(LARGEST, whole * 10 + bytes[i] - '0');
        }
        if (count > 0) found.number(value.number(), whole);
    }

    /// Keeps this part of a string that continues in the next piece. Of a string that is longer than
    /// [#LONGEST_TEXT] it keeps one byte more, which shows that it is too long.
    private void keep(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, LONGEST_TEXT + 1 - length);
        if (begun.length < length + more) begun = Arrays.copyOf(begun, length + more);
        System.arraycopy(bytes, from, begun, length, more);
        length += more;
    }

    private void outside(byte b) {
        if (part != Part.OUTSIDE && isInNumber(b)) return;
        switch (b) {
            case ':' -> key = false;
            case ',' -> next();
            case '{' -> {
                if (value == null || !value.hasChildren()) skipped = 1;
                else push(value, false);
            }
            case '[' -> {
                if (depth == 0) return;
                if (value == null || value.element() == null) skipped = 1;
                else push(value, true);
            }
            case '}', ']' -> pop();
            case '-' -> {
                if (!key && value != null && value.isNumber()) part = Part.BROKEN;
            }
            case 't' -> {
                if (!key && value != null && value.isFlag()) found.text(value.text(), TRUE, 0, TRUE.length);
            }
            default -> {}
        }
    }

    /// Takes a byte after the first digit of a number; returns false if the byte ends the number.
    private boolean isInNumber(byte b) {
        if (b == ',' || b == '}' || b == ']') {
            endNumber();
            return false;
        }
        part = switch (b) {
            case '.' -> part == Part.WHOLE ? Part.FRACTION : Part.BROKEN;
            case 'e', 'E' -> part == Part.WHOLE || part == Part.FRACTION ? Part.EXPONENT : Part.BROKEN;
            case '+', '-' -> part == Part.EXPONENT && exponent == 0 ? Part.EXPONENT : Part.BROKEN;
            default -> Part.BROKEN;
        };
        if (b == '-') negativeExponent = true;
        return true;
    }

    private void next() {
        key = depth > 0 && !isArray[depth];
        value = following();
    }

    private JsonPaths.Node following() {
        return depth == 0 ? root : isArray[depth] ? open[depth].element() : null;
    }

    private void push(JsonPaths.Node node, boolean array) {
        open[++depth] = node;
        isArray[depth] = array;
        key = !array;
        value = array ? node.element() : null;
        if (node.isContainer()) found.opened(node.container());
    }

    private void pop() {
        if (depth == 0) return;
        var closed = open[depth];
        var isObject = !isArray[depth];
        depth--;
        key = false;
        value = following();
        if (depth == 0 || closed.isDocument() && isObject) found.ended();
    }
}
