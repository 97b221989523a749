package lib.agents.credential;

import java.time.Duration;
import lib.auth.AccessToken;
import lib.auth.RefreshWindow;

/// How often an agent asks for its token again, and how much life it wants left in it.
///
///     TokenRefreshPolicy.of(token)   // TokenRefreshPolicy[interval=PT5M, window=PT30M]
///
/// @param interval how long an agent may keep one answer of its helper
/// @param window what the helper takes `--refresh-within` for
public record TokenRefreshPolicy(Duration interval, Duration window) {
    /// What to ask for before anything is known of the token.
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
