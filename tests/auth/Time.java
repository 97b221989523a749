package tests.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that a test moves.
///
///     var time = new Time();
///     machine.at(time);
///     time.pass(Duration.ofMinutes(9));
public final class Time implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    /// Lets that much time pass.
    public void pass(Duration time) {
        now = now.plus(time);
    }
}
