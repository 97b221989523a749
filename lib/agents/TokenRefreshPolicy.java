package lib.agents;

import java.time.Duration;
import lib.auth.AccessToken;

/// How often an agent asks for its token again, and how much life it wants left in it.
///
///     TokenRefreshPolicy.of(token)   // Renewal[interval=PT5M, window=PT30M]
///
/// An agent goes on using the old token for one request after the interval has passed, so that a token must
/// outlive the interval and some idle time: the window is twice the interval at least.
///
/// @param interval how long an agent may keep one answer of its helper
/// @param window what the helper takes `--refresh-within` for
public record TokenRefreshPolicy(Duration interval, Duration window) {
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(30);

    /// What to ask for before anything is known of the token.
    public static final TokenRefreshPolicy LONGEST = new TokenRefreshPolicy(LONGEST_INTERVAL, LONGEST_WINDOW);

    /// The renewal that fits the token's own lifetime.
    public static TokenRefreshPolicy of(AccessToken token) {
        return token.lifetime()
                .map(life -> new TokenRefreshPolicy(
                        shorter(LONGEST_INTERVAL, part(life, 4)), shorter(LONGEST_WINDOW, part(life, 2))))
                .orElse(LONGEST);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Not dividedBy: that begins with BigDecimal, which takes a launch 12 ms to load.
    private static Duration part(Duration time, int of) {
        return Duration.ofMillis(time.toMillis() / of);
    }
}
