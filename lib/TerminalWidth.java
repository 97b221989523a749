package lib.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import lib.Host;

/// How wide the terminal is that shows the output.
///
///     TerminalWidth.of(host)   // 80; Table.ANY_WIDTH where nobody sits there
final class TerminalWidth {
    /// `TIOCGWINSZ`, Linux's and macOS's.
    private static final long WINDOW_SIZE = System.getProperty("os.name").startsWith("Mac") ? 0x40087468L : 0x5413L;
    private static final int STDOUT = 1;
    private static final int USUAL = 80;

    private TerminalWidth() {}

    /// `COLUMNS` wins, as it does for other tools.
    static int of(Host host) {
        if (!host.interactive()) return Table.ANY_WIDTH;
        var columns = host.variable("COLUMNS").filter(text -> text.matches("[1-9]\\d{0,3}"));
        return columns.map(Integer::parseInt).orElseGet(TerminalWidth::asked);
    }

    /// @see <a href="https://man7.org/linux/man-pages/man2/TIOCSWINSZ.2const.html">TIOCGWINSZ</a>: rows, then columns
    private static int asked() {
        try (var arena = Arena.ofConfined()) {
            var linker = Linker.nativeLinker();
            var ioctl = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("ioctl"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
            var size = arena.allocate(8, 2);
            int failed = (int) ioctl.invokeExact(STDOUT, WINDOW_SIZE, size);
            int columns = Short.toUnsignedInt(size.get(JAVA_SHORT, 2));
            return failed == 0 && columns > 0 ? columns : USUAL;
        } catch (Throwable noSuchCall) {
            // Windows has another.
            return USUAL;
        }
    }
}
