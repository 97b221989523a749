package lib.gateway.formats;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import lib.base.EightBytes;

/// Checks JSON that arrives in pieces, byte by byte, and reports the parts of it that a listener asks for. It
/// keeps nothing else, and most of a request is text that nobody asks for.
///
/// Only what all servers read in the same way is accepted: one object that follows RFC 8259, in valid UTF-8,
/// without comments or other extensions.
///
///     var json = new StrictJson(listener);
///     json.accept(bytes, 0, count);
///     json.end();
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
final class StrictJson {
    /// The deepest nesting that is accepted. Parsers of other servers have similar limits.
    static final int DEEPEST = 1000;
    /// The length of the longest name or kept text, in bytes with its escapes.
    static final int LONGEST = 64 * 1024;

    private static final long SPACES = EightBytes.each(' ');
    private static final long QUOTES = EightBytes.each('"');
    private static final long BACKSLASHES = EightBytes.each('\\');

    private static final boolean[] ESCAPES = escapes();

    /// The kind of a value.
    enum Kind {
        OBJECT,
        ARRAY,
        TEXT,
        NULL,
        OTHER
    }

    /// Chooses what is reported.
    interface Listener {
        /// Says that a value begins, and returns whether its content is reported: the text, or all that is in the
        /// object or array.
        boolean begins(Kind kind);

        /// Says the name of the next value in an object.
        void name(String name);

        /// Says the text of a value.
        void text(String text);

        /// Says that an object or array ends whose content was reported.
        void ends();
    }

    /// Signals that the input is not such an object.
    static final class Malformed extends RuntimeException {
        Malformed() {
            super("not a JSON object", null, false, false);
        }
    }

    private enum State {
        START,
        VALUE,
        FIRST_ITEM,
        FIRST_NAME,
        NAME,
        COLON,
        AFTER_VALUE,
        STRING,
        ESCAPE,
        HEX,
        UTF8,
        WORD,
        MINUS,
        ZERO,
        WHOLE,
        POINT,
        FRACTION,
        E,
        E_SIGN,
        EXPONENT,
        END
    }

    private final Listener listener;
    private State state = State.START;
    private boolean[] isArray = new boolean[16];
    private int depth;
    /// The depth at which the skipped part began; 0 if nothing is skipped.
    private int skippedFrom;
    private boolean isName;
    private boolean kept;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream(64);
    private int hexLeft;
    private int bytesLeft;
    /// The range of the next byte of a character of several bytes.
    private int least;
    private int most;
    private String word = "";
    private int inWord;

    StrictJson(Listener listener) {
        this.listener = listener;
    }

    /// Takes a piece of the input.
    ///
    /// @throws Malformed if it cannot continue such an object
    void accept(byte[] bytes, int from, int count) {
        int end = from + count;
        for (int i = from; i < end; ) {
            if (state == State.STRING) i = string(bytes, i, end);
            else take(bytes[i++]);
        }
    }

    /// Says that the input has ended.
    ///
    /// @throws Malformed if the object has not
    void end() {
        if (state != State.END) throw new Malformed();
    }

    boolean isOver() {
        return state == State.END;
    }

    private void take(byte b) {
        switch (state) {
            case START -> {
                if (isSpace(b)) return;
                if (b != '{') throw new Malformed();
                begin(b);
            }
            case VALUE -> {
                if (!isSpace(b)) begin(b);
            }
            case FIRST_ITEM -> {
                if (b == ']') close(true);
                else if (!isSpace(b)) begin(b);
            }
            case FIRST_NAME -> {
                if (b == '}') close(false);
                else if (!isSpace(b)) beginName(b);
            }
            case NAME -> {
                if (!isSpace(b)) beginName(b);
            }
            case COLON -> {
                if (b == ':') state = State.VALUE;
                else if (!isSpace(b)) throw new Malformed();
            }
            case AFTER_VALUE -> afterValue(b);
            case ESCAPE -> escape(b);
            case HEX -> {
                if (Character.digit(b, 16) < 0) throw new Malformed();
                if (--hexLeft == 0) state = State.STRING;
                keep(b);
            }
            case UTF8 -> {
                int next = b & 0xff;
                if (next < least || next > most) throw new Malformed();
                least = 0x80;
                most = 0xbf;
                if (--bytesLeft == 0) state = State.STRING;
                keep(b);
            }
            case WORD -> {
                if (b != word.charAt(inWord++)) throw new Malformed();
                if (inWord == word.length()) state = State.AFTER_VALUE;
            }
            case MINUS, ZERO, WHOLE, POINT, FRACTION, E, E_SIGN, EXPONENT -> number(b);
            case END -> {
                if (!isSpace(b)) throw new Malformed();
            }
            case STRING -> throw new IllegalStateException();
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private void begin(byte b) {
        switch (b) {
            case '{' -> open(Kind.OBJECT);
            case '[' -> open(Kind.ARRAY);
            case '"' -> {
                isName = false;
                kept = begins(Kind.TEXT);
                state = State.STRING;
            }
            case 't' -> word("true", Kind.OTHER);
            case 'f' -> word("false", Kind.OTHER);
            case 'n' -> word("null", Kind.NULL);
            default -> {
                if (b != '-' && !isDigit(b)) throw new Malformed();
                begins(Kind.OTHER);
                state = b == '-' ? State.MINUS : b == '0' ? State.ZERO : State.WHOLE;
            }
        }
    }

    private boolean begins(Kind kind) {
        return skippedFrom == 0 && listener.begins(kind);
    }

    private void word(String expected, Kind kind) {
        begins(kind);
        word = expected;
        inWord = 1;
        state = State.WORD;
    }

    private void open(Kind kind) {
        if (depth == DEEPEST) throw new Malformed();
        boolean reported = begins(kind);
        depth++;
        if (!reported && skippedFrom == 0) skippedFrom = depth;
        if (depth == isArray.length) isArray = Arrays.copyOf(isArray, 2 * depth);
        isArray[depth] = kind == Kind.ARRAY;
        state = kind == Kind.ARRAY ? State.FIRST_ITEM : State.FIRST_NAME;
    }

    private void close(boolean array) {
        if (isArray[depth] != array) throw new Malformed();
        if (skippedFrom == 0) listener.ends();
        else if (skippedFrom == depth) skippedFrom = 0;
        depth--;
        state = depth == 0 ? State.END : State.AFTER_VALUE;
    }

    private void beginName(byte b) {
        if (b != '"') throw new Malformed();
        isName = true;
        kept = skippedFrom == 0;
        state = State.STRING;
    }

    private void afterValue(byte b) {
        switch (b) {
            case ',' -> state = isArray[depth] ? State.VALUE : State.NAME;
            case ']' -> close(true);
            case '}' -> close(false);
            default -> {
                if (!isSpace(b)) throw new Malformed();
            }
        }
    }

    private void number(byte b) {
        var next = isDigit(b) ? afterDigit(b) : afterSign(b);
        if (next == State.AFTER_VALUE) {
            if (state == State.MINUS || state == State.POINT || state == State.E || state == State.E_SIGN)
                throw new Malformed();
            state = next;
            afterValue(b);
        } else {
            state = next;
        }
    }

    private State afterDigit(byte digit) {
        return switch (state) {
            case MINUS -> digit == '0' ? State.ZERO : State.WHOLE;
            case WHOLE -> State.WHOLE;
            case POINT, FRACTION -> State.FRACTION;
            case E, E_SIGN, EXPONENT -> State.EXPONENT;
            default -> throw new Malformed();
        };
    }

    private State afterSign(byte b) {
        return switch (b) {
            case '.' -> {
                if (state != State.ZERO && state != State.WHOLE) throw new Malformed();
                yield State.POINT;
            }
            case 'e', 'E' -> {
                if (state != State.ZERO && state != State.WHOLE && state != State.FRACTION) throw new Malformed();
                yield State.E;
            }
            case '+', '-' -> {
                if (state != State.E) throw new Malformed();
                yield State.E_SIGN;
            }
            default -> State.AFTER_VALUE;
        };
    }

    /// Reads a string to its end, to the end of the piece, or to a byte that needs a closer look. Most of a
    /// document is strings, so this method has to be fast.
    private int string(byte[] bytes, int from, int end) {
        int i = special(bytes, from, end);
        while (!kept && i < end - 1 && bytes[i] == '\\' && isEscape(bytes[i + 1])) i = special(bytes, i + 2, end);
        if (kept) keep(bytes, from, i - from);
        if (i == end) return end;
        var b = bytes[i];
        if (b == '"') {
            ended();
        } else if (b == '\\') {
            state = State.ESCAPE;
            keep(b);
        } else if (b < 0) {
            beginCharacter(b & 0xff);
            keep(b);
        } else {
            throw new Malformed();
        }
        return i + 1;
    }

    /// Returns whether a byte after a backslash is an escape of its own.
    private static boolean isEscape(byte b) {
        return ESCAPES[b & 0xff];
    }

    private static boolean[] escapes() {
        var escapes = new boolean[256];
        for (char escape : "\"\\/bfnrt".toCharArray()) escapes[escape] = true;
        return escapes;
    }

    /// Returns the index of the next byte that is a quote, a backslash, a control character or not ASCII, or `end`
    /// if no such byte follows.
    private static int special(byte[] bytes, int from, int end) {
        int i = from;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long eight = EightBytes.at(bytes, i);
            // The highest bit is set in bytes that are not ASCII.
            long marks = (EightBytes.equal(eight, QUOTES)
                            | EightBytes.equal(eight, BACKSLASHES)
                            | EightBytes.below(eight, SPACES)
                            | eight)
                    & EightBytes.MARKS;
            if (marks != 0) return i + EightBytes.first(marks);
        }
        while (i < end && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') i++;
        return i;
    }

    /// Begins a character of several bytes. Its second byte has a smaller range after some first bytes: longer
    /// forms of short characters, halves of pairs, and characters that do not exist are invalid.
    private void beginCharacter(int first) {
        if (first < 0xc2 || first > 0xf4) throw new Malformed();
        bytesLeft = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        state = State.UTF8;
    }

    private void escape(byte b) {
        keep(b);
        if (isEscape(b)) {
            state = State.STRING;
        } else if (b == 'u') {
            hexLeft = 4;
            state = State.HEX;
        } else {
            throw new Malformed();
        }
    }

    private void keep(byte b) {
        if (kept) keep(new byte[] {b}, 0, 1);
    }

    private void keep(byte[] bytes, int from, int count) {
        if (text.size() + count > LONGEST) throw new Malformed();
        text.write(bytes, from, count);
    }

    private void ended() {
        state = isName ? State.COLON : State.AFTER_VALUE;
        if (!kept) return;
        var plain = text.toString(StandardCharsets.UTF_8);
        text.reset();
        if (isName) listener.name(unescaped(plain));
        else listener.text(unescaped(plain));
    }

    private static String unescaped(String text) {
        int at = text.indexOf('\\');
        if (at < 0) return text;
        var plain = new StringBuilder(text.length()).append(text, 0, at);
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escaped = text.charAt(++i);
            switch (escaped) {
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 't' -> plain.append('\t');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(text, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> plain.append(escaped);
            }
        }
        if (hasHalfPair(plain)) throw new Malformed();
        return plain.toString();
    }

    /// Returns whether one half of a pair stands alone, which servers read differently.
    private static boolean hasHalfPair(CharSequence text) {
        return text.codePoints().anyMatch(c -> c <= Character.MAX_VALUE && Character.isSurrogate((char) c));
    }
}
