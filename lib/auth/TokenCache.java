package lib.auth;

import java.time.InstantSource;
import java.util.Optional;
import lib.base.Secret;

/// A gateway token that somebody asks for on every request, kept in memory for as long as it is fresh.
///
///     var token = new TokenCache(tokens, clock);
///     token.secret()   // the same one, until it would expire within the minute
public final class TokenCache {
    private final Tokens tokens;
    private final InstantSource clock;
    private Optional<AccessToken> current = Optional.empty();

    /// @param tokens asked where the token in memory will not do any more
    public TokenCache(Tokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /// The token; empty for a gateway that asks nobody who they are.
    ///
    /// @throws SignedOut when nothing can be refreshed
    public synchronized Optional<Secret> secret() {
        var stillFresh =
                current.filter(token -> token.outlives(clock.instant().plus(token.window(RefreshWindow.DEFAULT))));
        if (stillFresh.isEmpty()) current = tokens.atLeast(RefreshWindow.DEFAULT);
        return current.map(AccessToken::value);
    }
}
