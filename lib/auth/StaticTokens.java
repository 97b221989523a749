package lib.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import lib.base.Remedy;
import lib.base.Secret;
import lib.base.UserError;

/// The bearer from `--token` or `RPAI_TOKEN`. It is used unchanged until it expires.
///
///     new StaticTokens(new Secret("eyJ…"), InstantSource.system()).atLeast(Duration.ZERO)
record StaticTokens(Secret secret, InstantSource clock) implements Tokens {
    @Override
    public Optional<AccessToken> atLeast(Duration leeway) {
        var token = AccessToken.parse(secret.reveal());
        if (!token.outlives(clock.instant()))
            throw new UserError(
                    "the token of --token or RPAI_TOKEN has expired",
                    Remedy.run("rpkai auth login").withLead("pass a new one, or "));
        return Optional.of(token);
    }

    @Override
    public Optional<AccessToken> replacing(AccessToken refused) {
        throw new UserError(
                "the gateway refused the token of --token or RPAI_TOKEN",
                Remedy.run("rpkai auth login").withLead("pass another, or "));
    }

    @Override
    public boolean renewable() {
        return false;
    }
}
