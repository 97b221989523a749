package lib.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import lib.base.Host;

/// What is being waited for, said on the terminal that shows standard error once the wait is longer than a
/// second, and wiped away when it is over. Where no terminal shows it, or one that can't go back in a line,
/// nothing is said.
///
///     try (var _ = progress.on("Waiting for the AI Gateway")) { … }   // Waiting for the AI Gateway ... 3 s
///
/// Only the thread that made it is spoken for: what goes on beside it, as while an agent has the terminal, is
/// nobody's wait.
public final class Progress {
    private final PrintStream err;
    private final Supplier<OptionalInt> columns;
    private final InstantSource clock;
    private final Beat beat;
    private final Thread owner = Thread.currentThread();

    private String what;
    private Instant since;
    private OptionalInt width;
    private int drawn;

    /// Calls something every second or so.
    public interface Beat {
        /// @return what ends it
        Runnable begin(Runnable tick);
    }

    /// @param columns how wide the terminal is; empty where there is none. Asked once, when there is something to
    ///     say
    public Progress(PrintStream err, Supplier<OptionalInt> columns, InstantSource clock, Beat beat) {
        this.err = err;
        this.columns = columns;
        this.clock = clock;
        this.beat = beat;
    }

    /// On that machine's standard error.
    public static Progress of(Host host) {
        var term = host.variable("TERM").orElse("dumb");
        if (!host.streams().isProcess() || term.equals("dumb")) return none();
        return new Progress(host.err(), TerminalWidth::ofStandardError, host.clock(), Progress::everySecond);
    }

    /// Says nothing.
    public static Progress none() {
        return new Progress(null, OptionalInt::empty, InstantSource.system(), _ -> () -> {});
    }

    /// A wait begins. One within another is part of that: the other's words stay.
    ///
    /// @param text what is done, without an end: the seconds follow it
    public synchronized Wait on(String text) {
        if (Thread.currentThread() != owner) return new Wait(Optional.empty(), () -> {});
        var before = Optional.ofNullable(what);
        if (before.isPresent()) return new Wait(before, () -> {});
        what = text;
        since = clock.instant();
        return new Wait(Optional.of(""), beat.begin(this::tick));
    }

    /// A wait, until it is closed.
    public final class Wait implements AutoCloseable {
        private final Optional<String> before;
        private final Runnable end;

        /// @param before what was waited for already, blank for nothing; empty where this is nobody's wait
        private Wait(Optional<String> before, Runnable end) {
            this.before = before;
            this.end = end;
        }

        /// What is waited for is known better now.
        public void now(String text) {
            synchronized (Progress.this) {
                if (before.isPresent() && what != null) what = text;
            }
        }

        @Override
        public void close() {
            synchronized (Progress.this) {
                before.ifPresent(text -> what = text.isEmpty() ? null : text);
                if (what == null) wipe();
            }
            end.run();
        }
    }

    /// Makes room for a line of somebody else's; the wait goes on, and so does its line a second later.
    public synchronized void wipe() {
        if (drawn == 0) return;
        // Blanks, and not the terminal's own way to do it: who wants no colour may want no such codes at all.
        err.print("\r" + " ".repeat(drawn) + "\r");
        err.flush();
        drawn = 0;
    }

    private synchronized void tick() {
        if (what == null) return;
        var seconds = Duration.between(since, clock.instant()).toSeconds();
        if (seconds < 1) return;
        if (width == null) width = columns.get();
        if (width.isEmpty()) return;
        var line = line(what, seconds, width.getAsInt());
        var rest = Math.max(0, drawn - line.length());
        err.print("\r" + line + " ".repeat(rest) + "\b".repeat(rest));
        err.flush();
        drawn = line.length();
    }

    /// One column stays free: many terminals go on to the next line when the last one is written.
    private static String line(String what, long seconds, int width) {
        var end = " ... %d s".formatted(seconds);
        var text = what.replaceAll("[^\\x20-\\x7e]", "?");
        return text.substring(0, Math.clamp(width - 1 - end.length(), 0, text.length())) + end;
    }

    private static Runnable everySecond(Runnable tick) {
        var thread = Thread.ofPlatform().daemon().name("progress").start(() -> {
            try {
                while (true) {
                    Thread.sleep(Duration.ofSeconds(1));
                    tick.run();
                }
            } catch (InterruptedException over) {
                // Nothing is waited for any more.
            }
        });
        return thread::interrupt;
    }
}
