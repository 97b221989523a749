package lib.base;

import java.util.List;
import java.util.stream.Collectors;

/// Words for `/bin/sh`: quoted so that the shell hands on exactly what was meant.
///
///     ShellWord.join(List.of("/opt/it's here/java", "-version"))   // '/opt/it'\''s here/java' -version
public final class ShellWord {
    private ShellWord() {}

    public static String join(List<String> words) {
        return words.stream().map(ShellWord::quote).collect(Collectors.joining(" "));
    }

    public static String quote(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : quoted(word);
    }

    /// One word, in quotes whether it needs them or not.
    public static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
