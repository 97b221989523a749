package lib.terminal;

import java.lang.Character.UnicodeScript;
import java.util.Set;
import java.util.regex.Pattern;

/// How many cells of a terminal a text takes: East Asian letters and emoji take two, marks none. By the JDK's own
/// Unicode data.
///
///     DisplayWidth.of("日本 🙂")   // 7
final class DisplayWidth {
    private static final Pattern CLUSTER = Pattern.compile("\\X");
    private static final Set<UnicodeScript> WIDE = Set.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.YI);

    private DisplayWidth() {}

    static int of(String text) {
        if (text.chars().allMatch(c -> c < 0x7f)) return text.length();
        return CLUSTER.matcher(text)
                .results()
                .mapToInt(cluster -> ofCluster(cluster.group()))
                .sum();
    }

    /// The longest beginning of a text that fits, at least one letter of it.
    static String beginning(String text, int width) {
        var clusters = CLUSTER.matcher(text);
        int cells = 0;
        int end = 0;
        while (clusters.find() && (end == 0 || cells + ofCluster(clusters.group()) <= width)) {
            cells += ofCluster(clusters.group());
            end = clusters.end();
        }
        return text.substring(0, end);
    }

    private static int ofCluster(String cluster) {
        int first = cluster.codePointAt(0);
        if (isMark(first)) return 0;
        return cluster.indexOf('\ufe0f') > 0
                        || cluster.codePoints().anyMatch(Character::isEmojiPresentation)
                        || isWide(first)
                ? 2
                : 1;
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT, Character.CONTROL -> true;
            default -> false;
        };
    }

    /// Halfwidth Katakana and Hangul are of those scripts too, and what is full in width or punctuates them of
    /// none.
    private static boolean isWide(int c) {
        if (c >= 0xff61 && c <= 0xffdc) return false;
        return WIDE.contains(UnicodeScript.of(c))
                || c >= 0x3000 && c <= 0x303e
                || c >= 0xff01 && c <= 0xff60
                || c >= 0xffe0 && c <= 0xffe6;
    }
}
