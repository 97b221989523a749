package lib.agents.process;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// How the terminal is set, remembered for the case that an agent dies without putting it back: a shell that got
/// it back raw shows nothing of what is typed.
///
///     var terminal = Terminal.remember(arena);
///     …
///     terminal.restore();
///
/// @param descriptor one of the standard three that is the terminal; -1 where none is
/// @param settings its `struct termios`
record Terminal(int descriptor, MemorySegment settings) {
    static Terminal remember(Arena arena) {
        var settings = Libc.struct(arena);
        for (int fd = 0; fd <= 2; fd++) {
            if (Libc.call("tcgetattr", fd, settings).value() == 0) return new Terminal(fd, settings);
        }
        return new Terminal(-1, settings);
    }

    /// Puts it back, where it is still ours: from the background this would stop us.
    void restore() {
        if (descriptor < 0
                || Libc.call("tcgetpgrp", descriptor).value()
                        != Libc.call("getpgrp").value()) return;
        Libc.call("tcsetattr", descriptor, Libc.TCSANOW, settings);
    }
}
