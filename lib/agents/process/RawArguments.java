package lib.agents.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The command line and the environment of this process as bytes. The JVM decodes both with the charset of the
/// locale: with `LC_ALL=C`, the locale of a container without `LANG`, all non-ASCII letters are lost, and an
/// agent would get question marks in a prompt. Therefore unchanged arguments and variables are passed on as their
/// original bytes.
///
/// On macOS, which has no `/proc`, the locale is always UTF-8.
///
/// @param words the command line
/// @param variables the environment, `NAME=value`
record RawArguments(List<byte[]> words, List<byte[]> variables) {
    private static final List<Charset> DECODINGS = Stream.of(
                    StandardCharsets.UTF_8,
                    Charset.forName(System.getProperty("sun.jnu.encoding"), StandardCharsets.UTF_8))
            .distinct()
            .toList();

    static RawArguments ofThisProcess() {
        return new RawArguments(Proc.words("self", "cmdline"), Proc.words("self", "environ"));
    }

    /// Returns a command line as bytes. Words that are also on the command line of this process, in the same
    /// order, keep their original bytes.
    List<byte[]> arguments(List<String> argv) {
        var bytes = new ArrayList<byte[]>();
        int next = words.size() - 1;
        for (var word : argv.reversed()) {
            int at = next;
            while (at >= 0 && !isReadAs(words.get(at), word)) at--;
            bytes.addFirst(at < 0 ? word.getBytes(StandardCharsets.UTF_8) : words.get(at));
            if (at >= 0) next = at - 1;
        }
        return bytes;
    }

    /// Returns an environment as bytes. Inherited variables with unchanged values keep their original bytes and
    /// order.
    List<byte[]> environment(Map<String, String> wanted) {
        var bytes = new ArrayList<byte[]>();
        var done = new HashSet<String>();
        for (var variable : variables) {
            var text = new String(variable, StandardCharsets.ISO_8859_1);
            int equals = text.indexOf('=', 1);
            // An entry without an equals sign is passed on unchanged.
            if (equals < 0) bytes.add(variable);
            var name = equals < 0 ? "" : text.substring(0, equals);
            if (!wanted.containsKey(name) || !isReadAs(variable, name + "=" + wanted.get(name))) continue;
            bytes.add(variable);
            done.add(name);
        }
        wanted.forEach((name, value) -> {
            if (!done.contains(name)) bytes.add((name + "=" + value).getBytes(StandardCharsets.UTF_8));
        });
        return bytes;
    }

    private static boolean isReadAs(byte[] bytes, String text) {
        // The JVM's launcher decodes a byte outside ASCII as a question mark, the JDK as U+FFFD.
        return DECODINGS.stream()
                .map(charset -> new String(bytes, charset))
                .anyMatch(
                        read -> read.equals(text) || read.replace('\uFFFD', '?').equals(text));
    }
}
