package lib.auth;

import java.time.Duration;

/// The minimum remaining lifetime of a gateway token, for each kind of caller. Every window of the program is
/// here, and so is the rule that shortens a window for a short-lived token.
///
///     RefreshWindow.within(RefreshWindow.DEFAULT, Duration.ofSeconds(90))   // PT45S
///
/// The start-up path of `auth token` reads this class, so it uses nothing but [Duration].
public final class RefreshWindow {
    /// The window of a caller that has no requirement of its own.
    public static final Duration DEFAULT = Duration.ofSeconds(60);

    /// The time for which an agent may keep one answer of its helper.
    public static final Duration AGENT_INTERVAL = Duration.ofMinutes(5);

    /// The window for the helper of an agent that rpkai launches.
    public static final Duration AGENT = Duration.ofMinutes(30);

    /// The window for a helper that `rpkai connect` prints, which users paste into an agent's settings.
    public static final Duration PASTED = Duration.ofMinutes(10);

    private RefreshWindow() {}

    /// The window for a token of that lifetime: half of it at most. Otherwise every caller would refresh a
    /// short-lived token.
    public static Duration within(Duration window, Duration lifetime) {
        return shorter(window, part(lifetime, 2));
    }

    /// The interval for a token of that lifetime: a quarter of it at most. An agent continues to use the old
    /// token for one request after the interval has passed, so the window must be twice the interval.
    public static Duration interval(Duration lifetime) {
        return shorter(AGENT_INTERVAL, part(lifetime, 4));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Divides without `dividedBy`, which begins with BigDecimal: `auth token` would take twice as long.
    private static Duration part(Duration time, int of) {
        return Duration.ofMillis(time.toMillis() / of);
    }
}
