package lib.agents.process;

import java.time.Instant;
import java.util.Optional;

/// A process, identified by its id and its start time, which tells it from a later process with the same id. It
/// stays the same process when it becomes another program by `exec`.
///
///     RunningProcess.current().map(RunningProcess::text)   // Optional[4711:8294032]
///
/// @param pid the id of the process
/// @param begin the start time: on Linux in clock ticks since the start of the machine, elsewhere in milliseconds
///     since 1970
public record RunningProcess(long pid, long begin) {
    /// The index of the start time in `/proc/PID/stat`, counted from the state, which is the first field after
    /// the program's name.
    private static final int BEGIN = 19;
    private static final int LONGEST = 40;

    /// Returns this process; empty if the system does not tell its start time.
    public static Optional<RunningProcess> current() {
        var stat = Proc.text("self", "stat");
        if (!stat.isEmpty())
            return begin(stat)
                    .map(begin -> new RunningProcess(Long.parseLong(stat.substring(0, stat.indexOf(' '))), begin));
        return began(ProcessHandle.current())
                .map(begin -> new RunningProcess(ProcessHandle.current().pid(), begin));
    }

    /// Parses the result of [#text].
    public static Optional<RunningProcess> parse(String text) {
        var colon = text.indexOf(':');
        if (colon < 1 || text.length() > LONGEST) return Optional.empty();
        try {
            return Optional.of(new RunningProcess(
                    Long.parseUnsignedLong(text, 0, colon, 10),
                    Long.parseUnsignedLong(text, colon + 1, text.length(), 10)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// Returns the process as one word, for a command line.
    public String text() {
        return pid + ":" + begin;
    }

    /// Returns whether the process has ended; false if the system does not tell.
    public boolean hasEnded() {
        var stat = Proc.text(pid, "stat");
        if (!stat.isEmpty())
            return isDead(stat) || begin(stat).filter(other -> other != begin).isPresent();
        if (!Proc.text("self", "stat").isEmpty()) return true;
        var handle = ProcessHandle.of(pid);
        return handle.isEmpty()
                || began(handle.get()).filter(other -> other != begin).isPresent();
    }

    /// Returns whether the process is a zombie: a process that no parent has waited for is still listed.
    private static boolean isDead(String stat) {
        var state = behindName(stat);
        return state.startsWith("Z") || state.startsWith("X");
    }

    private static Optional<Long> begin(String stat) {
        var fields = behindName(stat).split(" ");
        return fields.length > BEGIN ? Optional.of(Long.parseLong(fields[BEGIN])) : Optional.empty();
    }

    /// Returns the text after the program's name, which may contain blanks and brackets.
    private static String behindName(String stat) {
        return stat.substring(Math.min(stat.length(), stat.lastIndexOf(')') + 2));
    }

    private static Optional<Long> began(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli);
    }
}
