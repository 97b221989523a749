package lib.agents.credential;

import java.time.Duration;
import lib.auth.AccessToken;
import lib.auth.RefreshWindow;

/// The interval at which an agent asks for its token again, and the remaining lifetime that it requires.
///
///     TokenRefreshPolicy.of(token)   // TokenRefreshPolicy[interval=PT5M, window=PT30M]
///
/// @param interval the time for which an agent may keep one answer of its helper
/// @param window the value of the helper's `--refresh-within`
public record TokenRefreshPolicy(Duration interval, Duration window) {
    /// The policy while nothing is known about the token.
    public static final TokenRefreshPolicy LONGEST =
            new TokenRefreshPolicy(RefreshWindow.AGENT_INTERVAL, RefreshWindow.AGENT);

    /// The policy that fits the token's own lifetime.
    public static TokenRefreshPolicy of(AccessToken token) {
        return token.lifetime()
                .map(life -> new TokenRefreshPolicy(
                        RefreshWindow.interval(life), RefreshWindow.within(RefreshWindow.AGENT, life)))
                .orElse(LONGEST);
    }
}
