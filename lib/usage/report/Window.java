package lib.usage.report;

import java.time.Duration;
import java.time.Instant;

/// A time, from its first instant to the one after its last.
///
///     Window.last(Duration.ofDays(7), now).before()   // the week before
public record Window(Instant from, Instant to) {
    /// @throws IllegalArgumentException where it ends before it begins
    public Window {
        if (!from.isBefore(to)) throw new IllegalArgumentException("a period that ends before it starts");
    }

    /// The one that ends now.
    public static Window last(Duration length, Instant now) {
        return new Window(now.minus(length), now);
    }

    public Duration length() {
        return Duration.between(from, to);
    }

    /// The one before, as long as this one.
    public Window before() {
        return new Window(from.minus(length()), from);
    }
}
