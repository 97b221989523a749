package lib.terminal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.OptionalInt;
import lib.base.Host;

/// How wide the terminal is that shows the output.
///
///     TerminalWidth.of(host)   // OptionalInt[80]; empty where nobody sits there
public final class TerminalWidth {
    /// `TIOCGWINSZ`, Linux's and macOS's.
    private static final long WINDOW_SIZE = System.getProperty("os.name").startsWith("Mac") ? 0x40087468L : 0x5413L;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int USUAL = 80;

    private TerminalWidth() {}

    /// Of what shows standard output. `COLUMNS` wins, as it does for other tools.
    public static OptionalInt of(Host host) {
        if (!host.interactive()) return OptionalInt.empty();
        var columns = host.variable("COLUMNS").filter(text -> text.matches("[1-9]\\d{0,3}"));
        return OptionalInt.of(
                columns.map(Integer::parseInt).orElseGet(() -> asked(STDOUT).orElse(USUAL)));
    }

    /// Of what shows this process's standard error, wherever standard output goes; empty for a file or a pipe.
    public static OptionalInt ofStandardError() {
        return asked(STDERR);
    }

    /// @see <a href="https://man7.org/linux/man-pages/man2/TIOCSWINSZ.2const.html">TIOCGWINSZ</a>: rows, then
    ///     columns
    @SuppressWarnings("restricted") // native access is what it is for
    private static OptionalInt asked(int descriptor) {
        try (var arena = Arena.ofConfined()) {
            var linker = Linker.nativeLinker();
            var ioctl = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("ioctl"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                    Linker.Option.firstVariadicArg(2));
            var size = arena.allocate(8, 2);
            int failed = (int) ioctl.invokeExact(descriptor, WINDOW_SIZE, size);
            int columns = Short.toUnsignedInt(size.get(JAVA_SHORT, 2));
            if (failed != 0) return OptionalInt.empty();
            // A terminal that was never told its size, as over a serial line.
            return OptionalInt.of(columns > 0 ? columns : USUAL);
        } catch (Throwable noSuchCall) {
            // Windows has another.
            return OptionalInt.empty();
        }
    }
}
