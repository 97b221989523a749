package lib.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import lib.base.Secret;
import lib.base.UserError;

/// The bearer that was given with `--token` or `RPAI_TOKEN`: as it is, for as long as it lasts.
///
///     new StaticTokens(new Secret("eyJ…"), InstantSource.system()).atLeast(Duration.ZERO)
record StaticTokens(Secret secret, InstantSource clock) implements Tokens {
    @Override
    public Optional<AccessToken> atLeast(Duration leeway) {
        var token = AccessToken.parse(secret.reveal());
        if (!token.outlives(clock.instant()))
            throw new UserError(
                    "the token of --token or RPAI_TOKEN has expired", "pass a new one, or run rpkai auth login");
        return Optional.of(token);
    }

    @Override
    public Optional<AccessToken> insteadOf(AccessToken refused) {
        throw new UserError(
                "the gateway refused the token of --token or RPAI_TOKEN", "pass another, or run rpkai auth login");
    }

    @Override
    public boolean renewable() {
        return false;
    }
}
