package lib.usage.report;

import java.time.Duration;
import java.time.Instant;

/// A period of time. `from` is part of it, `to` is not.
///
///     Window.last(Duration.ofDays(7), now).before()   // the week before
public record Window(Instant from, Instant to) {
    /// @throws IllegalArgumentException if it does not end after its beginning
    public Window {
        if (!from.isBefore(to)) throw new IllegalArgumentException("a period that ends before it starts");
    }

    /// Returns the window of this length that ends now.
    public static Window last(Duration length, Instant now) {
        return new Window(now.minus(length), now);
    }

    public Duration length() {
        return Duration.between(from, to);
    }

    /// Returns the window of the same length that ends where this one begins.
    public Window before() {
        return new Window(from.minus(length()), from);
    }
}
