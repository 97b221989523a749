package lib.agents.process;

/// The state of a child, as `waitpid` reports it.
///
/// @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/sys_wait.h.html">sys/wait.h</a>
sealed interface WaitStatus {
    /// @param code the exit code
    record Exited(int code) implements WaitStatus {}

    /// @param signal the signal that ended the child
    record Killed(int signal) implements WaitStatus {}

    /// @param signal the signal that stopped the child
    record Stopped(int signal) implements WaitStatus {}

    record Continued() implements WaitStatus {}

    static WaitStatus of(int status) {
        int low = status & 0x7f;
        int high = status >> 8 & 0xff;
        if (low == 0) return new Exited(high);
        if (low != 0x7f) return new Killed(low);
        // Linux reports 0xffff; macOS reports a stop by SIGCONT.
        return high == 0xff || high == Libc.SIGCONT ? new Continued() : new Stopped(high);
    }
}
