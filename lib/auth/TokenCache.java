package lib.auth;

import java.time.InstantSource;
import java.util.Optional;
import lib.base.Secret;

/// A gateway token for a caller that needs it on every request. It is kept in memory while it is fresh.
///
///     var token = new TokenCache(tokens, clock);
///     token.secret()   // the same one, until it would expire within the minute
public final class TokenCache {
    private final Tokens tokens;
    private final InstantSource clock;
    private Optional<AccessToken> current = Optional.empty();

    /// @param tokens the source of a new token when the one in memory is no longer good enough
    public TokenCache(Tokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /// The token; empty for a gateway without sign-in.
    ///
    /// @throws SignedOut when nothing can be refreshed
    public synchronized Optional<Secret> secret() {
        var stillFresh =
                current.filter(token -> token.outlives(clock.instant().plus(token.window(RefreshWindow.DEFAULT))));
        if (stillFresh.isEmpty()) current = tokens.atLeast(RefreshWindow.DEFAULT);
        return current.map(AccessToken::value);
    }
}
