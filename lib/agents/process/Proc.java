package lib.agents.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads Linux's `/proc`. Anything that does not exist (on macOS, in a container that hides it, for a process
/// that has ended) reads as empty.
///
///     Proc.line(Proc.text(pid, "status"), "SigIgn:")   // 0000000000001000
public final class Proc {
    private Proc() {}

    /// Returns the content of a file of a process.
    ///
    /// @param process a process id or `self`
    public static String text(Object process, String file) {
        return new String(bytes(process, file), StandardCharsets.ISO_8859_1);
    }

    /// Returns the parts of a file in which each part ends with a zero byte: `cmdline`, `environ`.
    public static List<byte[]> words(Object process, String file) {
        var bytes = bytes(process, file);
        var words = new ArrayList<byte[]>();
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != 0) continue;
            words.add(Arrays.copyOfRange(bytes, begin, i));
            begin = i + 1;
        }
        return words;
    }

    /// Returns the text after a label at the start of a line; empty if there is no such line.
    static String line(String text, String label) {
        return text.lines()
                .filter(line -> line.startsWith(label))
                .map(line -> line.substring(label.length()).strip())
                .findFirst()
                .orElse("");
    }

    /// Parses a set of signals in the format of `status`.
    static long signals(String status, String label) {
        var hex = line(status, label);
        return hex.isEmpty() ? 0 : Long.parseUnsignedLong(hex, 16);
    }

    private static byte[] bytes(Object process, String file) {
        try {
            return Files.readAllBytes(Path.of("/proc", process.toString(), file));
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
