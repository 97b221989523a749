package lib.usage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Finds the numbers in JSON that arrives in pieces, and one text of the outermost object: a scanner that keeps where it is,
/// and nothing of what it has read. A parser would have to hold every string until its end, and a generated picture is one.
///
///     new JsonScan(Names.of("usage", "input_tokens"), (path, depth, value) -> …).accept(bytes, 0, bytes.length)
///
/// An array around everything else is looked through: that is how Google streams without server-sent events.
final class JsonScan implements UsageReader.Sink {
    /// Usage is never deeper: `response.usage.input_tokens_details.cached_tokens`.
    private static final int DEEPEST = 4;
    private static final int LONGEST_TEXT = 512;
    private static final long LARGEST = 1_000_000_000_000_000L;
    /// What `number` is where there is none, and within one that is no whole number.
    private static final int NONE = -1, BROKEN = -2;
    private static final int NO_KEY = -1;

    /// The keys that somebody asks for, each with a code, since there are few of them: what is found is compared once.
    static final class Names {
        private final List<String> all;
        private final byte[][] bytes;
        private final int[][] byLength;

        private Names(List<String> all) {
            this.all = all;
            bytes = all.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
            byLength = IntStream.rangeClosed(0, Arrays.stream(bytes).mapToInt(name -> name.length).max().orElse(0))
                    .mapToObj(length -> IntStream.range(0, bytes.length).filter(i -> bytes[i].length == length).toArray()).toArray(int[][]::new);
        }

        static Names of(String... names) {
            return new Names(List.of(names));
        }

        /// The code of a name, from 1 on; 0 where it is not among them.
        int code(String name) {
            return all.indexOf(name) + 1;
        }

        /// How many they are.
        int size() {
            return all.size();
        }

        private int code(byte[] text, int from, int length) {
            if (length >= byLength.length) return 0;
            for (var i : byLength[length]) if (Arrays.equals(bytes[i], 0, length, text, from, from + length)) return i + 1;
            return 0;
        }
    }

    /// Gets what was found and where it stands: the codes of the keys from the outermost object to its own, as `path[1]` to
    /// `path[depth]`; 0 is any other key.
    @FunctionalInterface
    interface Found {
        void number(int[] path, int depth, long value);
    }

    private final Names names;
    private final int textKey;
    private final Found numbers;
    private final Consumer<String> texts;
    private final int[] path = new int[DEEPEST + 1];
    private int depth;
    /// The depth of the outermost object or array that holds nothing to be found; 0 where there is none.
    private int idle;
    private boolean inString;
    private boolean escaped;
    private boolean key;
    /// Whether the string is one that somebody wants; and what earlier pieces had of it.
    private boolean wanted;
    private byte[] begun = {};
    private int length;
    private long number;

    /// One that looks for numbers.
    JsonScan(Names names, Found numbers) {
        this(names, NO_KEY, numbers, _ -> {});
    }

    /// One that looks for the text of a key of the outermost object.
    ///
    /// @param texts gets it, its escapes as they came; one that is too long for a name comes as nothing
    JsonScan(Names names, String key, Consumer<String> texts) {
        this(names, names.code(key), (_, _, _) -> {}, texts);
    }

    private JsonScan(Names names, int textKey, Found numbers, Consumer<String> texts) {
        this.names = names;
        this.textKey = textKey;
        this.numbers = numbers;
        this.texts = texts;
        reset();
    }

    /// Starts another document.
    void reset() {
        depth = idle = length = 0;
        inString = escaped = key = false;
        number = NONE;
    }

    @Override
    public void accept(byte[] bytes, int from, int count) {
        int end = from + count;
        int i = inString ? string(bytes, from, end) : from;
        while (i < end) {
            if (idle > 0) {
                i = skipped(bytes, i, end);
                continue;
            }
            var b = bytes[i++];
            if (b == '"') i = opened(bytes, i, end);
            else if (b >= '0' && b <= '9') digit(b);
            else if (b > ' ') outside(b);
            else if (number != NONE) endNumber(b);
        }
    }

    private int opened(byte[] bytes, int from, int end) {
        if (number != NONE) endNumber((byte) '"');
        inString = true;
        wanted = key || depth == 1 && path[1] == textKey;
        if (key) path[depth] = 0;
        return string(bytes, from, end);
    }

    private void digit(byte b) {
        if (number != BROKEN) number = number < 0 ? b - '0' : Math.min(LARGEST, number * 10 + b - '0');
    }

    private void endNumber(byte b) {
        if (number >= 0 && depth >= 1 && ends(b)) numbers.number(path, depth, number);
        // What follows a point or an exponent is no number of its own.
        number = ends(b) ? NONE : BROKEN;
    }

    /// Goes through what holds nothing to be found, such as all that was said, looking for its end.
    private int skipped(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            switch (bytes[i]) {
                case '"' -> {
                    inString = true;
                    wanted = false;
                    i = string(bytes, i + 1, end) - 1;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth < idle) {
                        idle = 0;
                        key = false;
                        return i + 1;
                    }
                }
                default -> { }
            }
        }
        return end;
    }

    /// Most of a document is this, so it is the one thing to be quick at.
    ///
    /// @return where to go on
    private int string(byte[] bytes, int from, int end) {
        int i = escaped ? from + 1 : from;
        for (; i < end; i++) {
            var b = bytes[i];
            if (b == '"') {
                inString = escaped = false;
                if (wanted) ended(bytes, from, i);
                return i + 1;
            }
            if (b == '\\') i++;
        }
        escaped = i > end;
        if (wanted) keep(bytes, from, end);
        return end;
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
        if (key) path[depth] = names.code(bytes, from, count);
        else texts.accept(count > LONGEST_TEXT ? "" : new String(bytes, from, count, StandardCharsets.UTF_8));
    }

    /// One that is longer than any that is asked for stays so.
    private void keep(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, LONGEST_TEXT + 1 - length);
        if (begun.length < length + more) begun = Arrays.copyOf(begun, length + more);
        System.arraycopy(bytes, from, begun, length, more);
        length += more;
    }

    private void outside(byte b) {
        if (number != NONE) endNumber(b);
        switch (b) {
            case ':' -> key = false;
            case ',' -> key = depth > 0;
            case '{' -> {
                // Below a key that nobody asks for there is nothing to be asked for either.
                if (depth == DEEPEST || depth > 0 && path[depth] == 0) skip();
                else open();
            }
            case '[' -> {
                if (depth > 0) skip();
            }
            case '}', ']' -> {
                if (depth > 0) depth--;
                key = false;
            }
            case '-' -> number = BROKEN;
            default -> { }
        }
    }

    private static boolean ends(byte b) {
        return b == ',' || b == '}' || b == ']' || b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void open() {
        key = true;
        path[++depth] = 0;
    }

    private void skip() {
        idle = ++depth;
    }
}
