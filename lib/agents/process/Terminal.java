package lib.agents.process;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The settings of the terminal, saved in case an agent ends without restoring them: in a terminal left in raw
/// mode, the shell does not show what is typed.
///
///     var terminal = Terminal.remember(arena);
///     …
///     terminal.restore();
///
/// @param descriptor the standard descriptor (0 to 2) that is the terminal; -1 if none is
/// @param settings its `struct termios`
record Terminal(int descriptor, MemorySegment settings) {
    static Terminal remember(Arena arena) {
        var settings = Libc.struct(arena);
        for (int fd = 0; fd <= 2; fd++) {
            if (Libc.call("tcgetattr", fd, settings).value() == 0) return new Terminal(fd, settings);
        }
        return new Terminal(-1, settings);
    }

    /// Restores the settings, unless this process is in the background, where the attempt would stop it.
    void restore() {
        if (descriptor < 0
                || Libc.call("tcgetpgrp", descriptor).value()
                        != Libc.call("getpgrp").value()) return;
        Libc.call("tcsetattr", descriptor, Libc.TCSANOW, settings);
    }
}
